// SPDX-License-Identifier: Apache-2.0
// The jobs that `sslbench ci init` writes. A @NAME@ alone on its line is a block, another @NAME@ a word; ci.cpp fills
// both in.
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

inline constexpr std::string_view kMeasure =
    R"sh(code=0
seeds="$first..$((first + 2))"
@TOOL@build/release/bin/sslbench run @SUITE@ --seeds "$seeds" -o results/@NAME@ || code=$?
echo "$code" > exit-codes
# 3: some runs failed; the others are reported and gated all the same.
if [ "$code" != 0 ] && [ "$code" != 3 ]; then exit "$code"; fi
code=0
@TOOL@build/release/bin/sslbench report results/@NAME@ --html || code=$?
echo "$code" >> exit-codes
)sh";

inline constexpr std::string_view kGate =
    R"sh(code=0
@TOOL@build/release/bin/sslbench gate results/@NAME@ --history sslbench-history@RULES@ \
  --markdown comment.md --junit gate.xml || code=$?
echo "$code" >> exit-codes
)sh";

inline constexpr std::string_view kRecord =
    R"sh(code=0
file=$(@TOOL@build/release/bin/sslbench history record results/@NAME@ --history sslbench-history) || code=$?
echo "$code" >> exit-codes
)sh";

// The strongest code first, as `sslbench --help` orders them; behind them what no command of ours returns.
inline constexpr std::string_view kVerdict =
    R"sh(for code in 70 2 75 5 4 3 1 $(cat exit-codes); do
  if [ "$code" != 0 ] && grep -qx "$code" exit-codes; then exit "$code"; fi
done
)sh";

inline constexpr std::string_view kGithubWorkflow =
    R"yaml(# Written by `sslbench ci init --github`: runs the suite, gates it against earlier runs, shows the outcome.
@ABOUT@
name: sslbench
on:
  pull_request:
  push:
    branches: [main, master]
permissions:
  contents: read
jobs:
  benchmark:
    if: github.event_name == 'pull_request' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 120
    permissions:
      contents: read
      pull-requests: write
    outputs:
      recorded: ${{ steps.record.outputs.recorded }}
    defaults:
      run:
        shell: bash
    steps:
      - name: Tools of the steps
        run: apt-get update && apt-get install -y git ca-certificates python3 python3-pip
      - uses: actions/checkout@v4
      - name: Let git read the checkout
        run: git config --global --add safe.directory "$GITHUB_WORKSPACE"
      @SOURCE@
      - uses: actions/cache@v4
        with:
          path: @TOOL@.deps
          key: sslbench-deps-${{ hashFiles('@TOOL@scripts/libtorch-cpu.txt') }}
      - name: History of the default branch
        run: |
          remote=origin
          @OPEN@
      - name: Set-up and build
        run: |
          @TOOL@scripts/setup
          @TOOL@scripts/build release sslbench sslbench-worker
      @DATA@
      - name: Suite
        # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
        run: |
          first=$((GITHUB_RUN_NUMBER * 3))
          @MEASURE@
      - name: Gate
        # 0: passed or too little history, 1: regression, 4: missing, 5: not comparable. The last step fails by it: what
        # is not recorded cannot be accepted, and the next run would fail again.
        run: |
          @GATE@
      - name: Record in history
        id: record
        if: github.event_name == 'push'
        run: |
          @RECORD@
          if [ "$code" = 0 ]; then
            mkdir sslbench-recorded && cp --parents "$file" sslbench-recorded
            echo "recorded=yes" >> "$GITHUB_OUTPUT"
          fi
      - name: Keep the record
        if: steps.record.outputs.recorded == 'yes'
        uses: actions/upload-artifact@v4
        with:
          name: sslbench-recorded
          path: sslbench-recorded
      - name: Summary
        if: always()
        run: if [ -f comment.md ]; then cat comment.md >> "$GITHUB_STEP_SUMMARY"; fi
      - name: Comment
        # Pull requests from forks get a token that may not write: the summary above holds the same text.
        if: always() && github.event_name == 'pull_request' && github.event.pull_request.head.repo.fork == false
        uses: actions/github-script@v7
        with:
          script: |
            const fs = require('fs');
            if (!fs.existsSync('comment.md')) return;
            const body = fs.readFileSync('comment.md', 'utf8'), mark = body.split('\n')[0];
            const where = {owner: context.repo.owner, repo: context.repo.repo};
            const all = await github.paginate(github.rest.issues.listComments,
                                              {...where, issue_number: context.issue.number});
            const old = all.find(comment => comment.body.startsWith(mark));
            if (old) await github.rest.issues.updateComment({...where, comment_id: old.id, body});
            else await github.rest.issues.createComment({...where, issue_number: context.issue.number, body});
      - name: Artefacts
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: sslbench
          path: |
            results/@NAME@/report
            results/@NAME@/runs/*.h5
            results/@NAME@/plan.json
            comment.md
            gate.xml
      - name: Verdict
        run: |
          @VERDICT@
  # A job of its own: only this one may write to the repository, and it runs no code of a pull request.
  record:
    needs: benchmark
    if: ${{ !cancelled() && needs.benchmark.outputs.recorded == 'yes' }}
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
      - name: History of the default branch
        run: |
          remote=origin
          @OPEN@
      - uses: actions/download-artifact@v4
        with:
          name: sslbench-recorded
      - name: Push
        run: |
          remote=origin
          message="@NAME@ at $GITHUB_SHA"
          @PUSH@
)yaml";

inline constexpr std::string_view kGitlabJob =
    R"yaml(# Written by `sslbench ci init --gitlab`: runs the suite, gates it against earlier runs, shows the outcome.
@ABOUT@
# Pushing takes a project access token with the scope write_repository, as the masked and protected CI variable
# SSLBENCH_HISTORY_TOKEN. Without it results are gated against what is recorded, and nothing is added.
sslbench:
  image: debian:12
  timeout: 2h
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    key: sslbench
    paths: [@TOOL@.deps, .sslbench-data]
  before_script:
    - apt-get update && apt-get install -y git ca-certificates python3 python3-pip
  script:
    - |
      set -eo pipefail
      @FETCH@
      @TOOL@scripts/setup
      @TOOL@scripts/build release sslbench sslbench-worker
      @DATA@
      server="$CI_SERVER_HOST:$CI_SERVER_PORT"
      # The target's history, where a merge request comes from a fork.
      project="${CI_MERGE_REQUEST_PROJECT_PATH:-$CI_PROJECT_PATH}"
      remote="$CI_SERVER_PROTOCOL://gitlab-ci-token:$CI_JOB_TOKEN@$server/$project.git"
      @OPEN@
      # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
      first=$((CI_PIPELINE_IID * 3))
      @MEASURE@
      # 0: passed or too little history, 1: regression, 4: missing, 5: not comparable. The job fails by it at its end:
      # what is not recorded cannot be accepted, and the next run would fail again.
      @GATE@
      if [ "$CI_COMMIT_BRANCH" != "$CI_DEFAULT_BRANCH" ]; then
        echo "sslbench: not the default branch; nothing is recorded"
      elif [ -z "$SSLBENCH_HISTORY_TOKEN" ]; then
        echo "sslbench: SSLBENCH_HISTORY_TOKEN is not set; nothing is recorded (the head of .gitlab-ci.yml says how)"
      else
        @RECORD@
        remote="$CI_SERVER_PROTOCOL://sslbench:$SSLBENCH_HISTORY_TOKEN@$server/$CI_PROJECT_PATH.git"
        message="@NAME@ at $CI_COMMIT_SHA"
        @PUSH@
      fi
      @VERDICT@
  artifacts:
    when: always
    paths: [results/@NAME@/report, results/@NAME@/runs/*.h5, results/@NAME@/plan.json, comment.md, gate.xml]
    reports:
      junit: gate.xml
)yaml";

}  // namespace sslbench
