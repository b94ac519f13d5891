// SPDX-License-Identifier: Apache-2.0
// plan.json says once what its runs have in common.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/plan/common_part.h"
#include "suites/plan/plan.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

Plan plan_of(size_t rows, size_t seeds) {
  std::string text = "# q\ndataset = \"shapes\"\nbackbone = \"resnet18\"\n[methods.random_init]\n";
  for (size_t row = 1; row < rows; ++row) {
    text += "[methods.simclr_" + std::to_string(row) + "]\nmethod = \"simclr\"\ntemperature = 0." +
            std::to_string(1000 + row) + "\n";
  }
  const ScratchFolder folder;
  const Catalog catalog = small_catalog();
  const Suite suite =
      read_suite(folder.write("mine.toml", text + "[protocols.knn]\n[protocols.detection]\n"), {}, catalog);
  PlanPlace place;
  for (size_t seed = 0; seed < seeds; ++seed) place.seeds.push_back(static_cast<int64_t>(seed));
  place.out = "out", place.data_root = "data";
  return make_plan(
      suite, catalog, [](const auto&, const auto&) { return std::string("digest"); }, place);
}

// What programs wrote before: every run spelled out.
json spelled_out(const Plan& plan) {
  json out = plan_to_json(plan);
  out["schema"] = "sslbench.plan/1";
  out.erase("common");
  out.erase("rows");
  out["runs"] = json::array();
  for (const RunSpec& run : plan.runs) out["runs"].push_back(run_spec_to_json(run));
  return out;
}

TEST(PlanFileTest, HoldsEveryRunToTheLastByte) {
  const Plan plan = plan_of(5, 3);
  const Plan again = plan_from_json(json::parse(plan_to_json(plan).dump()), "plan.json");
  ASSERT_EQ(again.runs.size(), 15u);
  for (size_t i = 0; i < plan.runs.size(); ++i) {
    EXPECT_EQ(run_spec_to_json(again.runs[i]).dump(), run_spec_to_json(plan.runs[i]).dump());
  }
}

TEST(PlanFileTest, APlanOfAnOlderProgramIsTheSamePlan) {
  const Plan plan = plan_of(3, 2);
  const Plan old = plan_from_json(spelled_out(plan), "plan.json");
  EXPECT_EQ(plan_to_json(old), plan_to_json(plan));
}

// A run more is its seed and keys, a row more what only it says.
TEST(PlanFileTest, SaysOnceWhatRunsHaveInCommon) {
  const size_t bytes = plan_to_json(plan_of(200, 10)).dump(1).size();
  EXPECT_LT(bytes, 2000u * 500);
  EXPECT_GT(spelled_out(plan_of(200, 10)).dump(1).size(), 2000u * 2000) << "what that saves";
}

TEST(PlanFileTest, RunsShareWhatTheyHaveInCommonInMemory) {
  const Plan made = plan_of(3, 2);
  const Plan read = plan_from_json(plan_to_json(made), "plan.json"),
             old = plan_from_json(spelled_out(made), "plan.json");
  for (const Plan* plan : {&made, &read, &old}) {
    EXPECT_TRUE(plan->runs[0].pretrain.shares_with(plan->runs[1].pretrain)) << "two seeds";
    EXPECT_TRUE(plan->runs[2].pretrain.shares_with(plan->runs[5].pretrain)) << "two rows";
    EXPECT_TRUE(plan->runs[0].protocols[1].settings.shares_with(plan->runs[5].protocols[1].settings));
  }
  Plan changed = made;
  changed.runs[0].pretrain["epochs"] = 77;
  EXPECT_EQ(changed.runs[0].pretrain.at("epochs"), 77);
  EXPECT_NE(changed.runs[1].pretrain.at("epochs"), 77);
  EXPECT_NE(made.runs[0].pretrain.at("epochs"), 77);
}

TEST(PlanFileTest, RunsOfOneRowMayDiffer) {
  Plan plan = plan_of(2, 3);
  plan.runs[1].device = "cuda:1";
  plan.runs[4].method_settings["temperature"] = 1;
  const Plan again = plan_from_json(plan_to_json(plan), "plan.json");
  for (size_t i = 0; i < plan.runs.size(); ++i) EXPECT_TRUE(again.runs[i] == plan.runs[i]) << i;
}

TEST(PlanFileTest, SaysWhatIsWrongWithARun) {
  const json good = plan_to_json(plan_of(2, 2));
  const auto refusal = [&](const char* place, const json& value) {
    json changed = good;
    changed[json::json_pointer(place)] = value;
    return user_error([&] { plan_from_json(changed, "plan.json"); });
  };
  EXPECT_THAT(refusal("/rows/1/runs/0/keys", json::array()), HasSubstr("plan.json: 'keys': expected one for each"));
  EXPECT_THAT(refusal("/rows/1/runs/0", 3), HasSubstr("plan.json: "));
  EXPECT_THAT(refusal("/common/protocols", json::array({1})), HasSubstr("plan.json: not a plan"));
  EXPECT_THAT(refusal("/common", "none"), HasSubstr("plan.json: not a plan"));
  EXPECT_THAT(refusal("/rows/1", "none"), HasSubstr("plan.json: not a plan"));
}

// What stands once in the file stands often in memory.
TEST(PlanFileTest, ASmallFileTakesNoLargeMemory) {
  json plan = plan_to_json(plan_of(2, 2));
  plan["common"]["question"] = std::string(1 << 20, 'q');
  plan["rows"][0]["runs"] = std::vector<json>(5000, plan["rows"][0]["runs"][0]);
  EXPECT_THAT(user_error([&] { plan_from_json(plan, "plan.json"); }), HasSubstr("spelled out, are more than 256 MiB"));
}

TEST(CommonPartTest, IsWhatBothSayAlike) {
  const json a = json::parse(R"({"x": 1, "y": {"p": 1, "q": [1]}, "z": {}, "w": {"s": 1}, "v": {}})");
  const json b = json::parse(R"({"x": 1.0, "y": {"p": 1, "q": [2]}, "z": {}, "w": {"t": 1}, "v": {"t": 1}})");
  const json common = common_part(a, b);
  EXPECT_EQ(common, json::parse(R"({"y": {"p": 1}, "z": {}})")) << "1 and 1.0 are two values";
  for (const json& whole : {a, b}) EXPECT_EQ(merged(common, without_common(whole, common)).dump(), whole.dump());
}

}  // namespace
}  // namespace sslbench
