// SPDX-License-Identifier: Apache-2.0
// What a row's pretraining cost in device-hours, and which rows no other beats at a lower cost.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// The row's first run used a GPU.
bool on_gpu(const Comparison& comparison, const Row& row);

// Seconds of the device that worked: wall time of a GPU, CPU time of a CPU.
double device_seconds(const Comparison& comparison, const Row& row);

// What all rows can be placed by: "GPU", "CPU", or "wall time" where both kinds of device occur.
struct CostAxis {
  std::string label;           // "CPU time of pretraining, s"
  std::vector<double> by_row;  // in the label's unit, undefined where nothing was recorded
};
CostAxis cost_axis(const Comparison& comparison);

// Rows that compete in `column` and are beaten by none that costs no more (Pareto), by cost. `values` by row replace
// the column's where given.
std::vector<size_t> cost_front(const Comparison& comparison, size_t column, const CostAxis& cost,
                               const std::vector<double>* values = nullptr);

}  // namespace sslbench
