// SPDX-License-Identifier: Apache-2.0
// What `sslbench ci init` writes; @SUITE@ is the suite's name.
#pragma once

#include <string_view>

namespace sslbench {

inline constexpr std::string_view kGateRules =
    R"toml(# What the CI job fails on. Only accuracies: machines of a shared CI differ from run to run, so that speed and memory
# cannot be compared there; add pretrain.throughput = { max_drop = 5, unit = "percent" } on a machine of your own.
[gate]
linear_probe.top1 = { max_drop = 5, unit = "points" }
)toml";

inline constexpr std::string_view kGithubWorkflow =
    R"yaml(# Written by `sslbench ci init --github`: runs the suite, gates it against earlier runs of main, shows the outcome.
name: sslbench
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  pull-requests: write
jobs:
  benchmark:
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 120
    defaults:
      run:
        shell: bash
    steps:
      - name: Tools of the steps
        run: apt-get update && apt-get install -y git ca-certificates python3 python3-pip
      - uses: actions/checkout@v4
      - name: Let git read the checkout
        run: git config --global --add safe.directory "$GITHUB_WORKSPACE"
      - uses: actions/cache@v4
        with:
          path: .deps
          key: sslbench-deps-${{ hashFiles('scripts/libtorch-cpu.txt') }}
      - name: History of main
        uses: actions/cache/restore@v4
        with:
          path: history
          key: sslbench-history-${{ github.run_id }}
          restore-keys: sslbench-history-
      - name: Set-up and build
        run: scripts/setup && scripts/build release sslbench sslbench-worker
      - name: Suite
        # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
        run: |
          first=$((GITHUB_RUN_NUMBER * 3))
          build/release/bin/sslbench run @SUITE@ --seeds "$first..$((first + 2))" -o results/@SUITE@
          build/release/bin/sslbench report results/@SUITE@ --html
      - name: Gate
        # 0: passed or too little history, 1: regression, 4: missing, 5: not comparable.
        run: |
          mkdir -p history
          build/release/bin/sslbench gate results/@SUITE@ --history history --rules sslbench-gate.toml \
            --markdown comment.md --junit gate.xml
      - name: Record in history
        if: github.event_name == 'push'
        run: build/release/bin/sslbench history record results/@SUITE@ --history history
      - name: Keep history
        if: github.event_name == 'push'
        uses: actions/cache/save@v4
        with:
          path: history
          key: sslbench-history-${{ github.run_id }}
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
            results/@SUITE@/report
            results/@SUITE@/runs/*.h5
            results/@SUITE@/plan.json
            comment.md
            gate.xml
)yaml";

inline constexpr std::string_view kGitlabJob =
    R"yaml(# Written by `sslbench ci init --gitlab`: runs the suite, gates it against earlier runs of the default branch.
sslbench:
  image: debian:12
  timeout: 2h
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    - key:
        files: [scripts/libtorch-cpu.txt]
      paths: [.deps]
    - key: sslbench-history
      paths: [history]
  before_script:
    - apt-get update && apt-get install -y git ca-certificates python3 python3-pip
  script:
    - scripts/setup && scripts/build release sslbench sslbench-worker
    # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
    - first=$((CI_PIPELINE_IID * 3))
    - build/release/bin/sslbench run @SUITE@ --seeds "$first..$((first + 2))" -o results/@SUITE@
    - build/release/bin/sslbench report results/@SUITE@ --html
    - mkdir -p history
    # 0: passed or too little history, 1: regression, 4: missing, 5: not comparable.
    - build/release/bin/sslbench gate results/@SUITE@ --history history --rules sslbench-gate.toml
      --markdown comment.md --junit gate.xml
    - if [ "$CI_COMMIT_BRANCH" = "$CI_DEFAULT_BRANCH" ]; then
      build/release/bin/sslbench history record results/@SUITE@ --history history; fi
  artifacts:
    when: always
    paths: [results/@SUITE@/report, results/@SUITE@/runs/*.h5, results/@SUITE@/plan.json, comment.md, gate.xml]
    reports:
      junit: gate.xml
)yaml";

}  // namespace sslbench
