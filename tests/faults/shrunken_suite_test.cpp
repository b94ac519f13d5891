// SPDX-License-Identifier: Apache-2.0
// Every shipped suite, shrunk with --set to a few rendered images: its first trained row goes from file to report.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "suites/files/atomic_file.h"
#include "suites/plan/toml_tree.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// smoke and foundation have tests of their own, quickstart is smoke's big sister.
const char* const kOwnTests[] = {"smoke", "quickstart", "foundation"};

std::vector<std::string> shipped_suites() {
  const fs::path folder = fs::path(SSLBENCH_SOURCE_DIR) / "suites";
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    if (std::ranges::count(kOwnTests, entry.path().stem().string()) > 0) continue;
    out.push_back(fs::relative(entry.path(), folder).string());
  }
  std::ranges::sort(out);
  return out;
}

bool trains(const std::string& row) { return row != "random_init" && row != "supervised" && row != "checkpoint"; }

// The suite's text over rendered images wherever it names a dataset: real ones are not installed here.
std::string over_shapes(const std::string& text) {
  static const std::regex kDataset(R"re(dataset( *)=( *)(\{[^}]*\}|"[^"]*"))re");
  return std::regex_replace(text, kDataset,
                            R"(dataset = { name = "shapes", size = 32, train_images = 64, test_images = 32 })");
}

// What makes a suite small.
std::vector<std::string> small_words(const TomlNode& root) {
  std::vector<std::string> out;
  const auto set = [&](const std::string& key, const std::string& value) {
    out.insert(out.end(), {"--set", key + "=" + value});
  };
  set("pretrain.epochs", "1");
  set("pretrain.batch_size", "16");
  const auto names = [&](const char* table, const char* key) {
    return root.table.contains(table) && root.table.at(table).table.contains(key);
  };
  if (names("views", "size")) set("views.size", "64");
  if (names("backbone", "image_size")) set("backbone.image_size", "64");
  const TomlNode& protocols = root.table.at("protocols");
  for (const auto& [name, row] : protocols.table) {
    const bool dense = name == "detection" || name == "segmentation";
    if (dense || name == "linear_probe") set("protocols." + name + ".epochs", "1");
    if (!dense) continue;
    set("protocols." + name + ".trial_epochs", "1");
    set("protocols." + name + ".width", "32");
    set("protocols." + name + ".height", "32");
  }
  return out;
}

class ShrunkenSuiteTest : public testing::TestWithParam<std::string> {};

TEST_P(ShrunkenSuiteTest, GoesFromFileToReport) {
  const fs::path file = fs::path(SSLBENCH_SOURCE_DIR) / "suites" / GetParam();
  const TomlNode root = read_toml_file(file);
  std::string row;
  for (const std::string& name : root.table.at("methods").keys()) {
    if (row.empty() && trains(name)) row = name;
  }
  TinySuite suite(over_shapes(read_file(file)));
  std::vector<std::string> words = small_words(root);
  words.insert(words.end(), {"--only", row, "--seeds", "0", "--threads", "1"});
  const Ending end = suite.run(words, 300);
  ASSERT_EQ(end.code, 0) << row << ": " << end.errors;
  const Record record = suite.record(row);
  EXPECT_EQ(record.status, "ok");
  EXPECT_EQ(record.stages.size(), 1 + root.table.at("protocols").table.size()) << "pretraining and every protocol";
}

INSTANTIATE_TEST_SUITE_P(Suites, ShrunkenSuiteTest, testing::ValuesIn(shipped_suites()), [](const auto& info) {
  std::string name = info.param.substr(0, info.param.rfind('.'));
  std::ranges::replace(name, '/', '_');
  return name;
});

}  // namespace
}  // namespace sslbench
