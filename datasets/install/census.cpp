// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/census.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "datasets/format_set.h"
#include "datasets/install/split_census.h"

namespace sslbench {
namespace {

// Reads the examples that `next` hands out; a broken image file is noted, everything else ends the census.
// `shared`: a part of the split is test by its names.
void read_examples(const DataSource& source, bool shared, std::atomic<int64_t>& next, SplitCensus& into) {
  for (int64_t i = next++; i < source.size(); i = next++) {
    try {
      const std::string name = source.name(i);
      into.add(source.item(i), name, !shared || !is_test_by_name(name, kTestPercent));
    } catch (const RunFailure& failure) {
      const std::filesystem::path file = source.file(i);
      if (failure.kind() != FailureKind::data || file.empty()) throw;
      into.broken.emplace(file.string(), failure.what());
    }
  }
}

SplitCensus census_of(const DataSource& source, bool shared) {
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  std::vector<SplitCensus> parts(threads);
  std::vector<std::exception_ptr> failures(threads);
  std::atomic<int64_t> next{0};
  {
    std::vector<std::jthread> readers;
    for (unsigned t = 0; t < threads; ++t) {
      readers.emplace_back([&, t] {
        try {
          read_examples(source, shared, next, parts[t]);
        } catch (...) {
          failures[t] = std::current_exception();
          next = source.size();
        }
      });
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  SplitCensus all;
  for (const SplitCensus& part : parts) all.add(part);
  return all;
}

std::string names_text(const std::vector<std::string>& names) {
  std::string out = std::to_string(names.size()) + " classes: ";
  const size_t shown = std::min<size_t>(names.size(), 20);
  for (size_t k = 0; k < shown; ++k) out += (k > 0 ? ", " : "") + names[k];
  return out + (shown < names.size() ? ", ..." : "");
}

// The same picture twice: within a split it is a fault, under two labels a worse one, and from train to another split
// it makes test numbers worthless.
int64_t find_copies(const std::map<Split, SplitCensus>& splits, FaultCounts& copies) {
  struct First {
    Split split;
    SplitCensus::Seen picture;
  };
  std::unordered_map<std::string, First> first;
  int64_t across = 0;
  for (const auto& [which, split] : splits) {  // train comes first
    auto pictures = split.pictures;
    std::sort(pictures.begin(), pictures.end());
    for (const SplitCensus::Seen& picture : pictures) {
      const auto [at, fresh] = first.emplace(picture.pixels, First{which, picture});
      if (fresh) continue;
      const auto& [earlier, before] = at->second;
      across += earlier == Split::train && which != Split::train;
      const std::string both = picture.name + " = " + before.name;
      copies.add(earlier == which ? "copies of another picture of the split"
                                  : "pictures of " + std::string(split_name(which)) + " that are in " +
                                        std::string(split_name(earlier)) + ", too",
                 both);
      if (picture.label != before.label) copies.add("of these copies have another label than their original", both);
    }
  }
  return across;
}

// Where a folder has no test part, one is split off by the names.
std::string held_out_text(const SplitCensus& train) {
  return "no test part: " + std::to_string(train.held_out) + " of the " + std::to_string(train.images) +
         " images, chosen by their names, are held out as test (test_percent = " + std::to_string(kTestPercent) + ")";
}

void set_moments(const SplitCensus& train, Census& out) {
  const Moments& from = train.trained.pixels > 0 ? train.trained : train.all;
  for (size_t c = 0; c < 3 && from.pixels > 0; ++c) {
    const double mean = static_cast<double>(from.sum[c]) / (255.0 * static_cast<double>(from.pixels));
    const double square = static_cast<double>(from.squares[c]) / (255.0 * 255 * static_cast<double>(from.pixels));
    out.mean[c] = static_cast<float>(mean);
    out.deviation[c] = static_cast<float>(std::sqrt(std::max(square - mean * mean, 1e-6)));
  }
}

void compare(const std::map<Split, SplitCensus>& splits, const std::map<Split, int64_t>& expected) {
  for (const auto& [which, split] : splits) {
    if (!split.broken.empty()) throw RunFailure(FailureKind::data, split.broken.begin()->second);
  }
  for (const auto& [which, count] : expected) {
    const auto found = splits.find(which);
    const int64_t have = found == splits.end() ? 0 : found->second.images;
    if (have != count) {
      throw RunFailure(FailureKind::data, std::string(split_name(which)) + " holds " + std::to_string(have) +
                                              " images, the official set " + std::to_string(count));
    }
  }
}

}  // namespace

Census take_census(const FolderContent& content, const std::map<Split, int64_t>& expected) {
  std::map<Split, SplitCensus> splits;
  const bool implied_test = !content.present.contains(Split::test) && !content.present.contains(Split::val);
  for (const auto& [which, source] : content.sources) splits[which] = census_of(*source, implied_test);
  if (!expected.empty()) compare(splits, expected);
  Census out;
  FaultCounts faults = content.faults, unreadable, copies;
  out.copies = find_copies(splits, copies);
  if (!content.classes.empty()) out.inspection.findings.push_back(names_text(content.classes));
  if (!content.mask_classes.empty()) out.inspection.findings.push_back("masks: " + names_text(content.mask_classes));
  for (const auto& [which, split] : splits) {
    out.images[which] = split.images;
    out.boxes[which] = split.boxes - split.crowds;
    out.mask_values[which] = split.mask_values;
    out.inspection.findings.push_back(split.describe(which, content.classes));
    faults.add(split.faults);
    for (const auto& [file, why] : split.broken) {
      out.broken.emplace_back(file);
      unreadable.add("image files that cannot be used and are not taken", why);
    }
    for (const int32_t side : split.widths) out.longest_side = std::max(out.longest_side, side);
    for (const int32_t side : split.heights) out.longest_side = std::max(out.longest_side, side);
    if (which == Split::train) set_moments(split, out);
  }
  if (implied_test && splits.contains(Split::train)) {
    out.inspection.findings.push_back(held_out_text(splits.at(Split::train)));
  }
  out.copied = copies.lines();
  out.inspection.findings.insert(out.inspection.findings.end(), out.copied.begin(), out.copied.end());
  out.not_taken = unreadable.lines();
  faults.add(unreadable);
  out.inspection.faults = faults.lines();
  return out;
}

}  // namespace sslbench
