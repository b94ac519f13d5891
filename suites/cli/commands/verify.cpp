// SPDX-License-Identifier: Apache-2.0
// sslbench verify DIR: whether a results folder is whole, and what should be known before its numbers are believed.
#include <iostream>
#include <map>
#include <set>
#include <system_error>

#include "reports/record/planned_records.h"
#include "reports/record/revision_of.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/results_place.h"
#include "suites/files/bounded_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

enum class Severity { note, incomplete, failed, damaged };

struct Finding {
  Severity severity;
  std::string what;
};

class Verification {
 public:
  explicit Verification(const ResultsPlace& place) : folder_(place.folder()), bundled_(place.archive()) {
    plan_ = plan_in(folder_, "verify");
  }

  void carry_out() {
    std::set<std::string> planned;
    const auto take = [&](const RunSpec& run, const std::optional<Record>& record, const std::string& refused) {
      planned.insert(run.name());
      if (!refused.empty()) return add(Severity::damaged, refused);
      if (!record) return add(Severity::incomplete, run.name() + ": not run");
      check_run(run, *record);
    };
    read_planned_records(folder_, plan_, {RecordParts::headline, RecordParts::headline, true}, take);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "runs", none)) {
      const std::string name = entry.path().stem().string();
      if (!planned.contains(name)) add(Severity::note, entry.path().filename().string() + ": no plan asks for it");
    }
    for (const std::string& mistake : checksum_mistakes(folder_)) add(Severity::damaged, mistake);
    if (bundled_ && !fs::exists(folder_ / kChecksums, none)) {
      add(Severity::damaged, std::string(kChecksums) + ": missing, though every bundle has one");
    }
    check_seeds();
    for (const auto& [key, values] : environments_) {
      if (values.size() < 2) continue;
      std::string list;
      for (const std::string& value : values) list += (list.empty() ? "" : ", ") + value;
      add(Severity::note, "records differ in " + key + ": " + list);
    }
  }

  const std::vector<Finding>& findings() const { return findings_; }
  const Plan& plan() const { return plan_; }
  size_t final_runs() const { return final_; }

 private:
  void add(Severity severity, const std::string& what) { findings_.push_back({severity, what}); }

  void check_run(const RunSpec& run, const Record& record) {
    if (!record.final()) return add(Severity::failed, run.name() + ": " + record.status);
    ++final_;
    ++seeds_[run.row];
    if (run_status(record.status).collapsed()) add(Severity::note, run.name() + ": collapsed");
    for (const char* key : {"revision", "build_type", "machine_class", "compiler", "libtorch"}) {
      if (record.environment.contains(key)) environments_[key].insert(record.environment.at(key).dump());
    }
    if (flag_of(record.environment, "dirty", false)) add(Severity::note, run.name() + ": dirty tree");
    check_weights(run);
  }

  void check_weights(const RunSpec& run) {
    std::error_code none;
    if (!fs::is_regular_file(run.backbone_file(), none)) return;
    try {
      const std::string bytes = read_regular_file(run.backbone_file(), kMostWeightBytes);
      if (!parse_safetensors(bytes).metadata.contains("sha256")) {
        add(Severity::note, run.backbone_file().string() + ": carries no checksum");
      }
    } catch (const std::exception& error) {  // not safetensors, unreadable
      add(Severity::damaged, run.backbone_file().string() + ": " + error.what());
    }
  }

  void check_seeds() {
    std::map<std::string, size_t> planned;
    for (const RunSpec& run : plan_.runs) ++planned[run.row];
    for (const auto& [row, count] : planned) {
      if (count < 3) add(Severity::note, row + ": " + counted(count, "planned seed") + "; 3 give an interval");
      if (seeds_[row] < count && seeds_[row] > 0) {
        add(Severity::note,
            row + ": " + std::to_string(seeds_[row]) + " of " + std::to_string(count) + " seeds ended well");
      }
    }
  }

  fs::path folder_;
  bool bundled_;
  Plan plan_;
  std::vector<Finding> findings_;
  size_t final_ = 0;
  std::map<std::string, size_t> seeds_;
  std::map<std::string, std::set<std::string>> environments_;
};

const char* name_of(Severity severity) {
  constexpr const char* names[] = {"note", "incomplete", "failed", "damaged"};
  return names[static_cast<int>(severity)];
}

}  // namespace

ExitCode verify_results(const VerifyOptions& options) {
  const ResultsPlace place(options.folder);
  Verification verification(place);
  verification.carry_out();
  ExitCode code = ExitCode::done;
  json list = json::array();
  for (const auto& [severity, what] : verification.findings()) {
    if (severity == Severity::damaged) code = strongest({code, ExitCode::user_error});
    if (severity == Severity::failed) code = strongest({code, ExitCode::runs_failed});
    if (severity == Severity::incomplete) code = strongest({code, ExitCode::nothing});
    list.push_back({{"severity", name_of(severity)}, {"what", what}});
    if (!options.json) std::cout << name_of(severity) << ": " << printable(what) << "\n";
  }
  const size_t runs = verification.plan().runs.size();
  if (options.json) {
    std::cout << json({{"schema", "sslbench.verify/1"},
                       {"runs", runs},
                       {"final", verification.final_runs()},
                       {"findings", list}})
                     .dump(1, ' ', false, json::error_handler_t::replace)
              << "\n";
  } else {
    std::cout << verification.final_runs() << " of " << runs << " runs are final and readable\n";
  }
  return code;
}

}  // namespace sslbench
