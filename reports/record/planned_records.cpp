// SPDX-License-Identifier: Apache-2.0
#include "reports/record/planned_records.h"

#include <set>
#include <system_error>

#include "reports/record/hdf5/record_guard.h"
#include "reports/record/packed_record.h"
#include "reports/record/record_pack.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// A file tells which run it is of; its name alone does not.
Record record_of(const RunSpec& run, const std::string& bytes, const std::string& file) {
  Record record = unpack_record(bytes, file);
  if (record.run == run.name() && record.row == run.row && record.seed == run.seed) return record;
  throw UserError(file + " is the record of another run, " + record.run + "; delete the file or take it from a copy");
}

void expect_each_once(const Plan& plan, const std::string& file) {
  std::set<std::string> names;
  for (const RunSpec& run : plan.runs) {
    if (names.insert(run.name()).second) continue;
    throw UserError(file + " lists the run " + run.name() + " twice; run the suite again to write it anew");
  }
}

// In a child: those parts of a file, for record_of().
std::string packed(const fs::path& file, RecordParts parts, bool read_all) {
  if (read_all) {
    read_record(file);
    const auto told = packed_parts(file);
    if (told && *told != pack_record(read_record(file, RecordParts::reported))) {
      throw UserError(file.string() + " says twice what it holds, and not the same; take it from a copy");
    }
  }
  if (parts == RecordParts::reported) {
    if (auto told = packed_parts(file)) return std::move(*told);
  }
  return pack_record(read_checked_record(file, parts));
}

}  // namespace

fs::path record_file(const fs::path& folder, const RunSpec& run) { return folder / "runs" / (run.name() + ".h5"); }

Plan read_results_plan(const fs::path& folder) {
  const fs::path file = folder / "plan.json";
  std::string text;
  try {
    text = read_regular_file(file, kMostPlanBytes);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory && error.code() != std::errc::not_a_directory) {
      throw UserError(file.string() + ": cannot be read: " + error.code().message());
    }
    throw UserError(folder.string() +
                    " is not a results folder: it holds no plan.json that can be read; name the folder "
                    "that `sslbench run SUITE -o FOLDER` wrote");
  }
  nlohmann::json content;
  try {
    content = parse_foreign_json(text);
  } catch (const nlohmann::json::exception& error) {
    throw UserError(file.string() + " is not JSON (" + json_mistake(error) + "); run the suite again to write it anew");
  }
  Plan plan = plan_from_json(std::move(content), file.string());
  expect_each_once(plan, file.string());
  return plan;
}

void read_planned_records(const fs::path& folder, const Plan& plan, const PartsOfRow& parts, const TakeRecord& take) {
  std::vector<fs::path> files;
  std::vector<RecordParts> parts_of_file;
  std::vector<bool> exists;  // by run
  std::set<std::string> rows;
  std::error_code none;
  for (const RunSpec& run : plan.runs) {
    exists.push_back(fs::is_regular_file(record_file(folder, run), none));
    if (!exists.back()) continue;
    files.push_back(record_file(folder, run));
    parts_of_file.push_back(rows.insert(run.row).second ? parts.first : parts.others);
  }
  RecordGuard guard(files, [&](size_t i) { return packed(files[i], parts_of_file[i], parts.read_all); });
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    std::optional<Record> record;
    std::string refused;
    if (!exists[r] && fs::exists(record_file(folder, plan.runs[r]), none)) {
      refused = record_file(folder, plan.runs[r]).string() + " is no regular file; remove it";
    }
    try {
      if (exists[r]) record = record_of(plan.runs[r], guard.take(), record_file(folder, plan.runs[r]).string());
    } catch (const UserError& error) {
      refused = error.what();
    }
    take(plan.runs[r], std::move(record), refused);
  }
}

}  // namespace sslbench
