// SPDX-License-Identifier: Apache-2.0
// What every shipped suite promises: it asks a question, and every run of it can be built.
#include <gtest/gtest.h>

#include <set>

#include "suites/plan/plan.h"
#include "suites/worker/build_catalog.h"
#include "suites/worker/check.h"

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

// As on a machine where every dataset is installed.
Plan plan_of(const Suite& suite, const Catalog& catalog) {
  const auto digest = [](const std::string& name, const nlohmann::json&) { return "digest of " + name; };
  return make_plan(suite, catalog, digest, {.out = "out", .data_root = "data"});
}

TEST(EverySuiteTest, ThereAreSome) { EXPECT_GE(suite_files().size(), 3u); }

TEST(EverySuiteTest, ParsesAndPlansRunsThatCanBeBuilt) {
  const Catalog catalog = build_catalog();
  for (const fs::path& file : suite_files()) {
    const Plan plan = plan_of(read_suite(file, {}, catalog), catalog);
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

// Without a floor and a ceiling from the same code no number of a table can be judged.
TEST(EverySuiteTest, HasAFloorAndACeiling) {
  const Catalog catalog = build_catalog();
  for (const fs::path& file : suite_files()) {
    std::set<std::string> roles;
    for (const MethodRow& row : read_suite(file, {}, catalog).methods) {
      roles.insert(catalog.find("method", row.method).facts.at("role").get<std::string>());
    }
    EXPECT_TRUE(roles.contains("floor")) << file;
    EXPECT_TRUE(roles.contains("ceiling")) << file;
  }
}

}  // namespace
}  // namespace sslbench
