// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/resident_data.h"

#include "datasets/installed.h"

namespace sslbench {

std::string split_key(const DatasetSpec& dataset, Split split) {
  return dataset.name + dataset.settings.dump() + std::string(split_name(split));
}

const ResidentSplit& ResidentData::split(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = loaded_.find(key);
  if (found != loaded_.end()) return found->second;
  const auto source = open_dataset(dataset.name, dataset.settings, split, root_);
  ResidentSplit loaded{std::make_unique<ResidentImages>(*source), source->classes(), source->mask_classes()};
  return loaded_.emplace(key, std::move(loaded)).first->second;
}

}  // namespace sslbench
