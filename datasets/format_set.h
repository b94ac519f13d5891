// SPDX-License-Identifier: Apache-2.0
// Datasets that a registered format reads: known ones (a few lines each) and those of a person.
#pragma once

#include "datasets/data_source.h"
#include "datasets/format.h"

namespace sslbench {

// Completes an entry whose `format` is named: `own_options` are the format's, to which the common ones are joined;
// `open` and `inspect` go through the format.
//   test: the set's own; else its val; else a share of train (`test_percent`), chosen by a hash of the names.
//   val:  the set's own where test is another; else `val_images` taken out of train in the fixed random order.
//   train_images, test_images: the first so many in the fixed random order.
DatasetEntry format_set(DatasetEntry entry, const std::vector<Option>& own_options);
DatasetEntry format_set(DatasetEntry entry);

// The format's request for an entry's folder; `settings` are the dataset's.
FormatRequest format_request(const DatasetEntry& entry, const FormatEntry& format, const Settings& settings,
                             const std::filesystem::path& folder);

// Whether a picture of train is test where a set has neither test nor val: `percent` of the names are.
bool is_test_by_name(const std::string& name, int64_t percent);
inline constexpr int64_t kTestPercent = 20;  // unless test_percent says otherwise

// Whether a published set has nothing to train on; the catalog says it as trains = false.
bool is_test_only(const DatasetEntry& entry);

// "class 0", "class 1", ...: of an entry whose names come from the set's own files.
std::vector<std::string> numbered_classes(int count);

// ImageNet's, for photographs of sets that publish none of their own.
inline constexpr std::array<float, 3> kImagenetMean{0.485f, 0.456f, 0.406f};
inline constexpr std::array<float, 3> kImagenetDeviation{0.229f, 0.224f, 0.225f};

}  // namespace sslbench
