// SPDX-License-Identifier: Apache-2.0
// The table /measurements of a record and of measurements.h5.
#pragma once

#include <string>
#include <vector>

#include "reports/record/hdf5/hdf5_table.h"
#include "reports/record/measurement.h"

namespace sslbench {

Table measurement_table(const std::vector<const Measurement*>& rows);

// `where` names the file. Older tables have no column `reason` and hold pycocotools' -1 where there was no truth to
// find: such a value is undefined.
std::vector<Measurement> measurements_of(const Table& table, const std::string& where);

}  // namespace sslbench
