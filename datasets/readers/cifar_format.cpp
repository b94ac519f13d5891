// SPDX-License-Identifier: Apache-2.0
// Formats cifar10_binary and cifar100_binary (readers/cifar_records.h).
#include "datasets/format.h"
#include "datasets/readers/cifar_records.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

struct CifarFiles {
  CifarLabels labels;
  std::vector<std::string> train, test;
};

FolderContent read_files(const FormatRequest& request, const CifarFiles& files,
                         const std::vector<std::string>& classes) {
  FolderContent out{.classes = classes, .tasks = {"classification"}, .present = {Split::train, Split::test}};
  for (const Split split : {Split::train, Split::test}) {
    const auto& names = split == Split::train ? files.train : files.test;
    if (request.wants(split)) out.add(split, read_cifar_records(request.folder, names, classes, files.labels));
  }
  return out;
}

FolderContent read_cifar100(const FormatRequest& request) {
  const bool fine = request.settings.text("labels") == "fine";
  const fs::path file = request.folder / (fine ? "fine_label_names.txt" : "coarse_label_names.txt");
  const std::vector<std::string> classes = read_data_lines(file);
  const size_t expected = fine ? 100 : 20;
  if (classes.size() != expected) {
    throw_bad_data(file,
                   "holds " + std::to_string(classes.size()) + " class names instead of " + std::to_string(expected));
  }
  return read_files(request, {{2, fine ? 1 : 0}, {"train.bin"}, {"test.bin"}}, classes);
}

FolderContent read_cifar10(const FormatRequest& request) {
  CifarFiles files{.test = {"test_batch.bin"}};
  for (const char* number : {"1", "2", "3", "4", "5"})
    files.train.push_back(std::string("data_batch_") + number + ".bin");
  return read_files(request, files, read_cifar_classes(request.folder));
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "cifar100_binary",
         .layout = "train.bin, test.bin (also .gz, .xz), fine_label_names.txt, coarse_label_names.txt",
         .rank = 10,
         .options = {choice_option("labels", "fine", {"fine", "coarse"}, "100 classes, or 20 groups of them")},
         .fits =
             [](const fs::path& folder) {
               return !find_record_file(folder, "train.bin").empty() && fs::exists(folder / "fine_label_names.txt");
             },
         .read = read_cifar100}) &&
    Registry<FormatEntry>::add({.name = "cifar10_binary",
                                .layout = "data_batch_1.bin .. data_batch_5.bin, test_batch.bin (also .gz, .xz), "
                                          "batches.meta.txt",
                                .rank = 10,
                                .fits =
                                    [](const fs::path& folder) {
                                      return !find_record_file(folder, "data_batch_1.bin").empty() &&
                                             fs::exists(folder / "batches.meta.txt");
                                    },
                                .read = read_cifar10});

}  // namespace
}  // namespace sslbench
