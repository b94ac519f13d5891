// SPDX-License-Identifier: Apache-2.0
// The life of a stage: taken over when its key is known, else carried out, measured and kept as a fragment. Of several
// ranks the first one decides and writes, all carry out.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "reports/record/record.h"
#include "suites/handover/progress_file.h"
#include "suites/plan/run_spec.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/training/stage_context.h"

namespace sslbench {

class StageRunner {
 public:
  // environment: of this process, kept with every stage.
  StageRunner(const RunSpec& spec, at::Device device, nlohmann::json environment, ProgressFile& progress)
      : spec_(spec), device_(device), environment_(std::move(environment)), progress_(progress) {}

  // Returns the stage's record: from this run's own fragment, from the record that spec.reuse names, or by running
  // `body`. `plugin` is "pretrain" or the protocol, `metrics` what it declares; identity and resources of the
  // measurements are filled in.
  StageRecord run(const std::string& row, const std::string& plugin, int64_t version, const std::string& dataset,
                  const std::string& key, const std::vector<Metric>& metrics,
                  const std::function<void(StageContext&)>& body);

  // Whether a stop was asked for; tells the front end that the stage is alive.
  bool should_stop();
  // How far the stage under way is; steps 0: not known. images_per_second 0: likewise.
  void step(int64_t step, int64_t steps, double images_per_second);

  // "<stage>: <note>" of every stage so far, as StageContext::note was told, also by an earlier attempt that finished
  // the stage.
  std::vector<std::string> notes() const;
  // The same by stage, for Record::facts.
  const std::map<std::string, std::vector<std::string>>& notes_of_stages() const { return notes_; }

  // The stage that is under way, for the message of a failure.
  const std::string& current() const { return current_; }
  int64_t current_step() const { return current_step_; }

 private:
  bool take_over(StageRecord& stage);
  bool find_known(StageRecord& stage);
  void carry_out(StageRecord& stage, const std::function<void(StageContext&)>& body);

  const RunSpec& spec_;
  Ranks& group_ = ranks();
  at::Device device_;
  nlohmann::json environment_;
  ProgressFile& progress_;
  std::map<std::string, std::vector<std::string>> notes_;
  std::string current_;
  int64_t current_step_ = 0;
};

}  // namespace sslbench
