// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/bisect/git_worktree.h"

#include <algorithm>
#include <sstream>
#include <system_error>

#include "suites/files/temporary_folder.h"
#include "suites/ground/error.h"
#include "suites/runner/process.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// In English whatever the locale is, and without the hooks of people's own trees.
CommandResult run_git(std::vector<std::string> words) {
  words.insert(words.begin(), {"/usr/bin/env", "LC_ALL=C", "git", "-c", "core.hooksPath=/dev/null"});
  return run_command(words);
}

bool ended_well(const CommandResult& result) { return result.end.signal == 0 && result.end.code == 0; }

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out.push_back(line);
  return out;
}

bool is_hash(const std::string& text) {
  constexpr size_t kDigits = 40;
  return text.size() >= kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

CommandResult look_up(const std::string& name) {
  return run_git({"rev-parse", "--verify", "--end-of-options", name + "^{commit}"});
}

}  // namespace

std::string find_commit(const std::string& name) {
  const CommandResult found = look_up(name);
  return ended_well(found) ? one_line(found.output) : "";
}

std::string commit_named(const std::string& name) {
  const CommandResult found = look_up(name);
  if (ended_well(found)) return one_line(found.output);
  throw UserError("gate: --bisect: '" + name + "' is no commit of the repository here: " + one_line(found.errors) +
                  "; call it in the repository whose commits are asked for");
}

bool is_ancestor(const std::string& ancestor, const std::string& commit) {
  return ended_well(run_git({"merge-base", "--is-ancestor", ancestor, commit}));
}

std::vector<std::string> commits_between(const std::string& good, const std::string& bad) {
  return lines_of(run_git({"rev-list", good + ".." + bad}).output);
}

std::string subject_of(const std::string& commit) {
  return one_line(run_git({"log", "-1", "--format=%s", commit}).output);
}

GitWorktree::GitWorktree(const fs::path& earlier, const std::string& commit) : path_(earlier) {
  std::error_code ignored;
  if (!path_.empty() && fs::exists(path_ / ".git", ignored) && ended_well(run_git({"-C", path_.string(), "status"}))) {
    return;
  }
  run_git({"worktree", "prune"});
  path_ = make_temporary_folder("sslbench-bisect");
  const CommandResult made = run_git({"worktree", "add", "--force", "--detach", path_.string(), commit});
  if (!ended_well(made)) throw UserError("gate: --bisect: git makes no worktree: " + one_line(made.errors));
}

std::string GitWorktree::git(std::vector<std::string> words) {
  words.insert(words.begin(), {"-C", path_.string()});
  const CommandResult result = run_git(words);
  if (ended_well(result)) return result.output;
  throw UserError("gate: --bisect: git failed in " + path_.string() + ": " + one_line(result.errors));
}

BisectStand GitWorktree::stand_after(const std::vector<std::string>& words) {
  std::vector<std::string> all{"-C", path_.string(), "bisect"};
  all.insert(all.end(), words.begin(), words.end());
  const CommandResult result = run_git(all);
  BisectStand out;
  for (const std::string& line : lines_of(result.output)) {
    if (is_hash(line)) out.hidden.push_back(line);  // "any of:", each on a line of its own
    const size_t first = line.find(" is the first bad commit");
    if (first != std::string::npos && is_hash(line.substr(0, first))) out.guilty = line.substr(0, first);
  }
  if (!out.guilty.empty()) return out;
  if (result.output.find("only 'skip'ped commits left") != std::string::npos) return out;
  if (!ended_well(result)) throw UserError("gate: --bisect: git bisect failed: " + one_line(result.errors));
  out.hidden.clear();
  out.next = one_line(git({"rev-parse", "HEAD"}));
  return out;
}

BisectStand GitWorktree::begin(const std::string& good, const std::string& bad) {
  git({"reset", "--hard", "--quiet"});
  run_git({"-C", path_.string(), "bisect", "reset"});  // of a call that was interrupted
  return stand_after({"start", bad, good});
}

BisectStand GitWorktree::mark(CommitMark mark) {
  static constexpr const char* kWords[] = {"good", "bad", "skip"};
  git({"reset", "--hard", "--quiet"});  // a build may have touched files that git knows
  return stand_after({kWords[static_cast<int>(mark)]});
}

void GitWorktree::check_out(const std::string& commit) { git({"checkout", "--quiet", "--force", "--detach", commit}); }

void GitWorktree::remove() { run_git({"worktree", "remove", "--force", path_.string()}); }

}  // namespace sslbench
