// SPDX-License-Identifier: Apache-2.0
#include "reports/planned_records.h"

#include <set>
#include <system_error>

#include "reports/record_guard.h"
#include "reports/record_pack.h"
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
  nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
  if (content.is_discarded()) throw UserError(file.string() + " is not JSON; run the suite again to write it anew");
  return plan_from_json(std::move(content), file.string());
}

void read_planned_records(const fs::path& folder, const Plan& plan, const PartsOfRow& parts, const TakeRecord& take) {
  std::vector<fs::path> files;
  std::vector<RecordParts> parts_of_file;
  std::vector<bool> exists;  // by run
  std::set<std::string> rows;
  std::error_code none;
  for (const RunSpec& run : plan.runs) {
    exists.push_back(fs::exists(record_file(folder, run), none));
    if (!exists.back()) continue;
    files.push_back(record_file(folder, run));
    parts_of_file.push_back(rows.insert(run.row).second ? parts.first : parts.others);
  }
  RecordGuard guard(files, [&](size_t i) { return pack_record(read_checked_record(files[i], parts_of_file[i])); });
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    std::optional<Record> record;
    std::string refused;
    try {
      if (exists[r]) record = unpack_record(guard.take());
    } catch (const UserError& error) {
      refused = error.what();
    }
    take(plan.runs[r], std::move(record), refused);
  }
}

}  // namespace sslbench
