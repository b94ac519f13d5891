// SPDX-License-Identifier: Apache-2.0
// FGVC-Aircraft. Maji et al.: "Fine-Grained Visual Classification of Aircraft", 2013, arXiv:1306.5151.
// data/images/<number>.jpg; data/{variants,families,manufacturers}.txt; data/images_<level>_{train,val,test}.txt
// ("1025794 707-320"). The last 20 px of every picture are a line of copyright. Published figures train on train and
// val; the measure is the mean over classes.
#include "datasets/format_set.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

fs::path below(const fs::path& folder) { return set_root(folder, {"data"}, "variants.txt").value_or(""); }

FolderContent read_aircraft(const FormatRequest& request) {
  const fs::path data = below(request.folder);
  const std::string level = request.settings.text("labels");
  const fs::path classes = request.folder / data / (level == "family" ? "families.txt" : level + "s.txt");
  const auto list = [&](const char* split) { return (data / ("images_" + level + "_" + split + ".txt")).string(); };
  const auto read_line = [&](const std::string& text, const fs::path& file, int64_t line) -> ListedPicture {
    const size_t blank = text.find(' ');
    if (blank == std::string::npos) {
      throw_bad_data(file, "line " + std::to_string(line) + ": expected NUMBER CLASS, got '" + text + "'");
    }
    return {(data / "images" / (text.substr(0, blank) + ".jpg")).generic_string(), text.substr(blank + 1)};
  };
  ListedPictures out(request, read_data_lines(classes), classes);
  out.add_train_and_val(list("train"), list("val"), read_line);
  out.add(Split::test, {list("test")}, read_line);
  return std::move(out).content();
}

std::vector<Option> aircraft_options() {
  return {choice_option("labels", "variant", {"variant", "family", "manufacturer"}, "100, 70 or 30 classes"),
          val_option()};
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "fgvc_aircraft",
         .layout = "data/images/, data/variants.txt, data/images_variant_train.txt, ...",
         .rank = 10,
         .options = aircraft_options(),
         .archives = {.files = {{"fgvc-aircraft-2013b.tar.gz", "d4acdd33327262359767eeaa97a4f732"}}},
         .fits = [](const fs::path& folder) { return fs::exists(folder / below(folder) / "images_variant_train.txt"); },
         .read = read_aircraft}) &&
    Registry<DatasetEntry>::add(format_set({.name = "aircraft",
                                            .summary = "10,000 photographs of 100 variants of aircraft",
                                            .source = "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/",
                                            .licence = "research only",
                                            .tasks = {"classification"},
                                            .image_size = 1024,
                                            .classes = numbered_classes(100),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "fgvc_aircraft",
                                            .expected = {{Split::train, 6'667}, {Split::test, 3'333}}},
                                           aircraft_options()));

}  // namespace
}  // namespace sslbench
