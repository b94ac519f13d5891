// SPDX-License-Identifier: Apache-2.0
// One git worktree apart from everybody's own, in which `git bisect` goes from commit to commit. Git itself knows which
// commit to try next where history has merges, and which to take where one cannot be judged (`git bisect skip`); its
// notes (refs/bisect) are of the one worktree. That there is one worktree and not one a commit makes the next build a
// matter of what changed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

// Of the repository that the command is called in. UserError where git, the repository or the commit is missing.
std::string commit_named(const std::string& name);
// The same; "" where the commit is missing.
std::string find_commit(const std::string& name);
// Whether `ancestor` is one of `commit`, or the same.
bool is_ancestor(const std::string& ancestor, const std::string& commit);
std::vector<std::string> commits_between(const std::string& good, const std::string& bad);  // with `bad`
std::string subject_of(const std::string& commit);

enum class CommitMark { good, bad, skip };

// Where a bisection stands.
struct BisectStand {
  std::string next;                 // the commit to try, checked out; "" at the end
  std::string guilty;               // at the end; "" where skipped commits hide it
  std::vector<std::string> hidden;  // then: it is one of these
};

class GitWorktree {
 public:
  // Takes over `earlier` where that is still a worktree, else makes one under TMPDIR.
  GitWorktree(const std::filesystem::path& earlier, const std::string& commit);
  const std::filesystem::path& path() const { return path_; }

  BisectStand begin(const std::string& good, const std::string& bad);
  BisectStand mark(CommitMark mark);
  void check_out(const std::string& commit);
  void remove();

 private:
  std::string git(std::vector<std::string> words);
  BisectStand stand_after(const std::vector<std::string>& words);

  std::filesystem::path path_;
};

}  // namespace sslbench
