// SPDX-License-Identifier: Apache-2.0
// History: an append-only folder of small JSON files that never change, one a recorded run of a suite, so that two
// branches merge without conflict. STORE/<suite>/<machine class>/<UTC>-<commit>-<digest>.json; accepted shifts are
// STORE/<suite>/accepted/<UTC>-<digest>.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/history/snapshot.h"

namespace sslbench {

// A shift that a person took for the new normal: of the cells that match, only runs recorded later count.
struct Acceptance {
  std::string suite, created;
  std::string row, measure;  // shell patterns over "<row>" and "<protocol>.<metric>"
  std::string reason, by;
  std::string asked;     // when a change asked for it, in a file of its own (acceptance_file.h); "" = in no file
  bool pending = false;  // asked for by the change that is judged, and in no history yet

  bool matches(const SnapshotCell& cell) const;
  // The same, whenever it was accepted.
  bool same_request(const Acceptance& other) const;
};

struct History {
  std::vector<Snapshot> runs;         // by time
  std::vector<Acceptance> accepted;   // by time
  std::vector<std::string> warnings;  // files that could not be read

  // The last shift of this cell that was accepted; null: none.
  const Acceptance* accepted_of(const SnapshotCell& cell) const;

  // Judges as if these had been accepted now: of the cells they match, no run recorded before counts.
  void accept_for_now(std::vector<Acceptance> asked);
};

// All suites for `suite` "". UserError when STORE is no folder.
History read_history(const std::filesystem::path& store, const std::string& suite);

// Appends a snapshot under the present time (SOURCE_DATE_EPOCH when set). What was recorded before is not recorded
// again: then its file is returned and `fresh` is false. UserError when there is no value in it; RunFailure(storage).
struct Recorded {
  std::filesystem::path file;
  bool fresh = true;
};
Recorded record_in_history(const std::filesystem::path& store, Snapshot snapshot);

// Appends an acceptance likewise.
std::filesystem::path accept_in_history(const std::filesystem::path& store, Acceptance acceptance);
// Of a change whose results are recorded next: dated a second earlier, so that these count.
std::filesystem::path accept_before_record(const std::filesystem::path& store, Acceptance acceptance);

}  // namespace sslbench
