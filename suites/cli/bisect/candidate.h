// SPDX-License-Identifier: Apache-2.0
// One commit on trial: built in the tree that it is checked out in, one row trained, judged by the gate.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "reports/gate/gate.h"
#include "suites/cli/bisect/git_worktree.h"
#include "suites/plan/plan.h"

namespace sslbench {

// The question that is put to every commit.
struct BisectCase {
  GateCell red;                  // as the gate saw it
  std::string seeds;             // "0,1,2": those that showed it
  Plan plan;                     // what the results were planned with
  std::string build;             // command
  History history;               // without the commits on trial
  std::filesystem::path folder;  // DIR/bisect
};

struct CommitTrial {
  CommitMark mark = CommitMark::skip;
  double mean = 0;     // of the cell; NaN where it could not be measured
  size_t runs = 0;     // behind it
  std::string reason;  // why it is called so
};

// What was found out, by commit; kept in DIR/bisect/state.json, for this question alone.
struct BisectNotes {
  std::map<std::string, CommitTrial> trials;
  std::filesystem::path tree;
};
BisectNotes read_notes(const BisectCase& asked);
void write_notes(const BisectCase& asked, const BisectNotes& notes);

// UserError: a cost by which every commit would be built and trained to be skipped.
[[noreturn]] void refuse_other_machine(const SnapshotCell& cell);

struct TrialEnding {
  bool interrupted = false;
  CommitTrial trial;
};
// `tree` has the commit checked out. UserError as above.
TrialEnding try_commit(const BisectCase& asked, const std::string& commit, const std::filesystem::path& tree);

}  // namespace sslbench
