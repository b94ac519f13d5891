// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "datasets/batches/resident_images.h"
#include "datasets/data_source.h"
#include "suites/spec/run_spec.h"

namespace sslbench {

// Tells splits of datasets apart, settings included.
std::string split_key(const DatasetSpec& dataset, Split split);

// A loaded split: the images and the names of its classes.
struct ResidentSplit {
  std::unique_ptr<ResidentImages> images;
  std::vector<std::string> classes, mask_classes;
};

// Every split that a run needs, read once and shared by its stages.
class ResidentData {
 public:
  explicit ResidentData(std::filesystem::path data_root) : root_(std::move(data_root)) {}
  // UserError when the set is not installed, RunFailure(data) when a file is corrupt.
  const ResidentSplit& split(const DatasetSpec& dataset, Split split);

 private:
  std::filesystem::path root_;
  std::map<std::string, ResidentSplit> loaded_;
};

}  // namespace sslbench
