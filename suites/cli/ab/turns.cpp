// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/ab/turns.h"

#include <signal.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

void add_tree(pid_t pid, std::vector<pid_t>& out) {
  out.push_back(pid);
  std::error_code ignored;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", ignored)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) add_tree(child, out);
  }
}

// A command with all that it started. Killed when it is left running, so that none stays stopped for ever.
class Player {
 public:
  explicit Player(const ProcessStart& start) : pid_(start_process(start)) { stop(); }
  ~Player() {
    if (!end_) signal_tree(SIGKILL);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  bool ended() {
    if (!end_) end_ = poll_process(pid_);
    return end_.has_value();
  }
  const ProcessEnd& end() const { return *end_; }
  void stop() const { signal_tree(SIGSTOP); }
  void go_on() const { signal_tree(SIGCONT); }
  void interrupt() const {
    go_on();
    signal_group(pid_, SIGINT);
  }

 private:
  // The process is not reaped while there is no end_, so that its number is nobody else's.
  void signal_tree(int signal) const {
    std::vector<pid_t> tree;
    add_tree(pid_, tree);
    for (const pid_t each : tree) ::kill(each, signal);
  }

  pid_t pid_;
  std::optional<ProcessEnd> end_;
};

// One turn; whether a signal ended it.
bool one_turn(Player& player, std::chrono::milliseconds turn, SignalWait& signals) {
  player.go_on();
  const auto until = Clock::now() + turn;
  for (auto left = turn; left.count() > 0 && !player.ended();
       left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now())) {
    const int signal = signals.wait(left);
    if (signal != 0 && signal != SIGCHLD) return true;
  }
  return false;
}

void wait_for_both(std::array<Player*, 2> players, SignalWait& signals) {
  constexpr auto kTick = std::chrono::milliseconds(100);
  for (Player* each : players) each->interrupt();
  while (!players[0]->ended() || !players[1]->ended()) {
    const int signal = signals.wait(kTick);
    if (signal == 0 || signal == SIGCHLD) continue;
    for (Player* each : players) each->interrupt();
  }
}

}  // namespace

TurnsEnd run_in_turns(const ProcessStart& first, const ProcessStart& second, std::chrono::milliseconds turn,
                      SignalWait& signals) {
  constexpr size_t kOrder[] = {0, 1, 1, 0};
  Player a(first), b(second);
  const std::array<Player*, 2> players{&a, &b};
  bool interrupted = false;
  for (size_t i = 0; !interrupted && (!a.ended() || !b.ended()); ++i) {
    Player& next = *players[kOrder[i % std::size(kOrder)]];
    if (next.ended()) continue;
    interrupted = one_turn(next, turn, signals);
    if (!next.ended()) next.stop();
  }
  if (interrupted) wait_for_both(players, signals);
  return {a.end(), b.end(), interrupted};
}

}  // namespace sslbench
