// SPDX-License-Identifier: Apache-2.0
// A suite of seconds in a folder of its own, carried out by the programs of this build.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/record.h"
#include "tests/faults/program.h"

namespace sslbench {

// Saves after every step, so that a resume starts in the middle of training. Its rows are carried out in the order
// simclr (80 steps), supervised (40 steps), random_init (none): the longest first.
inline constexpr const char* kTinySuite = R"(# Does a tiny suite survive?
dataset = { name = "shapes", size = 32, train_images = 128, test_images = 64 }
backbone = "convnet"
threads = 1

[pretrain]
epochs = 10
batch_size = 16
precision = "fp32"
checkpoint_seconds = 0
hash_every = 1

[methods.random_init]
[methods.simclr]
hidden = 32
projection = 16
[methods.supervised]
pretrain = { epochs = 5 }

[protocols.knn]
[protocols.linear_probe]
epochs = 3
)";

class TinySuite {
  ScratchFolder scratch_;

 public:
  explicit TinySuite(const std::string& text = kTinySuite);

  // `sslbench WORDS` in folder(), with a data root and a cache of its own.
  std::vector<std::string> command(std::vector<std::string> words) const;
  Ending sslbench(std::vector<std::string> words, double limit = 120) const;
  // `sslbench run SUITE -o OUT MORE`, to its end or (words for Program) to be disturbed.
  Ending run(std::vector<std::string> more = {}, double limit = 120) const;
  std::vector<std::string> run_command(std::vector<std::string> more = {}) const;

  const ScratchFolder& scratch() const { return scratch_; }
  const std::filesystem::path& folder() const { return scratch_.path(); }
  std::filesystem::path suite() const { return folder() / "tiny.toml"; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return scratch_.write(name, text);
  }
  Surroundings around;  // of every program that is started here

  // The results folder; another one where a test needs two.
  std::filesystem::path out = folder() / "out";

  // Files of the one run of that row; an empty path while there is none.
  std::filesystem::path record_file(const std::string& row) const;
  std::filesystem::path work_folder(const std::string& row) const;
  Record record(const std::string& row) const;
  nlohmann::json report() const;
  std::string markdown() const;

  // Waits until pretraining of that row has saved `step` or a later step; the test has failed when `run` ends before.
  void wait_for_step(Program& run, const std::string& row, int64_t step) const;
  // The worker at work on that row, by its lock. An exception ends the test when there is none, so that no signal goes
  // to process 0, which would be the test's own group.
  pid_t worker(const std::string& row) const;
  // All workers at work.
  std::vector<pid_t> workers() const;
};

// The newest checkpoint of pretraining in a work folder: its step, 0 when there is none.
int64_t newest_step(const std::filesystem::path& work_folder);

// What a protocol measured. An exception ends the test when there is none.
Measurement measured(const Record& record, const std::string& protocol, const std::string& metric);

// Overwrites a file with as many zero bytes: the size that was recorded, and no picture.
void blank(const std::filesystem::path& file);

// The state hashes of that record's pretraining, "step hash" each.
std::vector<std::string> state_hashes(const Record& record);

// report.json without what no two runs share: times, speeds, memory, energy.
nlohmann::json without_costs(const nlohmann::json& report);

// What one report says otherwise than another, costs apart, as a JSON patch: "[]" when they are equal.
std::string differences(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace sslbench
