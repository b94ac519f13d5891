// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/failure_file.h"

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/foreign_json.h"
#include "suites/handover/work_files.h"

namespace sslbench {

using nlohmann::json;

std::string WorkerFailure::text() const {
  if (stage.empty()) return message;
  return message + " (stage " + stage + (step >= 0 ? ", step " + std::to_string(step) : "") + ")";
}

void write_failure(const RunSpec& run, const WorkerFailure& failure) {
  const json content = {{"kind", failure_name(failure.kind)},
                        {"message", failure.message},
                        {"stage", failure.stage},
                        {"step", failure.step}};
  write_atomically(failure_file(run), content.dump());
}

WorkerFailure read_failure(const RunSpec& run) {
  try {
    const json from = parse_foreign_json(read_regular_file(failure_file(run), kMostWorkFileBytes));
    return {failure_from_name(from.at("kind").get<std::string>()), from.at("message").get<std::string>(),
            from.value("stage", ""), from.value("step", int64_t{-1})};
  } catch (const std::exception&) {
    return {FailureKind::internal, "the worker failed and left no readable failure.json; see its log", "", -1};
  }
}

}  // namespace sslbench
