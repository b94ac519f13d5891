// SPDX-License-Identifier: Apache-2.0
// `preset` and `other_sets` in a protocol's row.
#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/plan/other_sets.h"
#include "suites/plan/plan.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSuite = R"(# q?
dataset = "shapes"
backbone = "resnet18"
[methods.simclr]
[protocols.knn]
)";

class ProtocolPresetsTest : public ::testing::Test {
 protected:
  ProtocolPresetsTest() {
    CatalogEntry& knn = catalog_.kinds["protocol"]["knn"];
    knn.options = {integer_option("k", 20, 1, 1e6, "neighbours"), real_option("temperature", 0.07, 0, 1, "T")};
    knn.facts["presets"] = {{"lightly", {{"source", "s"}, {"values", {{"k", 200}, {"temperature", 0.1}}}}},
                            {"dino", {{"source", "s"}, {"values", {{"k", 20}}}}}};
  }
  RunSpec run(const std::string& row, const std::vector<std::string>& sets = {}) {
    const Suite suite = read_suite(folder_.write("mine.toml", kSuite + row), sets, catalog_);
    const auto digest = [&](const std::string& name, const nlohmann::json&) {
      return name == "cifar10" ? missing_ : "of " + name;
    };
    return make_plan(suite, catalog_, digest, {{}, 1, 1, "cpu", "out", "data"}).runs.at(0);
  }
  std::string mistake(const std::string& row) {
    return user_error([&] { run(row); });
  }

  ScratchFolder folder_;
  Catalog catalog_ = small_catalog();
  std::string missing_;
};

TEST_F(ProtocolPresetsTest, AreWeakerThanTheRowAndTheRowThanSet) {
  EXPECT_EQ(run("").protocols.at(0).settings.at("k"), 20);
  const RunSpec named = run("preset = \"lightly\"\nk = 100");
  const nlohmann::json settings = named.protocols.at(0).settings;
  EXPECT_EQ(settings, (nlohmann::json{{"k", 100}, {"temperature", 0.1}})) << "values alone, which count";
  EXPECT_EQ(named.requested.value().at("protocols").at("knn").at("options").at("preset"), "lightly");
  EXPECT_EQ(named.protocols.at(0).preset, "lightly");
  const RunSpec again = run_spec_from_json(run_spec_to_json(named), "runspec.json");
  EXPECT_EQ(again.protocols.at(0), named.protocols.at(0));
  const RunSpec set = run("preset = \"lightly\"\nk = 100", {"protocols.knn.k=5", "protocols.knn.preset=dino"});
  EXPECT_EQ(nlohmann::json(set.protocols.at(0).settings), (nlohmann::json{{"k", 5}, {"temperature", 0.07}}));
}

TEST_F(ProtocolPresetsTest, TheSameValuesAreTheSameRunWhateverTheyAreCalled) {
  EXPECT_EQ(run("preset = \"dino\"").id, run("").id);
  EXPECT_EQ(run("preset = \"lightly\"").id, run("k = 200\ntemperature = 0.1").id);
}

TEST_F(ProtocolPresetsTest, AnUnknownOneIsRefusedAtItsPlaceWithAllThatThereAre) {
  EXPECT_THAT(mistake("preset = \"dion\""),
              AllOf(HasSubstr("mine.toml:6:"), HasSubstr("protocol 'knn' has no preset 'dion'"),
                    HasSubstr("did you mean 'dino'?"), HasSubstr("its presets: dino, lightly")));
  EXPECT_THAT(mistake("[protocols.detection]\npreset = \"dino\""), HasSubstr("it has none"));
  EXPECT_THAT(mistake("preset = 5"), HasSubstr("expected a string"));
}

TEST_F(ProtocolPresetsTest, OtherSetsAreKnownByNameAndContent) {
  catalog_.kinds["protocol"]["knn"].options.push_back(texts_option(kOtherSets, {"shapes"}, "beside"));
  const auto sets = [](const RunSpec& of) { return of.protocols.at(0).settings.at(kOtherSets); };
  EXPECT_THAT(sets(run("")), ElementsAre("shapes@of shapes"));
  EXPECT_EQ(other_set("shapes@of shapes").name, "shapes");
  EXPECT_EQ(other_set("shapes@of shapes").digest, "of shapes");
  EXPECT_THAT(mistake("other_sets = [\"cifar10\"]"), HasSubstr("dataset 'cifar10' is not installed"));
  missing_ = "one";
  const RunSpec before = run("other_sets = [\"cifar10\"]");
  missing_ = "two";
  EXPECT_NE(before.id, run("other_sets = [\"cifar10\"]").id) << "another content is another run";
}

TEST_F(ProtocolPresetsTest, OtherSetsThatAreNoneAreRefusedAtTheirPlace) {
  catalog_.kinds["protocol"]["knn"].options.push_back(texts_option(kOtherSets, {"shapes"}, "beside"));
  EXPECT_THAT(
      mistake("other_sets = [\"cifar1\"]"),
      AllOf(HasSubstr("mine.toml:6:"), HasSubstr("unknown dataset 'cifar1'"), HasSubstr("did you mean 'cifar10'?")));
  EXPECT_THAT(mistake("other_sets = [\"shapes+cifar10\"]"), HasSubstr("unknown dataset 'shapes+cifar10'"));
  EXPECT_THAT(mistake("other_sets = []"),
              AllOf(HasSubstr("mine.toml:6:"), HasSubstr("expected the names of one set or more, got []")));
  EXPECT_THAT(mistake("other_sets = [\"shapes\", \"shapes\"]"),
              AllOf(HasSubstr("mine.toml:6:"), HasSubstr("\"shapes\" is there twice")));
}

}  // namespace
}  // namespace sslbench
