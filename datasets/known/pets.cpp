// SPDX-License-Identifier: Apache-2.0
// Oxford-IIIT Pet. Parkhi et al.: "Cats and Dogs", CVPR 2012.
// images/<Breed>_<number>.jpg; annotations/{trainval,test}.txt ("Abyssinian_100 1 1 1": name, breed, species, number
// within the species). The measure is the mean over classes.
#include <charconv>

#include "datasets/format_set.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr const char* kTrain = "annotations/trainval.txt";

// "great_pyrenees" of great_pyrenees_12: the breed's number in the list is the place of its name among all.
ListedPicture read_line(const std::string& text, const fs::path& list, int64_t line) {
  const std::vector<std::string> fields = fields_of(text);
  const size_t end = fields.empty() ? std::string::npos : fields[0].rfind('_');
  if (fields.size() < 2 || end == std::string::npos) {
    throw_bad_data(list, "line " + std::to_string(line) + ": expected BREED_NUMBER BREED-ID ..., got '" + text + "'");
  }
  return {"images/" + fields[0] + ".jpg", fields[0].substr(0, end)};
}

// Breeds in the order of their numbers.
std::vector<std::string> breeds(const fs::path& file) {
  std::map<int, std::string> names;
  int64_t line = 0;
  for (const std::string& text : read_data_lines(file)) {
    const ListedPicture picture = read_line(text, file, ++line);
    const std::string id = fields_of(text)[1];
    int number = 0;
    if (std::from_chars(id.data(), id.data() + id.size(), number).ptr != id.data() + id.size()) {
      throw_bad_data(file, "line " + std::to_string(line) + ": expected a breed's number, got '" + id + "'");
    }
    const auto [known, added] = names.emplace(number, picture.class_name);
    if (!added && known->second != picture.class_name) {
      throw_bad_data(file, "line " + std::to_string(line) + ": breed " + std::to_string(number) + " is called '" +
                               known->second + "' before and '" + picture.class_name + "' here");
    }
  }
  std::vector<std::string> out;
  for (const auto& [number, name] : names) out.push_back(name);
  return out;
}

FolderContent read_pets(const FormatRequest& request) {
  const fs::path list = request.folder / kTrain;
  ListedPictures out(request, breeds(list), list);
  out.add(Split::train, {kTrain}, read_line);
  out.add(Split::test, {"annotations/test.txt"}, read_line);
  return std::move(out).content();
}

const bool registered =
    Registry<FormatEntry>::add({.name = "oxford_pets",
                                .layout = "images/<Breed>_<number>.jpg, annotations/trainval.txt, annotations/test.txt",
                                .rank = 10,
                                .archives = {.files = {{"images.tar.gz", "5c4f3ee8e5d25df40f4fd59a7f44e54c"},
                                                       {"annotations.tar.gz", "95a8c909bbe2e81eed6a22bccdf3f68f"}}},
                                .fits =
                                    [](const fs::path& folder) {
                                      return fs::exists(folder / kTrain) &&
                                             fs::exists(folder / "annotations" / "test.txt") &&
                                             fs::exists(folder / "images");
                                    },
                                .read = read_pets}) &&
    Registry<DatasetEntry>::add(format_set({.name = "oxford_pets",
                                            .summary = "7,349 photographs of 37 breeds of cats and dogs",
                                            .source = "https://www.robots.ox.ac.uk/~vgg/data/pets/",
                                            .licence = "CC BY-SA 4.0",
                                            .tasks = {"classification"},
                                            .image_size = 600,
                                            .classes = numbered_classes(37),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "oxford_pets",
                                            .expected = {{Split::train, 3'680}, {Split::test, 3'669}}}));

}  // namespace
}  // namespace sslbench
