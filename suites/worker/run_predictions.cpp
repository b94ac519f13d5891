// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_predictions.h"

#include <system_error>

#include "suites/ground/error.h"

namespace sslbench {

namespace fs = std::filesystem;

void publish_predictions(const RunSpec& spec) {
  const fs::path from = spec.work_folder() / "predictions", to = spec.out / "predictions" / spec.name();
  std::error_code error;
  fs::remove_all(to, error);
  if (!fs::exists(from, error)) return;
  fs::create_directories(to.parent_path(), error);
  fs::rename(from, to, error);
  if (error) throw RunFailure(FailureKind::storage, to.string() + ": " + error.message());
}

}  // namespace sslbench
