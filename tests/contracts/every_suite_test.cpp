// SPDX-License-Identifier: Apache-2.0
// What every shipped suite promises: it asks a question, and every run of it can be built.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "methods/backbone.h"
#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "suites/plan/plan.h"
#include "suites/worker/build_catalog.h"
#include "suites/worker/check.h"
#include "tests/contracts/method_names.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> suite_files() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SSLBENCH_SOURCE_DIR) / "suites")) {
    if (entry.path().extension() == ".toml") out.push_back(entry.path());
  }
  return out;
}

// Where a suite names files of weights: a small network of the same kind in the place of each, whose weights lie in
// `folder`. What --set would say.
std::vector<std::string> small_networks(const fs::path& file, const Catalog& catalog, const fs::path& folder) {
  std::vector<std::string> out;
  for (const MethodRow& row : read_suite(file, {}, catalog).methods) {
    if (!row.options.contains("weights")) continue;
    const std::string place = "methods." + row.row + ".", weights = folder / (row.row + ".safetensors");
    const std::string name = row.backbone.value().name;
    const nlohmann::json& tiny = Registry<BackboneEntry>::find(name).tiny;
    for (const auto& [key, value] : tiny.items()) out.push_back(place + "backbone." + key + "=" + value.dump());
    at::Generator generator = at::detail::createCPUGenerator(0);
    write_safetensors({make_backbone(name, tiny, generator)->state_dict(), {}}, weights);
    out.push_back(place + "weights=" + weights);
  }
  return out;
}

// As on a machine where every dataset is installed.
Plan plan_of(const Suite& suite, const Catalog& catalog) {
  const auto digest = [](const std::string& name, const nlohmann::json&) { return "digest of " + name; };
  return make_plan(suite, catalog, digest, {.out = "out", .data_root = "data"});
}

TEST(EverySuiteTest, ThereAreSome) { EXPECT_GE(suite_files().size(), 3u); }

TEST(EverySuiteTest, ParsesAndPlansRunsThatCanBeBuilt) {
  const Catalog catalog = build_catalog();
  const ScratchFolder folder;
  for (const fs::path& file : suite_files()) {
    const Plan plan = plan_of(read_suite(file, small_networks(file, catalog, folder.path()), catalog), catalog);
    EXPECT_FALSE(plan.runs.empty()) << file;
    std::set<std::string> names;
    for (const RunSpec& run : plan.runs) {
      EXPECT_TRUE(names.insert(run.name()).second) << file << ": " << run.name() << " twice";
      // Seeds of a row differ in nothing that a check looks at.
      if (run.seed == plan.runs.front().seed) {
        EXPECT_EQ(check_run(run), "") << file << ": " << run.row;
      }
      const RunSpec again = run_spec_from_json(run_spec_to_json(run), "runspec.json");
      EXPECT_EQ(run_spec_to_json(again), run_spec_to_json(run)) << file << ": " << run.row;
    }
  }
}

TEST(EverySuiteTest, AsksAQuestionInItsFirstLine) {
  const Catalog catalog = build_catalog();
  for (const fs::path& file : suite_files()) {
    const Suite suite = read_suite(file, {}, catalog);
    EXPECT_TRUE(suite.question.ends_with("?")) << file << ": " << suite.question;
    EXPECT_LT(suite.question.size(), 160u) << file << ": a question is short";
  }
}

// Without a floor and a ceiling from the same code no number of a table can be judged. A suite that trains nothing has
// no code of training to hold a ceiling against: a row of weights that others trained with labels stands there.
TEST(EverySuiteTest, HasAFloorAndACeiling) {
  const Catalog catalog = build_catalog();
  for (const fs::path& file : suite_files()) {
    std::set<std::string> roles;
    bool trains = false, supervised = false;
    for (const MethodRow& row : read_suite(file, {}, catalog).methods) {
      const nlohmann::json& facts = catalog.find("method", row.method).facts;
      roles.insert(facts.at("role").get<std::string>());
      trains = trains || facts.at("trains").get<bool>();
      supervised = supervised || row.row.starts_with("supervised");
    }
    EXPECT_TRUE(roles.contains("floor")) << file;
    EXPECT_TRUE(trains ? roles.contains("ceiling") : supervised) << file;
  }
}

TEST(ThroughputSuiteTest, TimesEveryMethodThatTrains) {
  std::set<std::string> timed;
  const fs::path source = SSLBENCH_SOURCE_DIR, file = source / "suites/throughput.toml";
  for (const MethodRow& row : read_suite(file, {}, build_catalog()).methods) timed.insert(row.method);
  for (const std::string& method : method_names(WhichMethods::trained)) {
    if (!fs::exists(source / "methods" / (method + ".cpp")))
      continue;  // from outside the tree, or the second of a file
    EXPECT_TRUE(timed.contains(method)) << "add [methods." << method << "] to suites/throughput.toml";
  }
}

TEST(FoundationSuiteTest, NamesEveryFileThatIsMissingAtOnceAndItsRow) {
  const Catalog catalog = build_catalog();
  const Suite suite = read_suite(fs::path(SSLBENCH_SOURCE_DIR) / "suites/foundation.toml", {}, catalog);
  try {
    plan_of(suite, catalog);
    FAIL();
  } catch (const UserError& error) {
    const std::string said = error.what();
    EXPECT_EQ(std::ranges::count(said, '\n'), 4) << "a line each";
    for (const char* line : {"[methods.dinov2_small] method 'checkpoint': weights: there is no file "
                             "'weights/vit_small_patch14_dinov2.lvd142m.safetensors'",
                             "[methods.siglip_base] ", "[methods.supervised_small] "}) {
      EXPECT_NE(said.find(line), std::string::npos) << said;
    }
  }
}

// So that their features cost alike and none sees more of an image.
TEST(FoundationSuiteTest, ShowsEveryNetworkAsManyPatches) {
  const Catalog catalog = build_catalog();
  const fs::path file = fs::path(SSLBENCH_SOURCE_DIR) / "suites/foundation.toml";
  const ScratchFolder folder;
  for (const RunSpec& run :
       plan_of(read_suite(file, small_networks(file, catalog, folder.path()), catalog), catalog).runs) {
    const std::vector<Option>& options = catalog.find("backbone", run.backbone).options;
    const int64_t patch = Settings("backbone", options, nlohmann::json::object()).integer("patch_size");
    EXPECT_EQ(run.views.at("size").get<int64_t>(), 7 * patch) << run.row;
  }
}

}  // namespace
}  // namespace sslbench
