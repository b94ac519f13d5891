// SPDX-License-Identifier: Apache-2.0
// What a report reads of a run, as its own file holds it a second time: packed (record_pack.h) and deflated, a tail of
// the file (hdf5/record_tail.h). Ten thousand runs are read in a quarter of the time that HDF5 takes for them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "reports/record/record.h"

namespace sslbench {

// Of each protocol's settings and data what conditions_of() in comparison.h looks at; `effective` is Record::effective.
nlohmann::json conditions_in(const nlohmann::json& effective);

// `content` and, as its tail, the parts RecordParts::reported of the record.
std::string with_packed(std::string content, const Record& record);

// pack_record() of those parts of a file whose seal is intact; none where this build wrote none.
std::optional<std::string> packed_parts(const std::filesystem::path& file);

}  // namespace sslbench
