// SPDX-License-Identifier: Apache-2.0
// Runs whose backbone is a file from elsewhere.
#include <gmock/gmock.h>

#include "methods/safetensors.h"
#include "reports/record/record_store.h"
#include "reports/record/weights_file.h"
#include "suites/ground/sha256.h"
#include "suites/handover/failure_file.h"
#include "suites/tensors/aten.h"
#include "suites/training/train_settings.h"
#include "suites/worker/check.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/pretraining_metrics.h"
#include "suites/worker/run.h"
#include "suites/worker/run_images.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

class ForeignRunTest : public ::testing::Test {
 protected:
  // A row on a copy of that model.
  RunSpec run_on(const std::string& model, const std::string& method) const {
    const fs::path file = scratch_.path() / model;
    fs::copy_file(fixture(model), file, fs::copy_options::skip_existing);
    RunSpec run;
    run.suite = "quick", run.row = run.method = method, run.id = "0123456789ab";
    run.dataset = {"shapes", {{"size", 32}, {"train_images", 32}, {"test_images", 16}}, ""};
    run.backbone = kind_of(model), run.backbone_settings = {{"file", file.string()}};
    run.files = {{"backbone.file", sha256_file(file)}};
    run.pretrain = Settings("pretrain", pretrain_options(),
                            {{"epochs", 2}, {"batch_size", 16}, {"precision", "fp32"}, {"hash_every", 1}})
                       .values();
    run.pretrain_key = "p1";
    run.protocols = {{"near", "knn", 1, run.dataset, {{"k", 5}}, "k1"}};
    run.out = scratch_.path();
    fs::create_directories(run.work_folder());
    return run;
  }
  static std::string changed(const RunSpec& run) {
    auto bytes = read_file(run.backbone_settings.at("file").get<std::string>());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    return bytes;
  }
  ScratchFolder scratch_;
};

// State hashes of a pretraining that is stopped after `stop` steps and begun again; 0: never stopped.
std::vector<std::string> hashes(const RunSpec& spec, int64_t stop) {
  const ScratchFolder work;
  StageRecord record;
  for (const bool stopped : {true, false}) {
    if (stopped && stop == 0) continue;
    record = {};
    record.name = "pretrain", record.key = "key", record.metrics = pretraining_metrics();
    int64_t done = 0;
    ImageSets data = run_images(spec, "");
    StageContext context{.record = record,
                         .work = work.path(),
                         .seed = 3,
                         .earlier = {},
                         .used = [] { return Resources{}; },
                         .progress = [&](int64_t step, int64_t, double) { done = step; },
                         .stop_requested = [&] { return stopped && done >= stop; },
                         .note = {}};
    try {
      pretrain(spec, data, context);
      EXPECT_FALSE(stopped);
    } catch (const Interrupted&) {
    }
  }
  std::vector<std::string> out;
  for (const StateHash& each : record.hashes) out.push_back(std::to_string(each.step) + " " + each.state);
  return out;
}

// The attention model has dropout.
TEST_F(ForeignRunTest, AStoppedPretrainingOfATracedModelGoesOnBitForBit) {
  for (const char* model : {"resnet18.ts", "attention.ts"}) {
    const RunSpec run = run_on(model, "simclr");
    const auto straight = hashes(run, 0);
    EXPECT_EQ(straight.size(), 4u);
    for (const int64_t stop : {1, 3}) EXPECT_EQ(hashes(run, stop), straight) << model << " stopped after step " << stop;
  }
}

TEST_F(ForeignRunTest, AnExportedModelIsMeasuredAndItsFileStandsForItsWeights) {
  const RunSpec run = run_on("attention.pt2", "checkpoint");
  EXPECT_EQ(check_run(run), "");
  ASSERT_EQ(carry_out(run), kWorkerDone) << read_failure(run).text();
  const TensorFile weights = read_safetensors(run.backbone_file());
  EXPECT_TRUE(weights.tensors.empty());
  EXPECT_THAT(weights.metadata.at("model"), HasSubstr("attention.pt2 (SHA-256 " + run.files.at("backbone.file")));
  const Record record = read_record(run.record_file());
  EXPECT_THAT(record.facts.at("notes").get<std::vector<std::string>>(), Contains(HasSubstr("exported, so frozen")));
  try {
    export_weights(run.backbone_file(), scratch_.path() / "out.safetensors", false);
    FAIL();
  } catch (const RunFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("holds no weights, since the row is a model from elsewhere"));
  }
}

TEST_F(ForeignRunTest, ATracedModelIsMeasuredAndLeavesItsWeightsByName) {
  const RunSpec run = run_on("resnet18.ts", "simclr");
  EXPECT_EQ(check_run(run), "");
  ASSERT_EQ(carry_out(run), kWorkerDone) << read_failure(run).text();
  EXPECT_EQ(read_safetensors(run.backbone_file()).tensors.front().first, "conv1.weight");
}

TEST_F(ForeignRunTest, AFileThatChangedSinceItWasPlannedEndsTheRun) {
  const RunSpec run = run_on("attention.pt2", "checkpoint");
  write_unsynced(run.backbone_settings.at("file").get<std::string>(), changed(run));
  EXPECT_EQ(carry_out(run), kWorkerFailed);
  EXPECT_THAT(read_failure(run).text(), HasSubstr("has changed since this run was planned"));
}

TEST_F(ForeignRunTest, RowsThatTrainAnExportedModelAreRefusedByName) {
  EXPECT_THAT(check_run(run_on("attention.pt2", "simclr")), HasSubstr("no gradient reaches backbone 'exported'"));
  EXPECT_THAT(check_run(run_on("resnet18.ts", "random_init")), HasSubstr("brings trained ones"));
  for (const char* protocol : {"detection", "segmentation"}) {
    RunSpec run = run_on("attention.pt2", "checkpoint");
    run.protocols = {{"dense", protocol, 1, {"shapes", run.dataset.settings, ""}, nlohmann::json::object(), "d1"}};
    EXPECT_THAT(check_run(run), HasSubstr(std::string("protocol '") + protocol + "' trains the backbone")) << protocol;
    run.protocols[0].settings = {{"trains", "head"}};
    EXPECT_EQ(check_run(run), "") << protocol;
  }
}

TEST_F(ForeignRunTest, BatchNormalisationOfATracedModelIsNotSharedAmongRanks) {
  RunSpec run = run_on("resnet18.ts", "simclr");
  run.ranks = 2;
  EXPECT_THAT(check_run(run), HasSubstr("does not see the other ranks' images; run it with --ranks 1"));
}

// A few of the many that were tried: whatever the damage, an answer in words.
// Fault matrix: 74
TEST_F(ForeignRunTest, FlippedBitsAreRefusedInWordsOrDoNoHarm) {
  for (const char* model : {"attention.pt2", "attention.ts"}) {
    RunSpec run = run_on(model, "checkpoint");
    const std::string file = run.backbone_settings.at("file"), good = read_file(file);
    run.files.clear();
    for (size_t i = 0; i < 24; ++i) {
      std::string bytes = good;
      for (size_t flip = 0; flip <= i % 3; ++flip) {
        const size_t bit = (i * 2'654'435'761 + flip * 40'503) % (8 * bytes.size());
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
      }
      write_unsynced(file, bytes);
      const std::string said = check_run(run);
      if (!said.empty()) EXPECT_THAT(said, HasSubstr(file));
    }
  }
}

}  // namespace
}  // namespace sslbench
