// SPDX-License-Identifier: Apache-2.0
#include "reports/planned_records.h"

#include <system_error>

#include "reports/record_guard.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

fs::path record_file(const fs::path& folder, const RunSpec& run) { return folder / "runs" / (run.name() + ".h5"); }

}  // namespace

Plan read_results_plan(const fs::path& folder) {
  const fs::path file = folder / "plan.json";
  std::string text;
  try {
    text = read_file(file);
  } catch (const std::system_error&) {
    throw UserError(folder.string() +
                    " is not a results folder: it holds no plan.json that can be read; name the folder "
                    "that `sslbench run SUITE -o FOLDER` wrote");
  }
  const nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
  if (content.is_discarded()) throw UserError(file.string() + " is not JSON; run the suite again to write it anew");
  return plan_from_json(content, file.string());
}

void read_planned_records(const fs::path& folder, const Plan& plan,
                          const std::function<RecordParts(const RunSpec&)>& parts_of, const TakeRecord& take) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const RunSpec& run : plan.runs) {
    if (fs::exists(record_file(folder, run), none)) files.push_back(record_file(folder, run));
  }
  RecordGuard guard(files);
  size_t next = 0;
  for (const RunSpec& run : plan.runs) {
    std::optional<Record> record;
    std::string refused;
    if (next < files.size() && files[next] == record_file(folder, run)) {
      try {
        guard.check(next++);
        record = read_record(files[next - 1], parts_of(run));
      } catch (const UserError& error) {
        refused = error.what();
      }
    }
    take(run, std::move(record), refused);
  }
}

}  // namespace sslbench
