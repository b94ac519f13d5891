// SPDX-License-Identifier: Apache-2.0
// Which columns a comparison has, and where its records hold their numbers.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Of all results, by protocol in the order of `protocols`.
std::vector<Column> columns_of(const std::vector<Record>& records, const std::vector<std::string>& protocols);

// By record, by column.
std::vector<std::vector<PlaceInRecord>> places_of(const std::vector<Record>& records,
                                                  const std::vector<Column>& columns);

// The first column of every protocol and data set, those that pictures are drawn of.
std::vector<size_t> first_columns(const Comparison& comparison);

}  // namespace sslbench
