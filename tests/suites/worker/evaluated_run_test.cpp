// SPDX-License-Identifier: Apache-2.0
// Curves of value: pretrain.evaluate_every.
#include <gmock/gmock.h>

#include "reports/record/pretraining_names.h"
#include "reports/record/record_store.h"
#include "suites/handover/failure_file.h"
#include "suites/worker/run.h"
#include "suites/worker/run_weights.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kMetrics{"knn_top1", "effective_rank", "feature_std"};

class EvaluatedRunTest : public ::testing::Test {
 protected:
  RunSpec spec(const std::string& id, const nlohmann::json& more) const {
    RunSpec out;
    out.suite = "quick", out.row = out.method = "simclr", out.id = id;
    out.dataset = {"shapes", {{"size", 32}, {"train_images", 48}, {"test_images", 16}}, ""};
    out.backbone = "resnet18", out.backbone_settings = {{"width", 8}, {"stem", "cifar"}};
    nlohmann::json pretrain = {{"epochs", 3}, {"batch_size", 16}, {"precision", "fp32"}, {"learning_rate", 1e-3}};
    pretrain.update(more);
    out.pretrain = pretrain;
    out.pretrain_key = "p1";
    out.out = scratch_.path();
    fs::create_directories(out.work_folder());
    return out;
  }
  Record carried_out(const RunSpec& run) const {
    EXPECT_EQ(carry_out(run), kWorkerDone) << read_failure(run).text();
    return read_record(run.record_file());
  }
  static double value_of(const StageRecord& stage, const std::string& metric) {
    for (const Measurement& m : stage.measurements) {
      if (m.metric == metric) return m.value;
    }
    ADD_FAILURE() << "no " << metric;
    return 0;
  }
  ScratchFolder scratch_;
};

TEST_F(EvaluatedRunTest, CurvesAreWhatTheProtocolMeasuresOnTheKeptWeights) {
  const RunSpec run = spec("0123456789ab", {{"evaluate_every", 1}, {"keep_evaluated", true}});
  const Record record = carried_out(run);
  const Curve& top1 = record.stages[0].curves.at("value_knn_top1");
  EXPECT_EQ(top1.step, (std::vector<int64_t>{3, 6, 9}));
  for (size_t i = 0; i < top1.step.size(); ++i) {
    RunSpec later = spec("ab000000000" + std::to_string(i), nlohmann::json::object());
    later.row = later.method = "checkpoint";
    later.method_settings = {{"weights", evaluated_weights_file(run, top1.step[i]).string()}};
    later.protocols = {{"worth", "value", 1, later.dataset, nlohmann::json::object(), "k1"}};
    const Record again = carried_out(later);
    for (const std::string& metric : kMetrics) {
      EXPECT_EQ(record.stages[0].curves.at(kValueCurves + metric).value[i], value_of(again.stages[1], metric))
          << metric << " after " << top1.step[i];
    }
  }
}

TEST_F(EvaluatedRunTest, LookingChangesNothingOfTheTraining) {
  const Record looked = carried_out(spec("0123456789ab", {{"evaluate_every", 0.5}}));
  const Record alone = carried_out(spec("1123456789ab", nlohmann::json::object()));
  ASSERT_FALSE(looked.stages[0].hashes.empty());
  EXPECT_EQ(looked.stages[0].hashes.back().state, alone.stages[0].hashes.back().state);
  EXPECT_EQ(looked.stages[0].curves.at("loss").value, alone.stages[0].curves.at("loss").value);
  EXPECT_EQ(alone.stages[0].curves.count("value_knn_top1"), 0u);
}

}  // namespace
}  // namespace sslbench
