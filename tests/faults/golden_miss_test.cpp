// SPDX-License-Identifier: Apache-2.0
// The golden checker as a person meets it: what it must not let pass.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/faults/program.h"

namespace sslbench {
namespace {

const std::string kProgram = SSLBENCH_BIN_DIR "/golden";
const std::string kCases = SSLBENCH_SOURCE_DIR "/tests/golden/losses/";

// A copy of a case; `change` gets all its bytes.
std::string changed(const ScratchFolder& folder, const std::string& name,
                    const std::function<void(std::string&)>& change) {
  std::ifstream in(kCases + name, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  change(bytes);
  const std::string file = (folder.path() / name).string();
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

TEST(GoldenMissTest, OneChangedByteOfAnExpectedValueIsAMiss) {
  const ScratchFolder folder;
  const auto last_exponent = [](std::string& bytes) { bytes.back() = static_cast<char>(bytes.back() ^ 0x01); };
  const std::string file = changed(folder, "triplet_margin__p1.safetensors", last_exponent);
  const Ending end = run_program({kProgram, kCases + "triplet_margin__p1.safetensors", file});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("FAIL  triplet_margin  p1"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("1 passed, 1 failed"), std::string::npos) << end.output;
}

TEST(GoldenMissTest, AnUnknownOperationAndACutFileAreMisses) {
  const ScratchFolder folder;
  std::filesystem::copy_file(kCases + "triplet_margin__p1.safetensors", folder.path() / "no_such_op__a.safetensors");
  changed(folder, "autoencoder_mse__image_sum.safetensors", [](std::string& bytes) { bytes.resize(bytes.size() - 5); });
  const Ending end = run_program({kProgram, folder.path().string()});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("unknown op 'no_such_op'"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("0 passed, 2 failed"), std::string::npos) << end.output;
}

TEST(GoldenMissTest, NothingFoundIsNoSuccess) {
  const ScratchFolder folder;
  const Ending end = run_program({kProgram, folder.path().string()});
  EXPECT_EQ(end.code, 1);
  EXPECT_NE(end.output.find("no golden files"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("0 passed, 0 failed"), std::string::npos) << end.output;
}

}  // namespace
}  // namespace sslbench
