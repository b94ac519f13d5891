// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/image_sets.h"

#include "datasets/install/installed.h"
#include "datasets/selection.h"
#include "suites/ground/error.h"

namespace sslbench {

std::string split_key(const DatasetSpec& dataset, Split split) {
  return dataset.name + dataset.settings.dump() + std::string(split_name(split));
}

void ImageSets::set_policy(const DatasetSpec& dataset, Split split, ImageSetPolicy policy) {
  policies_[split_key(dataset, split)] = std::move(policy);
}

const LoadedSplit& ImageSets::load(const std::string& key, const ImageSetPolicy& policy,
                                   std::unique_ptr<DataSource> source) {
  ImageSetPolicy within = policy;
  within.budget = budget_;
  auto images = std::make_unique<ImageSet>(std::move(source), within);
  if (budget_ != INT64_MAX) budget_ -= images->resident_bytes();
  LoadedSplit loaded{std::move(images), {}, {}};
  loaded.classes = loaded.images->classes(), loaded.mask_classes = loaded.images->mask_classes();
  return loaded_.emplace(key, std::move(loaded)).first->second;
}

// A set that was removed and added anew since is another one, and its numbers would go under this one's digest.
void ImageSets::expect_planned(const DatasetSpec& dataset) const {
  if (dataset.digest.empty() || dataset_digest(dataset.name, dataset.settings, root_) == dataset.digest) return;
  throw RunFailure(FailureKind::data, "dataset '" + dataset.name +
                                          "' is not the one that this run was planned with: it was removed or added "
                                          "anew since; run the same command again");
}

const LoadedSplit& ImageSets::split(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = loaded_.find(key);
  if (found != loaded_.end()) return found->second;
  expect_planned(dataset);
  const auto chosen = policies_.find(key);
  return load(key, chosen == policies_.end() ? ImageSetPolicy{} : chosen->second,
              open_dataset(dataset.name, dataset.settings, split, root_));
}

std::vector<int64_t> ImageSets::serving(const DatasetSpec& dataset, Split split, const std::string& task) {
  const ImageSet& images = *this->split(dataset, split).images;
  std::vector<int64_t> out;
  for (int64_t i = 0; i < images.size(); ++i) {
    if (images.serves(i, task)) out.push_back(i);
  }
  return out;
}

const LoadedSplit& ImageSets::split(const DatasetSpec& dataset, Split split, const std::string& task) {
  const std::string key = split_key(dataset, split) + " " + task;
  const auto found = loaded_.find(key);
  if (found != loaded_.end()) return found->second;
  const LoadedSplit& all = this->split(dataset, split);
  std::vector<int64_t> serving = this->serving(dataset, split, task);
  if (static_cast<int64_t>(serving.size()) == all.images->size()) return all;
  if (serving.empty()) {
    throw RunFailure(FailureKind::data, "dataset '" + dataset.name + "' has no image of " +
                                            std::string(split_name(split)) + " for " + task);
  }
  ImageSetPolicy policy = all.images->policy();
  // The selection numbers its images anew; what is known and noted of corrupt ones goes by the numbers of the whole
  // set.
  policy.known_corrupt.clear();
  for (size_t i = 0; i < serving.size(); ++i) {
    const auto corrupt = all.images->policy().known_corrupt.find(serving[i]);
    if (corrupt != all.images->policy().known_corrupt.end()) {
      policy.known_corrupt.emplace(static_cast<int64_t>(i), corrupt->second);
    }
  }
  if (policy.on_skip) {
    policy.on_skip = [note = policy.on_skip, serving](int64_t i, const std::string& reason) {
      note(serving.at(static_cast<size_t>(i)), reason);
    };
  }
  return load(
      key, policy,
      std::make_unique<Selection>(open_dataset(dataset.name, dataset.settings, split, root_), std::move(serving)));
}

}  // namespace sslbench
