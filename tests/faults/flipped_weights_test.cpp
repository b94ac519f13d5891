// SPDX-License-Identifier: Apache-2.0
// Files of weights with a bit turned, as the front end meets them.
#include <gmock/gmock.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/random.h"
#include "tests/faults/injected_fault.h"
#include "tests/faults/tiny_suite.h"
#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kLimit = 10;  // seconds

// The tensors of a safetensors file as torch.save keeps a state dict.
std::string as_torch_file(const std::string& bytes) {
  std::vector<std::pair<std::string, std::string>> items, storages;
  for (const StoredTensor& tensor : parse_safetensors(bytes).tensors) {
    std::vector<int64_t> strides(tensor.shape.size(), 1);
    for (size_t d = strides.size(); d-- > 1;) strides[d - 1] = strides[d] * tensor.shape[d];
    const std::string key = std::to_string(storages.size());
    items.emplace_back(tensor.name, p_tensor({key, tensor.numel(), tensor.shape, strides, 0,
                                              tensor.dtype == "F32" ? "FloatStorage" : "LongStorage"}));
    storages.emplace_back(key, std::string(tensor.bytes));
  }
  return zip_of(torch_content(pickled(p_dict(items)), storages));
}

// One bit, by turns anywhere, near the beginning or near the end, where headers lie.
std::string flipped(std::string bytes, uint32_t k) {
  constexpr uint32_t kNear = 3000;
  RandomStream random(5, RandomUse::render, 0, k);
  const auto size = static_cast<uint32_t>(bytes.size());
  const uint32_t range = k % 3 == 0 ? size : std::min(kNear, size);
  const uint32_t place = random.below(range) + (k % 3 == 2 ? size - range : 0);
  bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.below(8)));
  return bytes;
}

// Fault matrix: 56, 73
TEST(FlippedWeightsTest, AreReadOrRefusedAndNeverEndTheFrontEnd) {
  const uint32_t flips = walks_every_position() ? 2000 : 6;
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "random_init"}).code, 0);
  const std::string exported = (suite.folder() / "whole.safetensors").string();
  ASSERT_EQ(
      suite.sslbench({"export", suite.out.string(), "--to", "safetensors", "--only", "random_init", "-o", exported})
          .code,
      0);
  const std::string safetensors = read_file(exported);
  for (const std::string& whole : {safetensors, as_torch_file(safetensors)}) {
    const auto check = [&](const std::string& bytes) {
      suite.write("theirs", bytes);
      suite.write("theirs.toml",
                  std::string(kTinySuite) + "[methods.theirs]\nmethod = \"checkpoint\"\nweights = \"theirs\"\n");
      return suite.sslbench({"plan", "--no-calibrate", (suite.folder() / "theirs.toml").string(), "--only", "theirs"},
                            kLimit);
    };
    ASSERT_EQ(check(whole).code, 0) << check(whole).errors;
    for (uint32_t k = 0; k < flips; ++k) {
      const Ending end = check(flipped(whole, k));
      EXPECT_THAT(end.code, AnyOf(0, 2)) << k << ": " << end.errors;
      EXPECT_THAT(end.errors, Not(HasSubstr("internal error"))) << k;
    }
  }
}

class FlippedModelTest : public testing::TestWithParam<std::pair<const char*, const char*>> {};

// Of a model of somebody else, too, which is run on its own example before anything else.
// Fault matrix: 73
TEST_P(FlippedModelTest, IsProvedOrRefused) {
  const uint32_t flips = walks_every_position() ? 2000 : 6;
  TinySuite suite;
  const std::string backbone = GetParam().first, file = GetParam().second;
  const std::string whole = read_file(std::string(SSLBENCH_SOURCE_DIR) + "/tests/methods/foreign/fixtures/" + file);
  const auto check = [&](const std::string& bytes) {
    suite.write(file, bytes);
    suite.write("theirs.toml", std::string(kTinySuite) +
                                   "[methods.theirs]\nmethod = \"checkpoint\"\nbackbone = { name = \"" + backbone +
                                   "\", file = \"" + file + "\" }\n");
    return suite.sslbench({"plan", "--no-calibrate", (suite.folder() / "theirs.toml").string(), "--only", "theirs"},
                          kLimit);
  };
  ASSERT_EQ(check(whole).code, 0) << check(whole).errors;
  for (uint32_t k = 0; k < flips; ++k) {
    const Ending end = check(flipped(whole, k));
    EXPECT_THAT(end.code, AnyOf(0, 2)) << file << " " << k << ": " << end.errors;
    EXPECT_THAT(end.errors, Not(HasSubstr("internal error"))) << file << " " << k;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, FlippedModelTest,
                         testing::Values(std::pair("exported", "attention.pt2"), std::pair("traced", "attention.ts")),
                         [](const auto& info) { return std::string(info.param.first); });

}  // namespace
}  // namespace sslbench
