// SPDX-License-Identifier: Apache-2.0
// scripts/gpu-lab without a GPU: every part walks, and its table has the shape that a GPU will fill.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

Ending lab(std::vector<std::string> words, Surroundings around = {}) {
  around.environment.emplace("SSLBENCH_BIN", program_of_build("sslbench").parent_path().string());
  words.insert(words.begin(), {"python3", SSLBENCH_SOURCE_DIR "/scripts/gpu-lab"});
  return run_program(words, around, 400);
}

json rows_of(const fs::path& out) { return json::parse(read_file(out / "lab.json")).at("rows"); }

std::vector<std::string> parts_of(const json& rows) {
  std::vector<std::string> out;
  for (const json& row : rows) {
    const std::string part = row.at("part");
    if (out.empty() || out.back() != part) out.push_back(part);
  }
  return out;
}

TEST(GpuLabTest, ADryRunWalksEveryPartInOrderAndFillsItsTable) {
  const ScratchFolder out;
  const Ending end = lab({"--dry-run", "-o", out.path()});
  ASSERT_EQ(end.code, 0) << end.output << end.errors;
  const json rows = rows_of(out.path());
  EXPECT_THAT(parts_of(rows), ElementsAre("start", "right", "steps", "classes", "variants", "operators", "pytorch",
                                          "end_to_end", "same"));
  std::map<std::string, std::set<std::string>> keys;
  for (const json& row : rows) {
    EXPECT_FALSE(row.contains("failed")) << row;
    for (const auto& [key, value] : row.items()) keys[row.at("part")].insert(key);
  }
  EXPECT_TRUE(keys["start"].contains("teraflops") && keys["start"].contains("gigabytes_per_second"));
  EXPECT_TRUE(keys["steps"].contains("ms") && keys["steps"].contains("images_per_second"));
  EXPECT_TRUE(keys["classes"].contains("share") && keys["classes"].contains("calls"));
  EXPECT_TRUE(keys["variants"].contains("ratio"));
  EXPECT_TRUE(keys["operators"].contains("of_copy"));
  EXPECT_TRUE(keys["end_to_end"].contains("images_per_second"));
  EXPECT_TRUE(keys["right"].contains("equal") && keys["same"].contains("equal"));
  EXPECT_THAT(read_file(out.path() / "lab.md"),
              AllOf(HasSubstr("No figure here means anything"), HasSubstr("## variants\n\n| case | ms | ratio |"),
                    HasSubstr("| simclr resnet18 b512: convolution |")));
}

TEST(GpuLabTest, APartStartsOnlyWhileItsSecondsAreLeftAndSaysSoOtherwise) {
  const ScratchFolder out;
  const Ending end = lab({"--dry-run", "--seconds", "45", "--only", "operators", "same", "steps", "-o", out.path()});
  EXPECT_EQ(end.code, 0) << end.errors;
  const json rows = rows_of(out.path());
  EXPECT_THAT(parts_of(rows), ElementsAre("steps", "operators", "same"));
  EXPECT_EQ(rows[0].value("left_out", ""), "its 60 s were not left");
  EXPECT_TRUE(rows[1].contains("ms"));
}

TEST(GpuLabTest, TimesStandOverThoseOfAnEarlierLab) {
  const ScratchFolder out;
  ASSERT_EQ(lab({"--dry-run", "--only", "operators", "-o", out.path()}).code, 0);
  json before = json::parse(read_file(out.path() / "lab.json"));
  for (json& row : before["rows"]) {
    if (row.contains("ms")) row["ms"][0] = 1e6;
  }
  const fs::path file = out.write("before.json", before.dump());
  ASSERT_EQ(lab({"--dry-run", "--only", "operators", "--before", file, "-o", out.path()}).code, 0);
  EXPECT_LT(rows_of(out.path())[0].at("before").get<double>(), 1e-3);
}

// A folder of our programs with another gpu_lab.
fs::path with_lab(const ScratchFolder& folder, const std::string& lines) {
  const fs::path program = folder.write("bin/gpu_lab", "#!/usr/bin/env bash\n" + lines);
  fs::permissions(program, fs::perms::owner_all);
  for (const char* name : {"sslbench", "sslbench-worker", "golden"}) {
    if (!fs::exists(program.parent_path() / name)) {
      fs::create_symlink(program_of_build(name), program.parent_path() / name);
    }
  }
  return program.parent_path();
}

TEST(GpuLabTest, AResultThatDiffersAndAPartThatBreaksAreExitCodeOneAndKeepTheirRows) {
  const ScratchFolder folder;
  const std::string row = R"(echo '{"case": "simclr", "equal": false}')";
  for (const std::string& lines : {row + "\n", row + "\necho broke >&2; exit 9\n"}) {
    const fs::path bin = with_lab(folder, lines);
    const Ending end = lab({"--dry-run", "--only", "same", "-o", folder.path() / "out"},
                           {.environment = {{"SSLBENCH_BIN", bin.string()}}});
    EXPECT_EQ(end.code, 1) << end.errors;
    const std::string table = read_file(folder.path() / "out/lab.md");
    EXPECT_THAT(table, HasSubstr("| simclr | NO |"));
    EXPECT_EQ(table.find("exit code 9: broke") != std::string::npos, lines != row + "\n");
  }
}

// The PyTorch of a machine is what the programs will run on.
TEST(GpuLabTest, ProgramsForAnotherLibTorchAreRefusedBeforeAnythingRuns) {
  const ScratchFolder folder;
  fs::create_directories(folder.path() / "packages/torch");
  folder.write("packages/torch/version.py", "git_version = '0000000000aa'\n");
  folder.write("lab.json", R"({"git_version": "70d99e998b4955e0049d13a98d77ae1b14db1f45", "revision": "x"})");
  const fs::path file = folder.path() / "lab.tar.xz";
  ASSERT_EQ(run_program({"tar", "-C", folder.path(), "-cJf", file, "lab.json"}).code, 0);
  const Ending end = lab({"--dry-run", "--carried", "--file", file, "-o", folder.path() / "out"},
                         {.environment = {{"PYTHONPATH", (folder.path() / "packages").string()}}});
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, HasSubstr("the programs were built for LibTorch 70d99e998b, and the PyTorch in"));
  EXPECT_FALSE(fs::exists(folder.path() / "out/lab.json"));
}

TEST(GpuLabTest, WithoutADriverItSaysWhatCanBeDone) {
  if (fs::exists("/proc/driver/nvidia/version")) GTEST_SKIP() << "this machine has one";
  const Ending end = lab({});
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors,
              AllOf(HasSubstr("no NVIDIA driver here"), HasSubstr("--dry-run"), Not(HasSubstr("Traceback"))));
}

}  // namespace
}  // namespace sslbench
