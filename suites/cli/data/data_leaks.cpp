// SPDX-License-Identifier: Apache-2.0
// sslbench data leaks: test images that are near duplicates of images of a set to pretrain on.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "datasets/install/installed.h"
#include "datasets/leaks/near_duplicates.h"
#include "reports/text/escape.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/data/dataset_settings.h"
#include "suites/cli/data/item_picture.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kListed = 10, kDrawn = 60;  // pairs, the most alike first

std::unique_ptr<ImageSet> open(const std::string& name, const std::vector<std::string>& sets, Split split) {
  const auto root = default_data_root();
  const json settings = dataset_settings(dataset_entry(name, root), sets);
  return std::make_unique<ImageSet>(open_dataset(name, settings, split, root));
}

std::string similarity_text(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

std::string csv_of(const std::vector<NearDuplicate>& pairs, const ImageSet& train, const ImageSet& test) {
  std::string out = "similarity,test,train\n";
  for (const NearDuplicate& pair : pairs) {
    out += similarity_text(pair.similarity) + "," + escape_csv(test.name(pair.test)) + "," +
           escape_csv(train.name(pair.train)) + "\n";
  }
  return out;
}

void draw(const std::string& file, const std::vector<NearDuplicate>& pairs, const ImageSet& train,
          const ImageSet& test) {
  constexpr int kGap = 6;  // px
  constexpr size_t kPairsInARow = 3;
  std::vector<Picture> rows, row;
  const size_t drawn = std::min(kDrawn, pairs.size());
  for (size_t i = 0; i < drawn; ++i) {
    row.push_back(side_by_side(
        {item_picture(*test.item(pairs[i].test), false), item_picture(*train.item(pairs[i].train), false)}, 0));
    if (row.size() < kPairsInARow && i + 1 < drawn) continue;
    rows.push_back(side_by_side(row, kGap));
    row.clear();
  }
  write_atomically(file, png_bytes(stacked(rows, kGap)));
}

void print_json(const std::vector<NearDuplicate>& pairs, const ImageSet& train, const ImageSet& test) {
  json out = {{"schema", "sslbench.data/1"}, {"test_images", test.size()}, {"near_duplicates", json::array()}};
  for (const NearDuplicate& pair : pairs) {
    out["near_duplicates"].push_back(
        {{"similarity", pair.similarity}, {"test", test.name(pair.test)}, {"train", train.name(pair.train)}});
  }
  std::cout << out.dump(1, ' ', false, json::error_handler_t::replace) << "\n";
}

void print(const DataOptions& options, const std::string& test_set, const std::vector<NearDuplicate>& pairs,
           const ImageSet& train, const ImageSet& test) {
  char share[16];
  std::snprintf(share, sizeof share, "%.2f",
                100.0 * static_cast<double>(pairs.size()) / static_cast<double>(test.size()));
  std::cout << pairs.size() << " of " << test.size() << " test images of " << test_set << " (" << share
            << " %) are near duplicates of a training image of " << options.name << "\n";
  for (size_t i = 0; i < std::min(kListed, pairs.size()); ++i) {
    std::cout << "  " << similarity_text(pairs[i].similarity) << "  " << test.name(pairs[i].test) << " = "
              << train.name(pairs[i].train) << "\n";
  }
  if (pairs.size() > kListed && options.csv.empty()) std::cout << "  … all of them: --csv FILE\n";
}

}  // namespace

ExitCode data_leaks(const DataOptions& options) {
  const std::string test_set = options.test_set.empty() ? options.name : options.test_set;
  const auto train = open(options.name, options.sets, Split::train);
  const auto test = open(test_set, options.test_set.empty() ? options.sets : std::vector<std::string>{}, Split::test);
  DuplicateSearch how{.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
  if (::isatty(STDERR_FILENO) != 0) {
    how.progress = [](int64_t done, int64_t total) {
      show_progress(std::to_string(done) + " of " + std::to_string(total) + " training images");
      if (done == total) std::cerr << "\n";
    };
  }
  std::vector<NearDuplicate> pairs = near_duplicates(*train, *test, how);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const NearDuplicate& a, const NearDuplicate& b) { return a.similarity > b.similarity; });
  if (!options.csv.empty()) write_atomically(options.csv, csv_of(pairs, *train, *test));
  if (!options.out.empty() && !pairs.empty()) draw(options.out, pairs, *train, *test);
  if (options.json) {
    print_json(pairs, *train, *test);
  } else {
    print(options, test_set, pairs, *train, *test);
  }
  return ExitCode::done;
}

}  // namespace sslbench
