// SPDX-License-Identifier: Apache-2.0
// suites/foundation.toml from files to report: small networks of the same kinds in the place of the published ones.
#include <gmock/gmock.h>

#include <regex>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kShapes = R"(dataset = { name = "shapes", size = 32, train_images = 48, test_images = 24 })";

// Rows and their networks.
const std::vector<std::pair<std::string, std::string>> kRows = {{"dinov2_small", "dinov2_small"},
                                                                {"dinov3_small", "dinov3_small"},
                                                                {"mae_base", "vit_base"},
                                                                {"siglip_base", "siglip_base"},
                                                                {"supervised_small", "vit_small"}};

// Fresh weights of each, as files.
void write_weights(const TinySuite& suite) {
  const fs::path file = suite.folder() / "make.toml", out = suite.folder() / "made";
  std::string text = std::string("# Which weights?\n") + kShapes + "\nbackbone = \"convnet\"\n";
  for (const auto& [row, backbone] : kRows) {
    text += "[methods." + row + "]\nmethod = \"random_init\"\nbackbone = { name = \"" + backbone +
            "\", dim = 48, depth = 1, heads = 3 }\n";
  }
  suite.write("make.toml", text + "[protocols.knn]\n");
  const Ending made = suite.sslbench({"run", file.string(), "-o", out.string(), "--threads", "1"}, 120);
  ASSERT_EQ(made.code, 0) << made.errors;
  for (const auto& [row, backbone] : kRows) {
    const Ending end = suite.sslbench({"export", out.string(), "--to", "safetensors", "--only", row, "-o",
                                       (suite.folder() / (row + ".safetensors")).string()});
    ASSERT_EQ(end.code, 0) << end.errors;
  }
}

TEST(FoundationSuiteTest, GoesFromFilesToReport) {
  const std::string text = read_file(fs::path(SSLBENCH_SOURCE_DIR) / "suites/foundation.toml");
  TinySuite suite(std::regex_replace(text, std::regex(R"re(dataset = \{[^}]*\})re"), kShapes));
  write_weights(suite);
  std::vector<std::string> words = {"--threads", "1", "--set", "protocols.linear_probe.epochs=1"};
  for (const auto& [row, backbone] : kRows) {
    const std::string place = "methods." + row + ".";
    for (const std::string& size : {"dim=48", "depth=1", "heads=3"}) {
      words.insert(words.end(), {"--set", place + "backbone." + size});
    }
    words.insert(words.end(), {"--set", place + "weights=" + (suite.folder() / (row + ".safetensors")).string()});
  }
  const Ending end = suite.run(words, 300);
  ASSERT_EQ(end.code, 0) << end.errors;
  for (const auto& [row, backbone] : kRows) EXPECT_EQ(suite.record(row).status, "ok") << row;
  EXPECT_THAT(suite.markdown(), HasSubstr("supervised_small"));
}

}  // namespace
}  // namespace sslbench
