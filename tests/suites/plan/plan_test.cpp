// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/plan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "suites/plan/plan_keys.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSuite = R"(# q
dataset = "shapes"
backbone = "resnet18"
seeds = [0, 1]
[pretrain]
epochs = 5
[methods.simclr]
[methods.longer]
method = "simclr"
pretrain = { epochs = 9, learning_rate = 1 }
[methods.random_init]
[protocols.knn]
[protocols.detection]
)";

std::string any_digest(const std::string& name, const nlohmann::json&) { return name + "-digest"; }

class PlanTest : public ::testing::Test {
 protected:
  Plan plan(const std::vector<std::string>& sets = {}, const PlanPlace& place = {{}, 1, 1, "cpu", "out", "data"}) {
    const Suite suite = read_suite(folder_.write("mine.toml", kSuite), sets, catalog_);
    return make_plan(suite, catalog_, any_digest, place);
  }

  ScratchFolder folder_;
  Catalog catalog_ = small_catalog();
};

TEST_F(PlanTest, SpellsOutEveryRowAndSeed) {
  std::vector<std::string> names;
  for (const RunSpec& run : plan().runs) names.push_back(run.row + "-s" + std::to_string(run.seed));
  EXPECT_THAT(names,
              ElementsAre("simclr-s0", "simclr-s1", "longer-s0", "longer-s1", "random_init-s0", "random_init-s1"));
}

TEST_F(PlanTest, ResolvesDefaultThenPresetThenSuiteThenRowThenSet) {
  const Plan made = plan();
  const RunSpec& simclr = made.runs[0];
  EXPECT_EQ(simclr.method_settings.at("temperature"), 0.4) << "preset over default";
  EXPECT_EQ(simclr.pretrain.at("precision"), "auto") << "default";
  EXPECT_EQ(simclr.pretrain.at("learning_rate"), 0.06) << "preset over default";
  EXPECT_EQ(simclr.views.at("jitter"), 0.7);
  EXPECT_EQ(simclr.pretrain.at("epochs"), 5) << "suite over default";
  EXPECT_EQ(made.runs[2].pretrain.at("epochs"), 9) << "row over suite";
  EXPECT_EQ(made.runs[2].pretrain.at("learning_rate"), 1.0) << "row over preset";
  const Plan set = plan({"pretrain.epochs=2", "pretrain.learning_rate=0.5", "methods.simclr.temperature=3"});
  EXPECT_EQ(set.runs[2].pretrain.at("epochs"), 2) << "set over row";
  EXPECT_EQ(set.runs[0].pretrain.at("learning_rate"), 0.5) << "set over preset";
  EXPECT_EQ(set.runs[0].method_settings.at("temperature"), 3.0);
}

TEST_F(PlanTest, AFileOfTheBackboneIsKnownByContentAndMayBringItsNormalisation) {
  catalog_.kinds["backbone"]["resnet18"].options.push_back(file_option("file", "weights"));
  catalog_.kinds["stage"]["views"].options.push_back(
      choice_option("normalisation", "auto", {"auto", "dataset", "half"}, "of images"));
  EXPECT_EQ(plan().runs[0].views.at("normalisation"), "dataset") << "no file takes part";
  const std::string file = folder_.write("m.pt2", "one").string();
  const RunSpec run = plan({"backbone.file=" + file}).runs[0];
  EXPECT_EQ(run.files.at("backbone.file"), sha256_hex("one"));
  EXPECT_EQ(run.views.at("normalisation"), "auto");
  EXPECT_NE(run.id, plan().runs[0].id);
  const std::string moved = folder_.write("elsewhere.pt2", "one").string();
  EXPECT_EQ(run.id, plan({"backbone.file=" + moved}).runs[0].id);
  EXPECT_THAT(user_error([&] { plan({"backbone.file=none.pt2"}); }),
              AllOf(HasSubstr("mine.toml:7:"), HasSubstr("[methods.simclr] backbone 'resnet18': file: "),
                    HasSubstr("there is no file 'none.pt2'")));
}

TEST_F(PlanTest, FilesThatAreNotThereAreNamedTogetherEachOnceWithItsFirstRow) {
  catalog_.kinds["method"]["simclr"].options.push_back(file_option("weights", "weights"));
  catalog_.kinds["stage"]["pretrain"].options.push_back(later(file_option("init", "weights"), ""));
  const std::string said = user_error([&] {
    plan({"methods.simclr.weights=one.pth", "methods.longer.weights=two.pth", "pretrain.init=three.pth"});
  });
  EXPECT_THAT(said,
              AllOf(HasSubstr("[methods.simclr] method 'simclr': weights: there is no file 'one.pth'"),
                    HasSubstr("[methods.longer] method 'simclr': weights: there is no file 'two.pth'"),
                    HasSubstr("[methods.simclr] method 'simclr', [pretrain]: init: there is no file 'three.pth'")));
  EXPECT_EQ(std::ranges::count(said, '\n'), 2);
}

TEST_F(PlanTest, WeightsToStartFromCountByContentForRowsThatTrain) {
  catalog_.kinds["stage"]["pretrain"].options.push_back(later(file_option("init", "weights"), ""));
  const std::string file = folder_.write("a.pth", "one").string(), same = folder_.write("b.pth", "one").string();
  const Plan before = plan(), from = plan({"pretrain.init=" + file});
  for (size_t i = 0; i < before.runs.size(); ++i) {
    const bool trains = before.runs[i].method != "random_init";
    EXPECT_EQ(from.runs[i].id != before.runs[i].id, trains) << before.runs[i].row;
    EXPECT_EQ(from.runs[i].files.contains("pretrain.init"), trains) << before.runs[i].row;
    EXPECT_EQ(from.runs[i].id, plan({"pretrain.init=" + same}).runs[i].id);
  }
}

// A recipe replaces the preset's views; keys beside it or above it override it.
TEST_F(PlanTest, ANamedRecipeStandsBetweenThePresetAndTheKeys) {
  auto& options = catalog_.kinds["stage"]["views"].options;
  options.push_back(choice_option("recipe", "none", {"none", "strong"}, "views to start from"));
  options.push_back(real_option("gray", 0.2, 0, 1, "probability"));
  catalog_.kinds["recipe"]["strong"] = small_entry("strong", {}, {{"source", ""}, {"views", {{"gray", 0.9}}}});
  const auto views = [&](const std::vector<std::string>& sets) { return plan(sets).runs[0].views; };
  EXPECT_EQ(views({}).at("jitter"), 0.7) << "preset";
  const nlohmann::json strong = views({"views.recipe=strong"});
  EXPECT_EQ(strong.at("gray"), 0.9);
  EXPECT_EQ(strong.at("jitter"), 0.8) << "default, not the preset's";
  EXPECT_EQ(strong.at("recipe"), "strong");
  EXPECT_EQ(views({"views.recipe=strong", "views.gray=0.5"}).at("gray"), 0.5);
  EXPECT_EQ(views({"views.recipe=strong", "methods.simclr.views.jitter=0.1"}).at("jitter"), 0.1);
  EXPECT_EQ(views({"views.gray=0.5", "methods.simclr.views.recipe=strong"}).at("gray"), 0.9) << "the row's own recipe";
  const nlohmann::json none = views({"views.recipe=strong", "methods.simclr.views.recipe=none"});
  EXPECT_EQ(none.at("gray"), 0.2);
  EXPECT_EQ(none.at("jitter"), 0.7) << "the method's own views again";
}

// A preset is made for what the network sees, and a run says which it started from.
TEST_F(PlanTest, PresetFollowsTheViewsThatAreAskedFor) {
  catalog_.kinds["stage"]["views"].options.push_back(integer_option("size", 0, 0, 1024, "side"));
  const std::vector<std::string> large = {"dataset=large", "protocols.detection.dataset=shapes"};
  const auto preset = [&](const std::string& size) {
    return plan({large[0], large[1], "views.size=" + size}).runs[0].preset;
  };
  EXPECT_EQ(preset("32"), "cifar") << "small views of large pictures";
  EXPECT_EQ(preset("0"), "imagenet");
  EXPECT_EQ(plan({"views.size=224"}).runs[0].preset, "imagenet");
  EXPECT_EQ(plan().runs.back().preset, "") << "random_init has none";
}

TEST_F(PlanTest, PresetFollowsTheImageSizeUnlessNamed) {
  EXPECT_EQ(preset_for(96), "cifar");
  EXPECT_EQ(preset_for(97), "imagenet");
  const std::vector<std::string> large = {"dataset=large", "protocols.detection.dataset=shapes"};
  EXPECT_EQ(plan(large).runs[0].method_settings.at("temperature"), 0.1);
  EXPECT_EQ(plan({"dataset.size=96"}).runs[0].method_settings.at("temperature"), 0.4);
  EXPECT_EQ(plan({"dataset.size=128"}).runs[0].method_settings.at("temperature"), 0.1) << "as asked, not as declared";
  EXPECT_EQ(plan({"methods.simclr.preset=imagenet"}).runs[0].method_settings.at("temperature"), 0.1);
}

TEST_F(PlanTest, RowsThatOverrideTheSuiteAreNotEqualCost) {
  const Plan made = plan();
  EXPECT_TRUE(made.runs[0].equal_cost);
  EXPECT_FALSE(made.runs[2].equal_cost);
  EXPECT_FALSE(plan({"methods.simclr.backbone={name=\"resnet18\",width=32}"}).runs[0].equal_cost);
  EXPECT_TRUE(plan({"methods.simclr.backbone=resnet18"}).runs[0].equal_cost) << "the same by name";
}

TEST_F(PlanTest, IdIgnoresHowAndWhereARunIsCarriedOut) {
  const Plan here = plan();
  const Plan there = plan({}, {{}, 4, 8, "cuda:1", "elsewhere", "other"});
  for (size_t i = 0; i < here.runs.size(); ++i) {
    EXPECT_EQ(here.runs[i].name(), there.runs[i].name());
    EXPECT_EQ(here.runs[i].pretrain_key, there.runs[i].pretrain_key);
  }
}

// An option that programs did not have does not count at the value that stands for what they did.
TEST_F(PlanTest, AnOptionMoreChangesNoKeyAtItsNeutralValue) {
  const Plan before = plan();
  std::vector<Option>& options = catalog_.kinds["stage"]["pretrain"].options;
  options.push_back(later(choice_option("decode", "exact", {"exact", "scaled"}, "how"), "exact"));
  const Plan after = plan();
  for (size_t i = 0; i < before.runs.size(); ++i) {
    EXPECT_EQ(before.runs[i].name(), after.runs[i].name());
    EXPECT_EQ(before.runs[i].pretrain_key, after.runs[i].pretrain_key);
  }
  EXPECT_NE(before.runs[0].id, plan({"pretrain.decode=scaled"}).runs[0].id);
  options.back().fallback = "scaled";
  EXPECT_NE(before.runs[0].id, plan().runs[0].id) << "the neutral value decides, not the default";
  EXPECT_EQ(before.runs[0].id, plan({"pretrain.decode=exact"}).runs[0].id);
}

TEST_F(PlanTest, ARowThatTrainsNothingIsTheSameWhateverPretrainingSays) {
  catalog_.kinds["stage"]["views"].options.push_back(evaluated(integer_option("size", 0, 0, 1024, "side")));
  const auto floor = [&](const std::vector<std::string>& sets) {
    const Plan made = plan(sets);
    const auto row = std::ranges::find_if(made.runs, [](const RunSpec& run) { return run.row == "random_init"; });
    return row->name() + row->pretrain_key;
  };
  EXPECT_EQ(floor({}), floor({"pretrain.epochs=77", "views.jitter=0.123"}));
  EXPECT_NE(floor({}), floor({"views.size=32"})) << "evaluation reads it";
  EXPECT_NE(floor({}), floor({"backbone.width=32"}));
}

// Fault matrix: 49
TEST_F(PlanTest, IdChangesWithEverySettingVersionAndDigest) {
  const RunSpec base = plan().runs[0];
  std::set<std::string> ids{base.id};
  const auto fresh = [&](RunSpec run) { return ids.insert(run_id(run, Sameness(catalog_))).second; };
  for (const char* set : {"methods.simclr.temperature=0.41", "pretrain.epochs=6", "views.jitter=0.1",
                          "backbone.width=32", "dataset.objects=several", "protocols.knn.k=3"}) {
    EXPECT_TRUE(fresh(plan({set}).runs[0])) << set;
  }
  RunSpec run = base;
  run.dataset.digest = "other";
  EXPECT_TRUE(fresh(run));
  run = base;
  run.protocols[0].version = 2;
  EXPECT_TRUE(fresh(run));
  run = base;
  run.protocols[1].dataset.digest = "other";
  EXPECT_TRUE(fresh(run));
  EXPECT_EQ(base.id.size(), 12u);
}

TEST_F(PlanTest, AnIntegerForARealOptionIsTheSameRun) {
  EXPECT_EQ(plan({"methods.simclr.temperature=1"}).runs[0].id, plan({"methods.simclr.temperature=1.0"}).runs[0].id);
}

TEST_F(PlanTest, LookingForLeaksIsPartOfTheKeysOfAllOtherProtocols) {
  RunSpec run = plan().runs[0], looks = run;
  looks.protocols.push_back({"seen", kLeaksProtocol, 1, run.dataset, nlohmann::json::object(), ""});
  set_keys(run, Sameness(catalog_));
  set_keys(looks, Sameness(catalog_));
  EXPECT_EQ(run.pretrain_key, looks.pretrain_key);
  EXPECT_NE(run.protocols[0].key, looks.protocols[0].key) << "they tell more numbers then";
}

TEST_F(PlanTest, ProtocolKeysDependOnPretrainingButNotOnEachOther) {
  const RunSpec base = plan().runs[0];
  const RunSpec probe = plan({"protocols.knn.k=3"}).runs[0];
  EXPECT_EQ(probe.pretrain_key, base.pretrain_key) << "another probe does not pretrain again";
  EXPECT_NE(probe.protocols[0].key, base.protocols[0].key);
  EXPECT_EQ(probe.protocols[1].key, base.protocols[1].key);
  const RunSpec trained = plan({"pretrain.epochs=6"}).runs[0];
  EXPECT_NE(trained.pretrain_key, base.pretrain_key);
  EXPECT_NE(trained.protocols[1].key, base.protocols[1].key);
  EXPECT_NE(plan().runs[1].pretrain_key, base.pretrain_key) << "another seed";
}

TEST_F(PlanTest, MissingDatasetSaysTheCommand) {
  const Suite suite = read_suite(folder_.write("mine.toml", kSuite),
                                 {"dataset=cifar10", "protocols.detection.dataset=shapes"}, catalog_);
  try {
    make_plan(suite, catalog_, [](const auto&, const auto&) { return std::string(); }, {});
    FAIL() << "planned without its dataset";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("sslbench data add cifar10 PATH"));
  }
}

TEST_F(PlanTest, SelectsRowsByPatternAndNamesThemWhenNoneMatches) {
  EXPECT_EQ(select_runs(plan().runs, {}).size(), 6u);
  EXPECT_EQ(select_runs(plan().runs, {"*"}).size(), 6u);
  EXPECT_EQ(select_runs(plan().runs, {"sim*"}).size(), 2u);
  EXPECT_EQ(select_runs(plan().runs, {"random_init", "sim*"}).size(), 4u);
  try {
    select_runs(plan().runs, {"sim*", "simcrl"});
    FAIL() << "matched";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'simclr'?"));
    EXPECT_THAT(error.what(), HasSubstr("rows: simclr longer random_init"));
  }
}

TEST_F(PlanTest, SurvivesItsFile) {
  const Plan made = plan({"protocols.knn.k=3"}, {{3}, 2, 4, "cpu", "out", "data"});
  const nlohmann::json json = plan_to_json(made);
  EXPECT_EQ(plan_to_json(plan_from_json(nlohmann::json::parse(json.dump()), "plan.json")), json);
  EXPECT_EQ(json.at("schema"), "sslbench.plan/2");
  EXPECT_THROW(plan_from_json({{"schema", "other"}}, "plan.json"), UserError);
  for (const char* schema : {"sslbench.plan/1", "sslbench.plan/2"}) {
    EXPECT_THROW(plan_from_json({{"schema", schema}}, "plan.json"), UserError);
  }
}

TEST_F(PlanTest, NumbersOfItsFileAreBounded) {
  const nlohmann::json good = plan_to_json(plan());
  const auto refusal = [&](const nlohmann::json::json_pointer& place, const nlohmann::json& value) {
    nlohmann::json changed = good;
    changed[place] = value;
    return user_error([&] { plan_from_json(changed, "plan.json"); });
  };
  for (const char* place : {"/threads", "/jobs", "/common/threads"}) {
    const nlohmann::json::json_pointer at(place);
    for (const nlohmann::json& value : {nlohmann::json(0), nlohmann::json(-1), nlohmann::json(1'000'000'000),
                                        nlohmann::json(1e300), nlohmann::json(2.5), nlohmann::json("2")}) {
      EXPECT_THAT(refusal(at, value), AllOf(HasSubstr("plan.json: '"), HasSubstr("expected a whole number")));
    }
  }
  EXPECT_THAT(refusal(nlohmann::json::json_pointer("/rows/0/runs/0/seed"), -1), HasSubstr("'seed' is -1"));
  EXPECT_THAT(refusal(nlohmann::json::json_pointer("/common/attempt"), 1e18), HasSubstr("'attempt'"));
  EXPECT_THAT(refusal(nlohmann::json::json_pointer("/rows/0/runs"), "none"), HasSubstr("'runs' is no list"));
}

TEST_F(PlanTest, HoldsAsManyRunsAsEveryCommandCanKeep) {
  std::vector<int64_t> seeds;
  for (int64_t seed = 0; seed < 3334; ++seed) seeds.push_back(seed);  // three rows
  EXPECT_THAT(user_error([&] {
                plan({}, {seeds, 1, 1, "cpu", "out", "data"});
              }),
              HasSubstr("suite 'mine': 10002 runs; a plan holds at most 10000"));
  nlohmann::json long_plan = plan_to_json(plan());
  long_plan["rows"][0]["runs"] = std::vector<nlohmann::json>(10'001, nlohmann::json::object());
  EXPECT_THAT(user_error([&] { plan_from_json(long_plan, "plan.json"); }),
              HasSubstr("plan.json: 'runs': 10005 runs; a plan holds at most 10000"));
}

}  // namespace
}  // namespace sslbench
