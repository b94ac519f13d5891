// SPDX-License-Identifier: Apache-2.0
// Where a measurement becomes an HDF5 row: measurement_fields() names the columns.
#include "reports/record/measurement_table.h"

#include <algorithm>
#include <limits>

#include "reports/record/hdf5/record_table.h"

namespace sslbench {
namespace {

const std::vector<TableField<Measurement>>& measurement_fields() {
  using M = Measurement;
  static const std::vector<TableField<M>> fields{{"suite", &M::suite, kTextWidth},
                                                 {"dataset", &M::dataset, kTextWidth},
                                                 {"method", &M::method, kTextWidth},
                                                 {"backbone", &M::backbone, kTextWidth},
                                                 {"seed", &M::seed},
                                                 {"stage", &M::stage, kTextWidth},
                                                 {"protocol", &M::protocol, kTextWidth},
                                                 {"version", &M::version},
                                                 {"metric", &M::metric, kTextWidth},
                                                 {"split", &M::split, kShortWidth},
                                                 {"value", &M::value},
                                                 {"unit", &M::unit, kShortWidth},
                                                 {"direction", &M::direction, kShortWidth},
                                                 {"n", &M::n},
                                                 {"run", &M::run, kTextWidth},
                                                 {"reason", &M::reason, kTextWidth, true},
                                                 {"method_name", &M::method_name, kTextWidth, true}};
  return fields;
}

}  // namespace

Table measurement_table(const std::vector<const Measurement*>& rows) { return to_table(rows, measurement_fields()); }

std::vector<Measurement> measurements_of(const Table& table, const std::string& where) {
  std::vector<Measurement> rows = from_table(table, measurement_fields(), where);
  if (std::any_of(table.begin(), table.end(), [](const TableColumn& c) { return c.name == "reason"; })) return rows;
  for (Measurement& row : rows) {
    if (row.unit != "1" || row.value != -1) continue;
    row.value = std::numeric_limits<double>::quiet_NaN();
    row.reason = "no truth to find in the test images (recorded as -1)";
  }
  return rows;
}

}  // namespace sslbench
