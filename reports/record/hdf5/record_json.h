// SPDX-License-Identifier: Apache-2.0
// The datasets of a record that hold JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/record/hdf5/hdf5_reader.h"

namespace sslbench {

// UserError when there is none at `path`, or it is no JSON.
nlohmann::json read_json(const Hdf5Reader& reader, const std::string& path);
// A table of names and values, or null; UserError when it is of another type.
nlohmann::json read_object(const Hdf5Reader& reader, const std::string& path);

}  // namespace sslbench
