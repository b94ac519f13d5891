// SPDX-License-Identifier: Apache-2.0
// The workflow for GitHub Actions that `sslbench ci init` writes (blocks and words as in ci_scripts.h). Actions are
// pinned by the commit of their release, tokens may do what their job needs, and no checkout keeps one.
#pragma once

#include <string_view>

namespace sslbench {

// Steps that both end with the programs; the second time the cache holds them.
inline constexpr std::string_view kGithubPrograms =
    R"yaml(- name: Tools of the steps
  run: apt-get update && apt-get install -y --no-install-recommends git ca-certificates python3 python3-pip
- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
  with:
    persist-credentials: false
- name: Let git read the checkout
  run: git config --global --add safe.directory "$GITHUB_WORKSPACE"
@SOURCE@
- name: What an earlier run built
  uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5
  with:
    path: |
      @TOOL@.deps
      @TOOL@build/release
    key: sslbench-programs-${{ hashFiles(@SOURCES@) }}
    restore-keys: sslbench-programs-
- name: Set-up and build
  run: |
    @BUILD@
)yaml";

inline constexpr std::string_view kGithubSource =
    R"yaml(- name: sslbench itself
  # This repository does not hold it: set both variables under Settings, Secrets and variables, Actions.
  env:
    SSLBENCH_REPOSITORY: ${{ vars.SSLBENCH_REPOSITORY }}
    SSLBENCH_REF: ${{ vars.SSLBENCH_REF }}
  run: |
    @FETCH@
)yaml";

// What the programs are compiled from.
inline constexpr std::string_view kGithubSources =
    "'@TOOL@CMakeLists.txt', '@TOOL@cmake/**', '@TOOL@datasets/**', '@TOOL@methods/**', '@TOOL@reports/**', "
    "'@TOOL@suites/**', '@TOOL@scripts/*.txt'";

// Saved by a step of its own: a job whose verdict is bad saves no cache at its end.
inline constexpr std::string_view kGithubData =
    R"yaml(- id: data
  uses: actions/cache/restore@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5
  with:
    path: .sslbench-data
    key: sslbench-data-@DATASETS@
- name: Datasets
  run: |
    echo "SSLBENCH_DATA=$PWD/.sslbench-data" >> "$GITHUB_ENV"
    @GET@
- if: steps.data.outputs.cache-hit != 'true'
  uses: actions/cache/save@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5
  with:
    path: .sslbench-data
    key: sslbench-data-@DATASETS@
)yaml";

// The token goes to git for this step alone, and into no file.
inline constexpr std::string_view kGithubToken =
    R"yaml(env:
  TOKEN: ${{ github.token }}
  GIT_CONFIG_COUNT: 1
  GIT_CONFIG_KEY_0: credential.helper
  GIT_CONFIG_VALUE_0: '!f() { echo username=x-access-token; echo "password=$TOKEN"; }; f'
)yaml";

// One comment for all suites, found again by its mark.
inline constexpr std::string_view kGithubComment =
    R"js(const fs = require('fs');
const files = fs.existsSync('comments') ? fs.readdirSync('comments').sort() : [];
if (files.length === 0) return;
const mark = '<!-- sslbench -->';
const body = [mark, ...files.map(file => fs.readFileSync('comments/' + file, 'utf8'))].join('\n').slice(0, 65000);
const where = {owner: context.repo.owner, repo: context.repo.repo};
const all = await github.paginate(github.rest.issues.listComments,
                                  {...where, issue_number: context.issue.number});
const old = all.find(comment => comment.user.type === 'Bot' && comment.body.startsWith(mark));
if (old) await github.rest.issues.updateComment({...where, comment_id: old.id, body});
else await github.rest.issues.createComment({...where, issue_number: context.issue.number, body});
)js";

inline constexpr std::string_view kGithubWorkflow =
    R"yaml(# Written by `sslbench ci init --github`: runs suites, gates them against earlier runs, shows the outcome.
@ABOUT@
name: sslbench
on:
  pull_request:
  push:
    branches: ['**'] # of which only the default branch is measured, whatever its name
  schedule:
    - cron: '17 3 * * 1'
  workflow_dispatch:
    inputs:
      seeds:
        description: Seeds of each row; 10 at once on the default branch make a history that the gate judges by
        type: number
        default: 3
permissions: {}
concurrency:
  # A newer push to a pull request ends what the older one started; other events wait for nothing and end nothing.
  group: sslbench-${{ github.event.pull_request.number || github.run_id }}
  cancel-in-progress: true
jobs:
  programs:
    name: Programs
    if: github.event_name != 'push' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 120
    permissions:
      contents: read # checkout
    outputs:
      # A schedule's event names no repository, and is always the default branch's.
      records: ${{ github.event_name == 'schedule' || github.ref_name == github.event.repository.default_branch }}
    defaults:
      run:
        shell: bash
    steps:
      @PROGRAMS@
  suite:
    name: Suite ${{ matrix.name }}
    needs: programs
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 120
    permissions:
      contents: read # checkout, history
    strategy:
      fail-fast: false
      matrix:
        include:
          @SUITES@
    env:
      SUITE: ${{ matrix.suite }}
      NAME: ${{ matrix.name }}
      RULES: ${{ matrix.rules }}
      SEEDS: ${{ inputs.seeds || 3 }}
    defaults:
      run:
        shell: bash
    steps:
      @PROGRAMS@
      - name: History of the default branch
        @TOKEN@
        run: |
          remote=origin
          @OPEN@
      @DATA@
      - name: Suite
        # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
        run: |
          first=$((GITHUB_RUN_NUMBER * 100))
          @MEASURE@
      - name: Gate
        # 0: passed or too little history, 1: regression, 4: missing, 5: not comparable. The last step fails by it: what
        # is not recorded cannot be accepted, and the next run would fail again.
        run: |
          @GATE@
      - name: Record in history
        id: record
        if: needs.programs.outputs.records == 'true'
        run: |
          @RECORD@
          if [ "$code" = 0 ]; then
            mkdir sslbench-recorded && xargs -d '\n' cp --parents -t sslbench-recorded <<< "$files"
            echo "recorded=yes" >> "$GITHUB_OUTPUT"
          fi
      - name: Keep the record
        if: steps.record.outputs.recorded == 'yes'
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
        with:
          name: sslbench-recorded-${{ matrix.name }}
          path: sslbench-recorded
      - name: Summary
        if: always()
        run: if [ -f "comment-$NAME.md" ]; then cat "comment-$NAME.md" >> "$GITHUB_STEP_SUMMARY"; fi
      - name: Keep the comment
        if: always()
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
        with:
          name: sslbench-comment-${{ matrix.name }}
          path: comment-${{ matrix.name }}.md
          if-no-files-found: ignore
      - name: Artefacts
        if: always()
        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
        with:
          name: sslbench-results-${{ matrix.name }}
          path: |
            results/${{ matrix.name }}/report
            results/${{ matrix.name }}/runs/*.h5
            results/${{ matrix.name }}/plan.json
            gate.xml
      - name: Verdict
        run: |
          @VERDICT@
  # Jobs of their own: only these may write, and they run no code of a pull request.
  comment:
    name: Comment
    needs: suite
    # Pull requests from forks get a token that may not write: the summaries of the suites hold the same text.
    if: ${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      pull-requests: write # the comment
    steps:
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1
        with:
          pattern: sslbench-comment-*
          path: comments
          merge-multiple: true
      - uses: actions/github-script@ed597411d8f924073f98dfc5c65a23a2325f34cd # v8.0.0
        with:
          script: |
            @COMMENT@
  record:
    name: Record
    needs: [programs, suite]
    if: ${{ !cancelled() && needs.programs.outputs.records == 'true' }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write # the branch sslbench-history
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: History of the default branch
        @TOKEN@
        run: |
          remote=origin
          @OPEN@
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1
        with:
          pattern: sslbench-recorded-*
          merge-multiple: true
      - name: Push
        @TOKEN@
        run: |
          remote=origin
          message="sslbench at $GITHUB_SHA"
          @PUSH@
)yaml";

}  // namespace sslbench
