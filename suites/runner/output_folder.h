// SPDX-License-Identifier: Apache-2.0
// OUT: the folder of one suite's results. One front end writes to it at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "suites/files/file_lock.h"
#include "suites/plan/plan.h"

namespace sslbench {

// The plan that OUT holds, with its runs' paths set to `out`; nothing when there is no plan.json. UserError when it is
// not a plan.
std::optional<Plan> read_plan(const std::filesystem::path& out);

// The same for a command that needs one: UserError in its name when there is none.
Plan plan_in(const std::filesystem::path& out, const std::string& command);

// UserError when the plan of an earlier call is of another suite: OUT belongs to one.
void expect_own_suite(const std::optional<Plan>& earlier, const std::string& suite, const std::filesystem::path& out);

class OutputFolder {
 public:
  // Creates OUT and takes its lock. UserError when it is a file, cannot be written, belongs to another suite, or
  // another front end holds it (named in the message).
  OutputFolder(const std::filesystem::path& out, const std::string& suite);

  // The plan of an earlier call.
  const std::optional<Plan>& earlier() const { return earlier_; }

  // Publishes plan.json. UserError when it cannot be written, or when a folder that these runs would write to is a link
  // to elsewhere (such a folder comes from others): nothing has run yet.
  void write_plan(const Plan& plan) const;

  // After a kill, workers of an earlier front end may still be saving: waits for their locks, `longest` in all, then
  // UserError that names the holder.
  void wait_for_old_workers(const std::vector<RunSpec>& runs, std::chrono::milliseconds longest) const;

  // Removes what earlier attempts at these runs left in work/, so that nothing of it is taken over. UserError when a
  // worker holds one of them or it cannot be removed.
  void clear_work(const std::vector<RunSpec>& runs) const;

  const std::filesystem::path& path() const { return out_; }

 private:
  std::filesystem::path out_;
  FileLock lock_;
  std::optional<Plan> earlier_;
};

// Threads of each worker: what plan.json fixed when the runs were first planned, else `asked` (--threads), else the
// suite's, else the usable cores shared among `jobs`. UserError when `asked` differs from what was fixed.
int threads_per_worker(const std::optional<Plan>& earlier, std::optional<int> asked, std::optional<int> suite,
                       int jobs);

}  // namespace sslbench
