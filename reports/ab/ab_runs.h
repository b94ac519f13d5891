// SPDX-License-Identifier: Apache-2.0
// What `sslbench ab` measured: every row trained by an old and a new side in rounds, each round one run a side with the
// same seed, which shared the machine in turns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/history/snapshot.h"
#include "reports/record/record.h"
#include "suites/plan/suite.h"

namespace sslbench {

// Of the pretraining of one run; NaN where it trained nothing or has no such thing.
struct AbRun {
  double cpu_per_image = 0;      // ms of processor time, all threads: what other processes disturb least
  double images_per_second = 0;  // by the clock, which also runs in the other side's turns
  double peak_memory = 0;        // B of the process
  double device_memory = 0;      // B of a GPU
  Curve loss;
};

AbRun ab_run_of(const Record& record);

struct AbRound {
  AbRun old_run, new_run;
};

struct AbRow {
  std::string row;
  std::vector<AbRound> rounds;
  std::string failure;  // why it has no more rounds; "" = nothing failed
};

struct AbSide {
  std::string name;  // as the person named it
  Snapshot results;  // of one run a seed, with replicates
};

struct AbInput {
  std::string suite;
  AbSide old_side, new_side;
  std::vector<AbRow> rows;
  double margin = 0;            // percent by which a cost may get worse
  std::vector<GateRule> rules;  // margins of results
};

}  // namespace sslbench
