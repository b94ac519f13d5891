// SPDX-License-Identifier: Apache-2.0
// The gate trains suspects again: a lucky past and a false alarm, with real runs.
#include <gmock/gmock.h>

#include "reports/record/record_store.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kFrozenSuite = R"(# Is the floor where it was?
dataset = { name = "shapes", size = 32, train_images = 128, test_images = 256 }
backbone = "convnet"
threads = 1
[methods.random_init]
[protocols.knn]
[gate]
knn.top1 = { max_drop = 2, unit = "points" }
)";

// Every record of a results folder with its accuracy moved.
void move_accuracy(const std::filesystem::path& out, double by) {
  for (const auto& entry : std::filesystem::directory_iterator(out / "runs")) {
    if (entry.path().extension() != ".h5") continue;
    Record record = read_record(entry.path());
    for (StageRecord& stage : record.stages) {
      for (Measurement& m : stage.measurements) {
        if (m.metric == "top1") m.value += by;
      }
    }
    write_record(record, entry.path());
  }
}

class GateConfirmTest : public testing::Test {
 protected:
  GateConfirmTest() : tiny(kFrozenSuite) {
    const std::vector<std::string> seed = {"history",   "seed",  "12", tiny.suite().string(),
                                           "--history", store(), "-o", tiny.out.string()};
    const Ending seeded = tiny.sslbench(seed);
    EXPECT_EQ(seeded.code, 0) << seeded.errors;
    EXPECT_THAT(tiny.sslbench(seed).errors, HasSubstr("recorded before")) << "the same command again adds nothing";
    tiny.out = tiny.folder() / "now";
    EXPECT_EQ(tiny.run({"--seeds", "20..22"}).code, 0);
  }
  std::string store() const { return (tiny.folder() / "store").string(); }
  Ending gate(std::vector<std::string> more) const {
    more.insert(more.begin(), {"gate", tiny.out.string(), "--history", store(), "--json"});
    return tiny.sslbench(more, 300);
  }

  TinySuite tiny;
};

TEST_F(GateConfirmTest, ASuspectIsTrainedAgainBeforeItCounts) {
  move_accuracy(tiny.out, -0.25);  // as if these three runs had been unlucky
  const Ending alone = gate({});
  EXPECT_EQ(alone.code, 1) << alone.output;
  const Ending confirmed = gate({"--confirm", "3"});
  EXPECT_EQ(confirmed.code, 0) << confirmed.errors << confirmed.output;
  const json said = json::parse(confirmed.output);
  EXPECT_TRUE(said.at("confirmed").get<bool>());
  EXPECT_EQ(said.at("cells").at(0).at("verdict"), "same");
  EXPECT_THAT(said.at("cells").at(0).at("reason").get<std::string>(), HasSubstr("not confirmed by 3 fresh runs"));
  EXPECT_THAT(confirmed.errors, HasSubstr("random_init is suspect; training it again with seeds 23..25"));
}

}  // namespace
}  // namespace sslbench
