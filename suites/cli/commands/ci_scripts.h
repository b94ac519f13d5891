// SPDX-License-Identifier: Apache-2.0
// What the jobs that `sslbench ci init` writes run, on every CI alike, with the variables SUITE, NAME and RULES (a
// file, or nothing) of the suite that is measured, `first`, its first seed, and SEEDS, how many (3). A @NAME@ alone on
// its line is a block, another @NAME@ a word; ci.cpp fills both in.
#pragma once

#include <string_view>

namespace sslbench {

// Makes sslbench-history/ from the branch of $remote; where there is none, from an empty first commit.
inline constexpr std::string_view kOpenHistory =
    R"sh(git config user.name sslbench
git config user.email sslbench@localhost
heads=$(git ls-remote "$remote" refs/heads/sslbench-history)
if [ -n "$heads" ]; then
  git fetch -q --depth 1 "$remote" refs/heads/sslbench-history
  start=FETCH_HEAD
else
  start=$(git commit-tree -m "History of sslbench" "$(git hash-object -w -t tree /dev/null)")
fi
git worktree prune
git worktree add -q --detach sslbench-history "$start"
)sh";

// Files of a history never change, so that what another job pushed meanwhile cannot conflict.
inline constexpr std::string_view kPushHistory =
    R"sh(git -C sslbench-history add -A
git -C sslbench-history diff --cached --quiet || git -C sslbench-history commit -q -m "$message"
pushed=no
for attempt in 1 2 3 4 5; do
  if git -C sslbench-history push -q "$remote" HEAD:refs/heads/sslbench-history; then pushed=yes; break; fi
  sleep "$attempt"
  git -C sslbench-history fetch -q "$remote" refs/heads/sslbench-history &&
    git -C sslbench-history rebase -q FETCH_HEAD
done
if [ "$pushed" = no ]; then
  echo "sslbench: the branch sslbench-history took none of five pushes; let the job's token write to it" >&2
  exit 2
fi
)sh";

// In a checkout that is new, with the build tree of an earlier one: only what changed is compiled.
inline constexpr std::string_view kBuild =
    R"sh(@TOOL@scripts/setup
@TOOL@scripts/source-times give
@TOOL@scripts/build release sslbench sslbench-worker
@TOOL@scripts/source-times keep
)sh";

inline constexpr std::string_view kMeasure =
    R"sh(code=0
seeds="$first..$((first + ${SEEDS:-3} - 1))"
@TOOL@build/release/bin/sslbench run "$SUITE" --seeds "$seeds" -o "results/$NAME" || code=$?
echo "$code" > exit-codes
# 3: some runs failed; the others are reported and gated all the same.
if [ "$code" != 0 ] && [ "$code" != 3 ]; then exit "$code"; fi
code=0
@TOOL@build/release/bin/sslbench report "results/$NAME" --html || code=$?
echo "$code" >> exit-codes
)sh";

// The shifts that the change means, for gate and record.
inline constexpr std::string_view kAccepted =
    R"sh(accepted=
if [ -e sslbench-accepted.toml ]; then accepted=sslbench-accepted.toml; fi
)sh";

inline constexpr std::string_view kGate =
    R"sh(code=0
@ACCEPTED@
@TOOL@build/release/bin/sslbench gate "results/$NAME" --history sslbench-history ${RULES:+--rules "$RULES"} \
  ${accepted:+--accepted "$accepted"} \
  --markdown "comment-$NAME.md" --junit gate.xml || code=$?
echo "$code" >> exit-codes
)sh";

inline constexpr std::string_view kRecord =
    R"sh(code=0
@ACCEPTED@
files=$(@TOOL@build/release/bin/sslbench history record "results/$NAME" --history sslbench-history \
  ${accepted:+--accepted "$accepted"}) || code=$?
echo "$code" >> exit-codes
)sh";

// The strongest code first, as `sslbench --help` orders them; behind them what no command of ours returns.
inline constexpr std::string_view kVerdict =
    R"sh(for code in 70 2 75 5 4 3 1 $(cat exit-codes); do
  if [ "$code" != 0 ] && grep -qx "$code" exit-codes; then exit "$code"; fi
done
)sh";

}  // namespace sslbench
