// SPDX-License-Identifier: Apache-2.0
// What every operation of `sslbench score` makes of the repository's own files.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/cli/score/score_op.h"
#include "suites/files/atomic_file.h"
#include "tests/golden/golden_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kFiles = SSLBENCH_SOURCE_DIR "/tests/golden/metrics";

std::string operation_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  return stem.substr(0, stem.find("__"));
}

void flatten(const json& value, std::vector<double>& out) {
  if (!value.is_array()) return out.push_back(value.is_null() ? NAN : value.get<double>());
  for (const json& each : value) flatten(each, out);
}

std::vector<double> expected_values(const GoldenFile& file, const StoredTensor& tensor) {
  const auto as_doubles = [](const auto& values) { return std::vector<double>(values.begin(), values.end()); };
  if (tensor.dtype == "I64") return as_doubles(file.values<int64_t>(tensor.name));
  if (tensor.dtype == "BOOL" || tensor.dtype == "U8") return as_doubles(file.values<uint8_t>(tensor.name));
  return as_doubles(file.values<float>(tensor.name));
}

void expect_tensors(const fs::path& path) {
  const GoldenFile file(path);
  const json got = score_bytes(Registry<ScoreEntry>::find(operation_of(path)), read_file(path));
  for (const StoredTensor& tensor : file.tensors()) {
    if (!tensor.name.starts_with("out.")) continue;
    ASSERT_TRUE(got.contains(tensor.name)) << tensor.name;
    const std::vector<double> want = expected_values(file, tensor);
    std::vector<double> values;
    flatten(got.at(tensor.name), values);
    ASSERT_EQ(values.size(), want.size()) << tensor.name;
    for (size_t i = 0; i < want.size(); ++i) {
      EXPECT_NEAR(values[i], want[i], file.atol() + file.rtol() * std::abs(want[i])) << tensor.name << " " << i;
    }
  }
}

void expect_near(const json& got, const json& want, double rtol, double atol, const std::string& where) {
  if (got.is_number() && want.is_number()) {
    const double value = want;
    EXPECT_NEAR(got.get<double>(), value, atol + rtol * std::abs(value)) << where;
  } else if (want.is_structured()) {
    ASSERT_EQ(got.size(), want.size()) << where;
    for (const auto& item : want.items()) {
      const json& inner = want.is_array() ? got.at(std::stoul(item.key())) : got.at(item.key());
      expect_near(inner, item.value(), rtol, atol, where + "." + item.key());
    }
  } else {
    EXPECT_EQ(got, want) << where;
  }
}

void expect_cases(const fs::path& path) {
  const json content = json::parse(read_file(path));
  const ScoreEntry& op = Registry<ScoreEntry>::find(operation_of(path));
  const json got = score_bytes(op, content.dump());
  const double rtol = content.value("rtol", 0.0), atol = content.value("atol", 0.0);
  if (!content.contains("cases")) return expect_near(got, content.at("expected"), rtol, atol, "expected");
  ASSERT_EQ(got.size(), content.at("cases").size());
  for (size_t i = 0; i < got.size(); ++i) {
    const json& one = content.at("cases")[i];
    for (const auto& item : got[i].items()) {
      const json& want = op.whole_case ? one.value(item.key(), json()) : one.at("expected").at(item.key());
      if (!op.whole_case || one.contains(item.key())) {
        expect_near(item.value(), want, rtol, atol, std::to_string(i) + "." + item.key());
      }
    }
    if (!op.whole_case) EXPECT_EQ(got[i].size(), one.at("expected").size()) << i;
  }
}

TEST(ScoreFilesTest, EveryFileScoresWhatItExpects) {
  for (const fs::directory_entry& entry : fs::directory_iterator(kFiles)) {
    if (entry.is_directory()) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const bool tensors = entry.path().extension() == ".safetensors";
    ASSERT_NO_THROW(tensors ? expect_tensors(entry.path()) : expect_cases(entry.path()));
  }
}

TEST(ScoreFilesTest, EveryOperationHasAFile) {
  std::set<std::string> seen{
      "classification", "segmentation",     "voc",                      // other names of topk, miou, voc_ap
      "mcnemar",        "paired_bootstrap", "hierarchical_bootstrap"};  // in reports/statistics' tests
  for (const fs::directory_entry& entry : fs::directory_iterator(kFiles)) seen.insert(operation_of(entry.path()));
  for (const std::string& name : Registry<ScoreEntry>::names()) EXPECT_TRUE(seen.contains(name)) << name;
}

}  // namespace
}  // namespace sslbench
