// SPDX-License-Identifier: Apache-2.0
// Rows of a plan that no suite file asks for: features that were computed elsewhere, measured under the plan's own
// protocols (`sslbench import`).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "suites/plan/plan.h"

namespace sslbench {

inline constexpr const char* kImportedBackbone = "imported";  // that stands for features from a file

struct ImportedRow {
  std::string row;
  std::filesystem::path file;
  int64_t seed = 0;  // of what the protocols draw
};

// The run of `row` on the data set of the plan's first run, under the protocols of that run which need nothing but
// features of that set. UserError on a name that is no row's or that a row of the suite has, a missing file, or a plan
// without such a protocol.
RunSpec imported_run(const Plan& plan, const Catalog& catalog, const ImportedRow& row);

// `plan` with `run` in the place of the imported run of the same row and seed, or at its end.
void put_imported(const RunSpec& run, Plan& plan);

// Takes over the imported runs of an earlier plan of the same folder, but for rows that `plan` has itself; carried out
// by whoever carries out `plan`.
void keep_imported(const Plan& earlier, Plan& plan);

}  // namespace sslbench
