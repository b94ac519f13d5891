// SPDX-License-Identifier: Apache-2.0
// What came out as NaN, and what has no value by nature: neither is ever a number in what people read.
#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr const char* kSuite = R"(# Does a broken network score?
dataset = { name = "shapes", size = 32, train_images = 64, test_images = 32 }
backbone = { name = "resnet18", width = 8, stem = "cifar" }
threads = 1
[pretrain]
epochs = 1
batch_size = 32
[methods.random_init]
[protocols.knn]
k = 5
[protocols.linear_probe]
epochs = 3
)";

// Fault matrix: 34
TEST(NonFiniteFeaturesTest, ADivergedRunHasNoNumberAndIsNotTheBestRow) {
  const TinySuite suite(
      std::string(kSuite) +
      "[methods.autoencoder]\npretrain = { optimizer = \"sgd\", learning_rate = 1000, warmup_epochs = "
      "0, schedule = \"constant\" }\n");
  const Ending end = suite.run();
  EXPECT_EQ(end.code, 3) << end.errors;
  const Record record = suite.record("autoencoder");
  EXPECT_EQ(record.status, "failed(non_finite)") << record.failure;
  for (const StageRecord& stage : record.stages) {
    if (stage.plugin != "pretrain") EXPECT_TRUE(stage.measurements.empty()) << stage.name;
  }
  EXPECT_THAT(suite.markdown(), AllOf(Not(HasSubstr("100.0")), Not(HasSubstr("is the best row"))));
  EXPECT_THAT(end.output, HasSubstr("failed(non_finite)"));
}

// Weights of the backbone as initialised, with one number of `tensor` replaced.
class PatchedWeights {
 public:
  explicit PatchedWeights(TinySuite& suite) : suite_(suite) {
    EXPECT_EQ(suite.run({"--only", "random_init"}).code, 0);
    const std::string file = (suite.folder() / "plain.safetensors").string();
    EXPECT_EQ(suite.sslbench({"export", suite.out.string(), "--to", "safetensors", "-o", file}).code, 0);
    bytes_ = read_file(file);
  }

  Ending run_with(const std::string& tensor, size_t place, float value) const {
    const StoredTensors stored = parse_safetensors(bytes_);
    std::string data(stored.data);
    json header;
    for (const StoredTensor& each : stored.tensors) {
      const auto begin = static_cast<size_t>(each.bytes.data() - stored.data.data());
      header[each.name] = {
          {"dtype", each.dtype}, {"shape", each.shape}, {"data_offsets", {begin, begin + each.bytes.size()}}};
      if (each.name == tensor) std::memcpy(data.data() + begin + 4 * place, &value, sizeof value);
    }
    suite_.write("theirs.safetensors", safetensors_file(header.dump(), data));
    suite_.write("tiny.toml",
                 std::string(kSuite) + "[methods.theirs]\nmethod = \"checkpoint\"\nweights = \"theirs.safetensors\"\n");
    return suite_.run({"--only", "theirs"});
  }

 private:
  TinySuite& suite_;
  std::string bytes_;
};

TEST(CheckpointTest, WeightsThatNoNetworkCanHaveAreRefusedBeforeAnythingRuns) {
  TinySuite suite(kSuite);
  const PatchedWeights weights(suite);
  const auto refused = [&](const std::string& tensor, size_t place, float value) {
    const Ending end = weights.run_with(tensor, place, value);
    EXPECT_EQ(end.code, 2) << end.errors;
    return end.errors;
  };
  EXPECT_THAT(refused("conv1.weight", 3, NAN),
              AllOf(HasSubstr("theirs.safetensors"), HasSubstr("conv1.weight[0, 0, 1, 0] is nan")));
  EXPECT_THAT(refused("layer1.0.conv1.weight", 0, INFINITY), HasSubstr("layer1.0.conv1.weight[0, 0, 0, 0] is inf"));
  EXPECT_THAT(refused("bn1.running_var", 2, -0.5f), HasSubstr("bn1.running_var[2] is -0.5"));
}

TEST(CheckpointTest, AFiniteWeightThatOverflowsFailsTheRun) {
  TinySuite suite(kSuite);
  const Ending end = PatchedWeights(suite).run_with("bn1.weight", 0, 3e38f);
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("theirs").status, "failed(non_finite)");
  EXPECT_THAT(suite.record("theirs").failure, HasSubstr("features"));
}

// A COCO set of two classes, of which only the first has boxes, as Roboflow's exports have.
void write_coco(const fs::path& folder) {
  fs::create_directories(folder / "annotations");
  fs::create_directories(folder / "images");
  json content = {{"images", json::array()},
                  {"annotations", json::array()},
                  {"categories", {{{"id", 1}, {"name", "cell"}}, {{"id", 2}, {"name", "rare"}}}}};
  for (int i = 0; i < 12; ++i) {
    const std::string name = "a" + std::to_string(i) + ".jpg";
    write_jpeg(folder / "images" / name, 32, 32, JCS_RGB, 3,
               std::vector<uint8_t>(32 * 32 * 3, static_cast<uint8_t>(20 * i)));
    content["images"].push_back({{"id", i}, {"file_name", name}, {"width", 32}, {"height", 32}});
    content["annotations"].push_back(
        {{"id", i + 1}, {"image_id", i}, {"category_id", 1}, {"bbox", {4, 4, 16, 16}}, {"area", 256}, {"iscrowd", 0}});
  }
  write_atomically(folder / "annotations" / "instances_default.json", content.dump());
}

// Fault matrix: 45, 59
TEST(UndefinedResultTest, AClassWithoutATruthIsAWordEverywhere) {
  TinySuite suite(std::string(kSuite) +
                  "[protocols.detection]\ndataset = \"cells\"\nbatch_size = 2\nepochs = 1\nchannels = 8\n");
  const fs::path set = suite.folder() / "coco";
  write_coco(set);
  ASSERT_EQ(suite.sslbench({"data", "add", "cells", set.string()}).code, 0);
  const Ending end = suite.run();
  ASSERT_EQ(end.code, 0) << end.errors;
  const Measurement rare = measured(suite.record("random_init"), "detection", "ap50/rare");
  EXPECT_TRUE(std::isnan(rare.value));
  EXPECT_EQ(rare.reason, "no box of this class in the test images");
  EXPECT_GE(measured(suite.record("random_init"), "detection", "ap50").value, 0);
  EXPECT_THAT(suite.markdown(), AllOf(Not(HasSubstr("-100")), HasSubstr("detection.ap50/rare: undefined (no box of "
                                                                        "this class in the test images)")));
  EXPECT_THAT(read_file(suite.out / "report/report.csv"),
              HasSubstr("ap50/rare,,,,0,0,,undefined,no box of this class in the test images"));
  const Ending metrics = suite.sslbench({"export", suite.out.string(), "--to", "openmetrics"});
  EXPECT_THAT(metrics.output, Not(AnyOf(HasSubstr("rare"), HasSubstr("} -1"))));
}

}  // namespace
}  // namespace sslbench
