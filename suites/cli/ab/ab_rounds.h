// SPDX-License-Identifier: Apache-2.0
// The runs of a comparison and where they lie: OUT/<row>/<round>-old and -new, each a results folder of one run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/ab/ab_runs.h"
#include "suites/cli/ab/ab_build.h"
#include "suites/cli/commands/commands.h"

namespace sslbench {

struct AbContestant {
  AbBuild build;
  std::filesystem::path suite;
  std::string suite_digest;  // SHA-256 of the file
};

struct AbMatch {
  AbContestant old_side, new_side;
  std::filesystem::path out;
  std::vector<std::string> rows;  // that both suites hold, in the order of the old one
  int64_t first_seed = 0;         // of round 0; each round has the next one
  int rounds = 0;
  AbOptions options;
};

enum class AbEnding { done, interrupted };

// Carries out every round that OUT does not hold yet; a round that was interrupted begins anew, since halves of two
// times are no pair. A row whose run fails gets no further round. Fills in `rows` and the results of both sides.
// UserError where a build does not take the suite, in its own words.
AbEnding carry_out_rounds(const AbMatch& match, AbInput& input);

}  // namespace sslbench
