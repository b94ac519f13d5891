// SPDX-License-Identifier: Apache-2.0
#include "datasets/format_set.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "datasets/install/census.h"
#include "datasets/selection.h"
#include "datasets/subset.h"
#include "datasets/train_cut.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using Source = std::shared_ptr<const DataSource>;

std::vector<Option> common_options() {
  return {
      integer_option("train_images", 0, 0, 1e9, "pictures of train, taken in a fixed random order; 0 = all"),
      integer_option("test_images", 0, 0, 1e9, "pictures of test, taken in a fixed random order; 0 = all"),
      integer_option("val_images", 0, 0, 1e9, "pictures taken out of train as the split val, where there is none"),
      integer_option("test_percent", kTestPercent, 1, 90,
                     "share of train that is test, by a hash of names, where there is none"),
  };
}

// One split of an entry, by the rules of format_set().
class SplitMaker {
 public:
  SplitMaker(const DatasetEntry& entry, const Settings& settings, const OpenRequest& request)
      : entry_(entry),
        format_(Registry<FormatEntry>::find(entry.format)),
        settings_(settings),
        folder_(request.folder),
        train_images_(settings.integer("train_images")),
        test_images_(settings.integer("test_images")),
        val_images_(settings.integer("val_images")),
        test_percent_(settings.integer("test_percent")) {}

  std::unique_ptr<DataSource> make(Split split) {
    const bool own_test = has(Split::test), own_val = has(Split::val);
    if (split == Split::test && own_test) return first(read(Split::test), test_images_);
    if (split == Split::test && own_val) return first(read(Split::val), test_images_);
    if (split == Split::val && own_val && own_test) return first(read(Split::val), 0);
    const Source train = read(Split::train);
    const auto [kept, hashed] = parts(*train, own_test || own_val);
    if (split == Split::test) return chosen(train, hashed, test_images_, "test");
    if (split == Split::val && val_images_ == 0) {
      own_val ? refuse_val(entry_.name, "has no test split, so that its val split is that: ask for test")
              : refuse_val(entry_.name);
    }
    const int64_t lent = own_val && own_test ? 0 : val_images_;
    return cut_train(entry_.name, train, kept, {.train_images = train_images_, .val_images = lent}, split);
  }

 private:
  FolderContent content(std::optional<Split> only) const {
    FormatRequest request = format_request(entry_, format_, settings_, folder_);
    request.only = only;
    return format_.read(request);
  }
  // A first reading of one split tells which splits there are.
  bool has(Split split) {
    if (!known_) known_ = content(Split::train);
    return known_->present.contains(split);
  }
  Source read(Split split) {
    if (!known_ || !known_->sources.contains(split)) known_ = content(split);
    const auto found = known_->sources.find(split);
    if (found != known_->sources.end() && found->second->size() > 0) return found->second;
    throw UserError("dataset '" + entry_.name + "' has no images of " + std::string(split_name(split)) +
                    (is_test_only(entry_) ? ": it is published for testing alone; train on another set" : ""));
  }

  // Train's indices: those that stay, and those that are test by the hash of their names.
  std::pair<std::vector<int64_t>, std::vector<int64_t>> parts(const DataSource& train, bool whole) const {
    std::pair<std::vector<int64_t>, std::vector<int64_t>> out;
    for (int64_t i = 0; i < train.size(); ++i) {
      const bool test = !whole && is_test_by_name(train.name(i), test_percent_);
      (test ? out.second : out.first).push_back(i);
    }
    return out;
  }

  std::unique_ptr<DataSource> chosen(const Source& from, const std::vector<int64_t>& among, int64_t limit,
                                     const std::string& what) const {
    if (among.empty()) throw UserError("dataset '" + entry_.name + "' is too small for a split " + what);
    std::vector<int64_t> out;
    for (const int64_t i : fixed_subset(static_cast<int64_t>(among.size()), limit)) {
      out.push_back(among[static_cast<size_t>(i)]);
    }
    return std::make_unique<Selection>(from, std::move(out));
  }
  std::unique_ptr<DataSource> first(const Source& from, int64_t limit) const {
    return std::make_unique<Selection>(from, fixed_subset(from->size(), limit));
  }

  const DatasetEntry& entry_;
  const FormatEntry& format_;
  const Settings& settings_;
  std::filesystem::path folder_;
  int64_t train_images_, test_images_, val_images_, test_percent_;
  std::optional<FolderContent> known_;
};

}  // namespace

std::vector<std::string> numbered_classes(int count) {
  std::vector<std::string> out;
  for (int k = 0; k < count; ++k) out.push_back("class " + std::to_string(k));
  return out;
}

bool is_test_by_name(const std::string& name, int64_t percent) {
  return std::strtoul(sha256_hex(name).substr(0, 8).c_str(), nullptr, 16) <
         (uint64_t{1} << 32) * static_cast<uint64_t>(percent) / 100;
}

bool is_test_only(const DatasetEntry& entry) {
  return !entry.expected.empty() && !entry.expected.contains(Split::train);
}

FormatRequest format_request(const DatasetEntry& entry, const FormatEntry& format, const Settings& settings,
                             const std::filesystem::path& folder) {
  nlohmann::json own = nlohmann::json::object();
  for (const Option& option : format.options) {
    if (option.type == OptionType::integer) own[option.name] = settings.integer(option.name);
    if (option.type == OptionType::choice || option.type == OptionType::text) {
      own[option.name] = settings.text(option.name);
    }
  }
  return {folder, Settings("format '" + format.name + "'", format.options, own), std::nullopt, entry.classes,
          entry.mask_classes};
}

DatasetEntry format_set(DatasetEntry entry) { return format_set(std::move(entry), std::vector<Option>{}); }

DatasetEntry format_set(DatasetEntry entry, const std::vector<Option>& own_options) {
  entry.options = joined({own_options, common_options()});
  DatasetEntry facts = entry;
  entry.open = [facts](const Settings& settings, const OpenRequest& request) -> std::unique_ptr<DataSource> {
    return SplitMaker(facts, settings, request).make(request.split);
  };
  entry.inspect = [facts](const std::filesystem::path& folder) {
    const FormatEntry& format = Registry<FormatEntry>::find(facts.format);
    const Settings settings("dataset '" + facts.name + "'", facts.options, nlohmann::json::object());
    return take_census(format.read(format_request(facts, format, settings, folder)), facts.expected).inspection;
  };
  return entry;
}

}  // namespace sslbench
