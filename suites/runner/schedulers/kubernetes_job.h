// SPDX-License-Identifier: Apache-2.0
// An Indexed Job of Kubernetes (batch/v1, from 1.33 on: backoffLimitPerIndex) for people to read, edit and apply.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sslbench {

struct KubernetesJob {
  std::string suite, image;
  std::filesystem::path out, data_root;  // mounted where they lie here
  std::filesystem::path list;            // OUT/submit/<n>/list
  int64_t tasks = 1, runs_per_task = 1;
  int64_t at_once = 0;  // 0 = all
  int threads = 1, ranks = 1;
  bool gpu = false;  // one for each rank
};

// One index a task. Of the codes of `sslbench run --spec`, 75 (saved) starts the index again without counting, 2 and 3
// end it, and whatever else (the pod was killed) is tried three times more.
std::string kubernetes_job(const KubernetesJob& job);

}  // namespace sslbench
