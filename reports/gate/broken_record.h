// SPDX-License-Identifier: Apache-2.0
// One record that lies so far from all others that it tells nothing of their noise (a set half unpacked, a machine that
// swapped) would make history's spread so wide that any drop fits into it.
#pragma once

#include <string>
#include <vector>

namespace sslbench {

// What one recorded snapshot holds of a cell.
struct PastRuns {
  std::string created;
  std::vector<double> values;  // single runs
};

// All values, in order.
std::vector<double> values_of(const std::vector<PastRuns>& past);
// One mean a record.
std::vector<double> means_of(const std::vector<PastRuns>& past);

// Takes out at most one record, or, where no record is odd and runs are the samples, one run: the one that the others
// would give less often than once in 10,000 histories (Student's t of the deleted residual, Bonferroni), with a noise
// of no less than half a percent of their mean. `by_record`: a record's mean is the sample, as of costs. Returns when
// the record was made, "" for nothing taken out.
std::string take_out_broken(std::vector<PastRuns>& past, bool by_record);

}  // namespace sslbench
