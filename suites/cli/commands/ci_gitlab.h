// SPDX-License-Identifier: Apache-2.0
// The job for GitLab that `sslbench ci init` writes (blocks and words as in ci_scripts.h).
#pragma once

#include <string_view>

namespace sslbench {

inline constexpr std::string_view kGitlabJob =
    R"yaml(# Written by `sslbench ci init --gitlab`: runs suites, gates them against earlier runs, shows the outcome.
@ABOUT@
# A pipeline started by hand with the variable SEEDS = 10 on the default branch makes a history that the gate judges by.
# Pushing takes a project access token with the scope write_repository, as the masked and protected CI variable
# SSLBENCH_HISTORY_TOKEN. Without it results are gated against what is recorded, and nothing is added.
sslbench:
  image: debian:12
  timeout: 2h
  interruptible: true # a newer pipeline of a merge request ends the older one, where the project says so
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH # pushes, schedules and pipelines started by hand
      interruptible: false
  parallel:
    matrix:
      @SUITES@
  cache:
    key: sslbench
    when: always
    paths: [@TOOL@.deps, @TOOL@build/release, .sslbench-data]
  before_script:
    - apt-get update && apt-get install -y --no-install-recommends git ca-certificates python3 python3-pip
  script:
    - |
      set -eo pipefail
      @FETCH@
      @BUILD@
      @DATA@
      server="$CI_SERVER_HOST:$CI_SERVER_PORT"
      # The target's history, where a merge request comes from a fork.
      project="${CI_MERGE_REQUEST_PROJECT_PATH:-$CI_PROJECT_PATH}"
      remote="$CI_SERVER_PROTOCOL://gitlab-ci-token:$CI_JOB_TOKEN@$server/$project.git"
      @OPEN@
      # Seeds rotate: the same seed on the same code is one run repeated, which history would not count.
      first=$((CI_PIPELINE_IID * 100))
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
        message="$NAME at $CI_COMMIT_SHA"
        @PUSH@
      fi
      @VERDICT@
  artifacts:
    when: always
    paths: [results/$NAME/report, results/$NAME/runs/*.h5, results/$NAME/plan.json, comment-$NAME.md, gate.xml]
    reports:
      junit: gate.xml
)yaml";

}  // namespace sslbench
