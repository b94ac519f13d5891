// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "suites/ground/shared_text.h"

namespace sslbench {

// One number with all that is needed to read it: one row of the table /measurements.
struct Measurement {
  SharedText suite;
  SharedText dataset;  // the set measured on
  SharedText method;   // row name of the method
  SharedText backbone;
  int64_t seed = 0;
  SharedText stage;        // plugin: "pretrain", "knn", "linear_probe", ...
  SharedText protocol;     // row name of the protocol; "pretrain" for that stage
  int64_t version = 0;     // of the protocol, or of the metric where that alone changed its meaning
  SharedText metric;       // lower case: top1, ap, ap50, miou, throughput, peak_memory_process, ...
  SharedText split;        // train, val or test
  double value = 0;        // NaN where there is none, see `reason`
  SharedText unit;         // "1" for fractions, else "s", "images/s", "B", "J"
  SharedText direction;    // "higher" or "lower" (better), or "none"
  int64_t n = 0;           // items behind the value
  SharedText run;          // RunSpec::name()
  SharedText method_name;  // the method's own name, where `method` is what the suite calls the row
  SharedText reason;       // why the value is undefined by nature; "" where it is a number

  // No number exists, as opposed to one that came out as NaN.
  bool undefined() const { return !reason.empty(); }
};

// Widths of the fixed-length string columns; a longer text is a RunFailure(internal), never cut.
inline constexpr size_t kTextWidth = 64;
inline constexpr size_t kShortWidth = 16;  // split, unit, direction

}  // namespace sslbench
