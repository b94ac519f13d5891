// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reports/record/record.h"
#include "reports/text/json_text.h"

namespace sslbench {

// All stages of all records with their measurements, as a JSON array that is the value of a member begun in `out`, an
// object of depth 1. What does not exist is null.
void put_stages(const std::vector<Record>& records, JsonObjectText& out);

}  // namespace sslbench
