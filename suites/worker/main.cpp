// SPDX-License-Identifier: Apache-2.0
// sslbench-worker: carries out one run, or tells what this build can do. `sslbench run` starts it; its exit codes are
// private (suites/handover/worker_exit.h).
#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "methods/method.h"
#include "suites/files/atomic_file.h"
#include "suites/files/standard_streams.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/memory/machine_memory.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/printable.h"
#include "suites/handover/worker_exit.h"
#include "suites/plan/run_spec.h"
#include "suites/plan/training_text.h"
#include "suites/training/device_meter.h"
#include "suites/training/meters/cpu_allocator.h"
#include "suites/worker/build_catalog.h"
#include "suites/worker/calibrate.h"
#include "suites/worker/check.h"
#include "suites/worker/log/log.h"
#include "suites/worker/process/crash_word.h"
#include "suites/worker/process/stop_signal.h"
#include "suites/worker/run.h"
#include "suites/worker/run_features.h"

namespace {

using namespace sslbench;

constexpr const char* kUsage =
    "usage: sslbench-worker RUNSPEC.json            carry out one run\n"
    "       sslbench-worker catalog                 print every plugin with its settings as JSON\n"
    "       sslbench-worker check RUNSPEC.json...   construct runs without data, print what is wrong\n"
    "       sslbench-worker calibrate RUNSPEC.json  take a few steps or features, print time and memory as JSON\n"
    "       sslbench-worker features RUNSPEC.json FILE.safetensors  write a finished run's features\n";

// Text of ours or of a file, on a stream that a person or a CI reads.
int say(std::FILE* stream, const std::string& text, int code) {
  std::fprintf(stream, "%s\n", printable_lines(with_short_quotes(text)).c_str());
  return code;
}

void expect_device(const RunSpec& spec, const std::string& file) {
  try {
    const c10::Device device(spec.device);
    if (device.is_cpu() || device.is_cuda()) return;
  } catch (const c10::Error&) {  // the text is no device at all
  }
  throw UserError(file + ": device: expected cpu, cuda or cuda:<i>, got '" + spec.device + "'");
}

RunSpec load(const std::string& file) {
  try {
    RunSpec spec = run_spec_from_json(parse_foreign_json(read_file(file)), file);
    expect_device(spec, file);
    if (spec.worker.empty()) spec.worker = own_worker_digest();
    return spec;
  } catch (const nlohmann::json::exception& error) {
    throw UserError(file + ": not JSON: " + json_mistake(error));
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::storage, std::string("cannot read ") + error.what());
  }
}

// "cuda:1" -> loads the plugin; "cpu" needs nothing.
void prepare_device(const RunSpec& spec) {
  if (!spec.device.starts_with("cuda")) return;
  load_cuda(spec.device.size() > 5 ? std::stoi(spec.device.substr(5)) : 0);
}

// Of the ranks of a machine each takes its own GPU: the one that its front end chose, or that of its number.
std::string device_of_rank(const RunSpec& spec, const Meeting& meeting) {
  if (meeting.size == 1 || !spec.device.starts_with("cuda")) return spec.device;
  if (const char* chosen = std::getenv("SSLBENCH_DEVICE"); chosen != nullptr) return chosen;
  return "cuda:" + std::to_string(meeting.local_rank);
}

// An unknown method is told of by who carries the run out.
bool trains(const RunSpec& spec) {
  const auto& methods = Registry<MethodEntry>::all();
  const auto found = methods.find(spec.method);
  return found == methods.end() || found->second.trains;
}

int check(const std::vector<std::string>& files) {
  int wrong = 0;
  for (const std::string& file : files) {
    const std::string reason = check_run(load(file));
    if (reason.empty()) continue;
    say(stdout, file + ": " + reason, 2);
    ++wrong;
  }
  return wrong == 0 ? 0 : 2;
}

int dispatch(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "catalog") {
    std::printf("%s\n", catalog_to_json(build_catalog()).dump(1).c_str());
    return 0;
  }
  if (words.size() >= 2 && words[0] == "check") return check({words.begin() + 1, words.end()});
  if (words.size() == 2 && words[0] == "calibrate") {
    const RunSpec spec = load(words[1]);
    prepare_device(spec);
    std::printf("%s\n", calibrate(spec, available_memory().value_or(INT64_MAX) / 16 * 15).c_str());
    return 0;
  }
  if (words.size() == 3 && words[0] == "features") {
    const RunSpec spec = load(words[1]);
    prepare_device(spec);
    write_features(spec, words[2]);
    return 0;
  }
  if (words.size() != 1 || words[0].starts_with("-")) {
    std::fputs(kUsage, words.size() == 1 && words[0] == "--help" ? stdout : stderr);
    return words.size() == 1 && words[0] == "--help" ? 0 : 2;
  }
  RunSpec spec = load(words[0]);
  const Meeting meeting = meeting_from_environment();
  expect_planned_ranks(meeting, spec.name(), spec.ranks);
  spec.device = device_of_rank(spec, meeting);
  prepare_device(spec);
  const std::string rank =
      meeting.size == 1 ? "" : "rank " + std::to_string(meeting.rank) + " of " + std::to_string(meeting.size) + ", ";
  log_info("run " + spec.name() + " starts: " + rank + std::to_string(spec.threads) + " threads, " + spec.device +
           "; " + run_training_text(spec, trains(spec)));
  return carry_out(spec, meeting);
}

}  // namespace

int main(int argc, char** argv) {
  fill_closed_standard_streams();
  explain_crashes_near_memory_limit();
  install_cpu_allocator();
  install_stop_signals();
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const UserError& error) {
    return say(stderr, std::string("error: ") + error.what(), 2);
  } catch (const RunFailure& error) {  // before there is a run that could say so in its failure.json
    return say(stderr, std::string("error: ") + error.what(), kWorkerFailedMute);
  } catch (const c10::Error& error) {  // settings that LibTorch refuses; what follows the first line is a stack
    const std::string what = error.what_without_backtrace();
    return say(stderr, "error: " + first_line(what), tells_of_lack_of_memory(what) ? kWorkerFailedMute : 2);
  } catch (const std::exception& error) {
    return say(stderr, std::string("internal error: ") + error.what(), 70);
  }
}
