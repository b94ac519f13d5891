// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "datasets/batches/image_batches.h"
#include "datasets/data_source.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// Tells splits of datasets apart, settings included.
std::string split_key(const DatasetSpec& dataset, Split split);

// A loaded split: the images and the names of its classes.
struct LoadedSplit {
  std::unique_ptr<ImageSet> images;
  std::vector<std::string> classes, mask_classes;
};

// Every split that a run needs, opened once and shared by its stages.
class ImageSets {
 public:
  // All splits together keep at most `budget` bytes in memory, first come, first served.
  explicit ImageSets(std::filesystem::path data_root, int64_t budget = INT64_MAX)
      : root_(std::move(data_root)), budget_(budget) {}
  // How a split that is not open yet is decoded, and what a corrupt image in it does; others are decoded exactly, and a
  // corrupt image is an error. The budget is the sets'.
  void set_policy(const DatasetSpec& dataset, Split split, ImageSetPolicy policy);
  // UserError when the set is not installed, RunFailure(data) when a file is corrupt.
  const LoadedSplit& split(const DatasetSpec& dataset, Split split);
  // The same, less the examples that do not serve a task of the set: those without a mask for "segmentation".
  // RunFailure(data) when none does.
  const LoadedSplit& split(const DatasetSpec& dataset, Split split, const std::string& task);
  // Which examples of the whole split those are.
  std::vector<int64_t> serving(const DatasetSpec& dataset, Split split, const std::string& task);

 private:
  void expect_planned(const DatasetSpec& dataset) const;
  const LoadedSplit& load(const std::string& key, const ImageSetPolicy& policy, std::unique_ptr<DataSource> source);

  std::filesystem::path root_;
  int64_t budget_;
  std::map<std::string, ImageSetPolicy> policies_;
  std::map<std::string, LoadedSplit> loaded_;
};

}  // namespace sslbench
