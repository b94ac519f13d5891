// SPDX-License-Identifier: Apache-2.0
// Names in a plan.json from elsewhere become names of files.
#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/plan/plan.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json one_run() {
  Plan plan;
  plan.suite = "mine";
  RunSpec run;
  run.suite = "mine";
  run.row = "simclr";
  run.id = "0123456789ab";
  run.protocols.push_back({"knn", "knn", 1});
  plan.runs.push_back(run);
  return plan_to_json(plan);
}

std::string refusal(const json& plan) {
  try {
    plan_from_json(plan, "plan.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "read";
}

TEST(PlanNamesTest, FollowTheRuleOfASuite) {
  EXPECT_EQ(refusal(one_run()), "read");
  for (const char* name : {"../../secret", "/etc/passwd", "a/b", "..", "", "-o", "a\nb", "a\x1b[31m"}) {
    json plan = one_run();
    plan["rows"][0]["row"] = name;
    EXPECT_THAT(refusal(plan), HasSubstr("plan.json: row: expected a name")) << name;
    plan = one_run();
    plan["common"]["suite"] = name;
    EXPECT_THAT(refusal(plan), HasSubstr("plan.json: suite: expected a name")) << name;
    plan = one_run();
    plan["suite"] = name;
    EXPECT_THAT(refusal(plan), HasSubstr("plan.json: suite: expected a name")) << name;
    plan = one_run();
    plan["common"]["protocols"][0]["row"] = name;
    EXPECT_THAT(refusal(plan), HasSubstr("plan.json: protocol row: expected a name")) << name;
    plan = one_run();
    plan["common"]["id"] = name;
    EXPECT_THAT(refusal(plan), HasSubstr("plan.json: id: expected 12 hex digits")) << name;
  }
}

}  // namespace
}  // namespace sslbench
