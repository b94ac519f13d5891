// SPDX-License-Identifier: Apache-2.0
// What stands below the headline table of its columns.
#pragma once

#include "reports/comparison/comparison.h"
#include "reports/text/document.h"

namespace sslbench {

// One line a protocol: what its numbers were measured on.
Bullets columns_list(const Comparison& comparison);
// What an answer that ignores the image scores, by protocol; empty where none was measured.
Text constants_line(const Comparison& comparison);
// Columns that hold the same metric apart, and why.
void add_kept_apart(const Comparison& comparison, Document& document);

}  // namespace sslbench
