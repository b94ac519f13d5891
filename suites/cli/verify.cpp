// SPDX-License-Identifier: Apache-2.0
// sslbench verify DIR: whether a results folder is whole, and what should be known before its numbers are believed.
// Records are opened in a child with limits: a file made to crash the HDF5 library ends the child, not the command.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <set>
#include <system_error>

#include "reports/snapshot.h"
#include "suites/cli/commands.h"
#include "suites/cli/results_place.h"
#include "suites/runner/output_folder.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"
#include "suites/spec/safetensors_header.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr rlim_t kMostMemory = rlim_t{4} << 30, kMostSeconds = 60;

enum class Severity { note, incomplete, failed, damaged };

struct Finding {
  Severity severity;
  std::string what;
};

void limit(int resource, rlim_t most) {
  const rlimit to{most, most};
  ::setrlimit(resource, &to);
}

// The record as the child reads it: "" and a line about it in `facts`, or why it cannot be read.
[[noreturn]] void read_in_child(const fs::path& file, int pipe) {
  limit(RLIMIT_AS, kMostMemory);
  limit(RLIMIT_CPU, kMostSeconds);
  limit(RLIMIT_CORE, 0);
  std::string said;
  try {
    const Record record = read_record(file);
    said = json({{"run", record.run},
                 {"row", record.row},
                 {"seed", record.seed},
                 {"status", record.status},
                 {"environment", record.environment}})
               .dump(-1, ' ', false, json::error_handler_t::replace);
  } catch (const std::exception& error) {
    said = std::string("!") + error.what();
  }
  for (size_t at = 0; at < said.size();) {
    const ssize_t wrote = ::write(pipe, said.data() + at, said.size() - at);
    if (wrote <= 0) break;
    at += static_cast<size_t>(wrote);
  }
  ::_exit(0);
}

// What the child said; a child that died says so.
std::string facts_of(const fs::path& file) {
  int ends[2];
  if (::pipe(ends) != 0) throw UserError("verify: no pipe: " + std::generic_category().message(errno));
  std::cout.flush();
  const pid_t child = ::fork();
  if (child < 0) throw UserError("verify: no child process: " + std::generic_category().message(errno));
  if (child == 0) {
    ::close(ends[0]);
    read_in_child(file, ends[1]);
  }
  ::close(ends[1]);
  std::string said;
  char part[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;) said.append(part, static_cast<size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) {
    return "!" + file.string() + ": reading it ended with signal " + std::to_string(WTERMSIG(status)) +
           "; the file is damaged or hostile";
  }
  return said;
}

class Verification {
 public:
  explicit Verification(const fs::path& folder) : folder_(folder) {
    const auto plan = read_plan(folder);
    if (!plan) throw UserError("verify: " + folder.string() + " holds no plan.json; name a results folder");
    plan_ = *plan;
  }

  void carry_out() {
    std::set<std::string> planned;
    for (const RunSpec& run : plan_.runs) {
      planned.insert(run.name());
      check_run(run);
    }
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "runs", none)) {
      const std::string name = entry.path().stem().string();
      if (!planned.contains(name)) add(Severity::note, entry.path().filename().string() + ": no plan asks for it");
    }
    for (const std::string& mistake : checksum_mistakes(folder_)) add(Severity::damaged, mistake);
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

  void check_run(const RunSpec& run) {
    std::error_code none;
    if (!fs::exists(run.record_file(), none)) return add(Severity::incomplete, run.name() + ": not run");
    const std::string said = facts_of(run.record_file());
    const json facts = said.starts_with("!") ? json() : json::parse(said, nullptr, false);
    if (!facts.is_object()) return add(Severity::damaged, said.empty() ? run.name() + ": unreadable" : said.substr(1));
    if (facts.at("run") != run.name() || facts.at("row") != run.row || facts.at("seed") != run.seed) {
      add(Severity::damaged, run.record_file().string() + ": is the record of another run: " + facts.at("run").dump());
    }
    const std::string status = facts.at("status");
    if (status != "ok" && status != "collapsed") return add(Severity::failed, run.name() + ": " + status);
    ++final_;
    ++seeds_[run.row];
    if (status == "collapsed") add(Severity::note, run.name() + ": collapsed");
    for (const char* key : {"revision", "build_type", "machine_class", "compiler", "libtorch"}) {
      const json& environment = facts.at("environment");
      if (environment.contains(key)) environments_[key].insert(environment.at(key).dump());
    }
    if (facts.at("environment").value("dirty", json(false)) == true) add(Severity::note, run.name() + ": dirty tree");
    check_weights(run);
  }

  void check_weights(const RunSpec& run) {
    std::error_code none;
    if (!fs::exists(run.backbone_file(), none)) return;
    try {
      const std::string bytes = read_file(run.backbone_file());
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
      if (count < 3) add(Severity::note, row + ": " + std::to_string(count) + " planned seeds; 3 give an interval");
      if (seeds_[row] < count && seeds_[row] > 0) {
        add(Severity::note,
            row + ": " + std::to_string(seeds_[row]) + " of " + std::to_string(count) + " seeds ended well");
      }
    }
  }

  fs::path folder_;
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
  Verification verification(place.folder());
  verification.carry_out();
  ExitCode code = ExitCode::done;
  json list = json::array();
  for (const auto& [severity, what] : verification.findings()) {
    if (severity == Severity::damaged) code = strongest({code, ExitCode::user_error});
    if (severity == Severity::failed) code = strongest({code, ExitCode::runs_failed});
    if (severity == Severity::incomplete) code = strongest({code, ExitCode::nothing});
    list.push_back({{"severity", name_of(severity)}, {"what", what}});
    if (!options.json) std::cout << name_of(severity) << ": " << what << "\n";
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
