// SPDX-License-Identifier: Apache-2.0
// SUN397. Xiao et al.: "SUN Database: Large-scale Scene Recognition from Abbey to Zoo", CVPR 2010.
// SUN397/<letter>/<class>[/<part>]/sun_*.jpg; ClassName.txt ("/a/abbey"); Training_01.txt .. Training_10.txt and
// Testing_01.txt .. ("/a/abbey/sun_aaa.jpg"), 50 pictures a class each. The measure is the mean over classes.
#include <cstdio>

#include "datasets/format_set.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The lists lie beside the folder SUN397, or in it, or in Partitions.
std::string place_of(const fs::path& folder, const std::string& name) {
  for (const char* under : {"", "SUN397", "Partitions"}) {
    if (has_file(folder / under / name)) return (fs::path(under) / name).generic_string();
  }
  throw_bad_data(folder / name, "is missing");
}

FolderContent read_sun397(const FormatRequest& request) {
  const fs::path classes = request.folder / place_of(request.folder, "ClassName.txt");
  const std::string images = fs::is_directory(request.folder / "SUN397") ? "SUN397" : "";
  const auto read_line = [&](const std::string& text, const fs::path& list, int64_t line) -> ListedPicture {
    const size_t end = text.rfind('/');
    if (!text.starts_with('/') || end == 0) {
      throw_bad_data(list, "line " + std::to_string(line) + ": expected /LETTER/CLASS/FILE, got '" + text + "'");
    }
    return {images.empty() ? text.substr(1) : images + text, text.substr(0, end)};
  };
  char number[8];
  std::snprintf(number, sizeof number, "%02d", static_cast<int>(request.settings.integer("partition")));
  ListedPictures out(request, read_data_lines(classes), classes);
  out.add(Split::train, {place_of(request.folder, std::string("Training_") + number + ".txt")}, read_line);
  out.add(Split::test, {place_of(request.folder, std::string("Testing_") + number + ".txt")}, read_line);
  return std::move(out).content();
}

std::vector<Option> sun397_options() {
  return {integer_option("partition", 1, 1, 10, "which of the ten published splits")};
}

bool fits(const fs::path& folder) {
  for (const char* under : {"", "SUN397", "Partitions"}) {
    if (has_file(folder / under / "Training_01.txt")) return true;
  }
  return false;
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "sun397",
         .layout = "SUN397/<letter>/<class>/, ClassName.txt, Training_01.txt, Testing_01.txt",
         .rank = 10,
         .options = sun397_options(),
         .archives = {.files = {{"SUN397.tar.gz", "8ca2778205c41d23104230ba66911c7a"}, {"Partitions.zip", ""}}},
         .fits = fits,
         .read = read_sun397}) &&
    Registry<DatasetEntry>::add(format_set({.name = "sun397",
                                            .summary = "39,700 photographs of 397 scenes, ten published splits",
                                            .source = "https://vision.princeton.edu/projects/2010/SUN/",
                                            .licence = "none stated",
                                            .tasks = {"classification"},
                                            .image_size = 500,
                                            .classes = numbered_classes(397),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "sun397",
                                            .expected = {{Split::train, 19'850}, {Split::test, 19'850}}},
                                           sun397_options()));

}  // namespace
}  // namespace sslbench
