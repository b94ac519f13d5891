// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/image_sets.h"

#include "datasets/installed.h"

namespace sslbench {

std::string split_key(const DatasetSpec& dataset, Split split) {
  return dataset.name + dataset.settings.dump() + std::string(split_name(split));
}

void ImageSets::set_policy(const DatasetSpec& dataset, Split split, ImageSetPolicy policy) {
  policies_[split_key(dataset, split)] = std::move(policy);
}

const LoadedSplit& ImageSets::split(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = loaded_.find(key);
  if (found != loaded_.end()) return found->second;
  const auto chosen = policies_.find(key);
  ImageSetPolicy policy = chosen == policies_.end() ? ImageSetPolicy{} : chosen->second;
  policy.budget = budget_;
  auto images = std::make_unique<ImageSet>(open_dataset(dataset.name, dataset.settings, split, root_), policy);
  if (budget_ != INT64_MAX) budget_ -= images->resident_bytes();
  LoadedSplit loaded{std::move(images), {}, {}};
  loaded.classes = loaded.images->classes(), loaded.mask_classes = loaded.images->mask_classes();
  return loaded_.emplace(key, std::move(loaded)).first->second;
}

}  // namespace sslbench
