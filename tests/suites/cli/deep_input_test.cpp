// SPDX-License-Identifier: Apache-2.0
// Files that nest a hundred thousand times, wherever a command takes one: a line and exit code 2, no dead process.
#include "suites/files/safetensors_header.h"
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

const std::string kDeepJson = std::string(100'000, '[') + std::string(100'000, ']');

std::string deep_toml() {
  std::string out = "a";
  for (int i = 1; i < 50'000; ++i) out += ".a";
  return out + " = 1\n";
}

class DeepInputTest : public TrackedCommand {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    write_atomically(path(name), text);
    return path(name).string();
  }
  static void expect_refused(const std::vector<std::string>& words) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 2) << words[0] << ": " << process.errors();
    EXPECT_THAT(process.errors() + process.output(), HasSubstr("nested deeper than 64")) << words[0];
  }
};

TEST_F(DeepInputTest, History) {
  file("store/tracked/deep.json", kDeepJson);
  const std::string now = results("now", {});
  expect_refused({"history", "trend", "--history", store(), "-o", path("trend").string()});
  expect_refused({"gate", now, "--history", store()});
  expect_refused({"compare", file("deep.json", kDeepJson), now});
}

TEST_F(DeepInputTest, PlanOfAResultsFolder) {
  const std::string now = results("now", {});
  file("now/plan.json", kDeepJson);
  for (const char* command : {"verify", "report", "status"}) expect_refused({command, now});
  expect_refused({"export", now, "--to", "csv"});
  expect_refused({"compare", now, now});
  expect_refused({"bundle", now, "-o", path("b.tar.gz").string()});
}

TEST_F(DeepInputTest, RulesOfAGate) {
  expect_refused({"gate", results("now", {}), "--history", store(), "--rules", file("deep.toml", deep_toml())});
}

TEST_F(DeepInputTest, InputsOfScore) {
  const std::string deep = file("deep.json", kDeepJson);
  expect_refused({"score", "holm", "--input", deep});
  expect_refused({"score", "detection", "--truth", deep, "--predictions", deep});
  const std::string header = "{\"__metadata__\":{\"settings\":\"" + kDeepJson + "\"}}";
  expect_refused({"score", "topk", "--input", file("deep.safetensors", safetensors_file(header, ""))});
  expect_refused({"score", "topk", "--input", file("header.safetensors", safetensors_file("{\"a\":" + kDeepJson, ""))});
}

TEST_F(DeepInputTest, ARecordsOwnJson) {
  const std::string now = results("now", {});
  TrackedResults content;
  Record record = content.record("byol", 0, 0);
  record.run = "byol-s0-0123456789ab";
  nlohmann::json deep = 1;
  for (int level = 0; level < 100; ++level) deep = nlohmann::json{{"a", deep}};
  record.facts = deep;
  write_record(record, path("now/runs/byol-s0-0123456789ab.h5"));
  expect_refused({"verify", now});
}

}  // namespace
}  // namespace sslbench
