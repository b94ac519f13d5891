// SPDX-License-Identifier: Apache-2.0
// A training set that lends its end to val, as the options train_images and val_images of data sets ask for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

struct TrainCut {
  int64_t train_images = 0;  // 0: all that val leaves
  int64_t val_images = 0;    // 0: val is none of these images
};

// Of images `among` of `train`, in their fixed random order: for val the end, for train the beginning of what is left.
// UserError naming the dataset where there are fewer than asked for.
std::unique_ptr<DataSource> cut_train(const std::string& dataset, const std::shared_ptr<const DataSource>& train,
                                      std::vector<int64_t> among, const TrainCut& cut, Split split);

// "dataset 'pets' has no val split of its own; set val_images ..."; `why`: what there is instead.
[[noreturn]] void refuse_val(const std::string& dataset, const std::string& why = "has no val split of its own");

}  // namespace sslbench
