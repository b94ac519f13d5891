// SPDX-License-Identifier: Apache-2.0
// Slurm's programs as a few lines of shell, first on the PATH: they keep a queue in a file, and have the limits that a
// test sets.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

// sbatch writes its words into `asked`, appends its tasks to `queue` and prints the next id, unless
//   room    holds fewer tasks than it brings: the limit on jobs of a user; taken off what it accepts
//   refuse  is there: prints it, exits 1
//   fatal   holds the number of this call: kills the process that called
// squeue prints the lines of `queue` that belong to the jobs it is asked for, unless
//   broken  is there: prints it, exits 1                hangs  is there: never answers
inline constexpr const char* kFakeSbatch = R"sh(#!/bin/sh
cd "$FAKE_SLURM" || exit 1
echo "$*" >> asked
[ -e refuse ] && { cat refuse >&2; exit 1; }
[ "$(wc -l < asked)" = "$(cat fatal 2> /dev/null)" ] && { kill -KILL $PPID; exit 1; }
tasks=$(echo "$*" | sed -n 's/.*--array=0-\([0-9]*\).*/\1/p')
if [ -n "$tasks" ] && [ "$tasks" -ge "$(cat size)" ]; then
  echo 'sbatch: error: Batch job submission failed: Invalid job array specification' >&2; exit 1
fi
if [ -n "$tasks" ] && [ -e room ]; then
  if [ "$tasks" -ge "$(cat room)" ]; then
    echo 'sbatch: error: AssocMaxSubmitJobLimit' >&2
    echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy' >&2; exit 1
  fi
  echo $(($(cat room) - tasks - 1)) > room
fi
id=$(($(cat last) + 1)); echo $id > last
if [ -n "$tasks" ]; then
  for i in $(seq 0 "$tasks"); do echo "${id}_$i|PENDING|Resources|N/A|" >> queue; done
else
  echo "$id|PENDING|Dependency|N/A|" >> queue
fi
echo "$id;cluster"
)sh";

inline constexpr const char* kFakeSqueue = R"sh(#!/bin/sh
cd "$FAKE_SLURM" || exit 1
[ -e hangs ] && exec sleep 600
[ -e broken ] && { cat broken >&2; exit 1; }
while [ "$1" != -j ]; do shift; done
for id in $(echo "$2" | tr , ' '); do grep -E "^${id}(_|[|])" queue; done
exit 0
)sh";

inline constexpr const char* kFakeScontrol = R"sh(#!/bin/sh
echo "Configuration data as of 2026-12-01T00:00:00"
echo "MaxArraySize            = $(cat "$FAKE_SLURM/size")"
)sh";

class FakeSlurm {
 public:
  FakeSlurm() {
    put("sbatch", kFakeSbatch), put("squeue", kFakeSqueue), put("scontrol", kFakeScontrol);
    write("last", "16"), write("size", "1001"), write("queue", "");
    ::setenv("FAKE_SLURM", folder_.path().c_str(), 1);
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  ~FakeSlurm() {
    ::setenv("PATH", path_.c_str(), 1);
    ::unsetenv("FAKE_SLURM");
  }

  void write(const std::string& name, const std::string& text) const { folder_.write(name, text + "\n"); }
  void remove(const std::string& name) const { std::filesystem::remove(folder_.path() / name); }
  // What sbatch was asked, a call a line.
  std::vector<std::string> asked() const { return lines("asked"); }
  std::vector<std::string> queue() const {
    std::vector<std::string> out = lines("queue");
    std::erase(out, "");
    return out;
  }
  void queue_is(const std::vector<std::string>& lines) const {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    write("queue", text);
  }

 private:
  void put(const std::string& name, const std::string& script) const {
    std::filesystem::permissions(folder_.write(name, script), std::filesystem::perms::owner_all);
  }
  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream in(folder_.path() / file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }

  ScratchFolder folder_;
  std::string path_ = std::getenv("PATH") == nullptr ? "" : std::getenv("PATH");
};

}  // namespace sslbench
