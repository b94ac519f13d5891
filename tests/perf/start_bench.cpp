// SPDX-License-Identifier: Apache-2.0
// start/<command>: wall time of a command that only reads, from its start to its end; promised: under 0.1 s. Those that
// read results (status, report, verify) need a results folder: SSLBENCH_RESULTS_FOLDER names one; report writes there.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {
namespace {

using Words = std::vector<std::string>;

std::string front_end() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sslbench").string();
}

// Runs `sslbench WORDS` with its output thrown away; its exit status, or -1 when it could not be started.
int run_quietly(const Words& words) {
  std::string program = front_end();
  Words owned = words;
  std::vector<char*> arguments{program.data()};
  for (std::string& word : owned) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  return error == 0 && waitpid(child, &status, 0) == child ? status : -1;
}

void start(benchmark::State& state, const Words& words) {
  // The first time apart: `plan` then asks a worker whether the rows can be built, and keeps the answer.
  if (run_quietly(words) != 0) return state.SkipWithError("the command failed");
  for (auto _ : state) run_quietly(words);
}

}  // namespace

void register_start_benchmarks() {
  std::vector<Words> commands = {{"--help"},
                                 {"--version"},
                                 {"list"},
                                 {"describe", "method", "simclr"},
                                 {"data", "list"},
                                 {"env"},
                                 {"plan", "--no-calibrate", "quickstart"}};
  if (const char* results = std::getenv("SSLBENCH_RESULTS_FOLDER")) {
    for (const char* command : {"status", "report", "verify"}) commands.push_back({command, results});
  }
  for (const Words& words : commands) {
    const std::string name = "start/" + words[0].substr(words[0].find_first_not_of('-'));
    benchmark::RegisterBenchmark(name.c_str(), [words](benchmark::State& state) { start(state, words); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace sslbench
