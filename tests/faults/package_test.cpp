// SPDX-License-Identifier: Apache-2.0
// What scripts/package makes runs by itself, and scripts/check-package notices what would not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kScript = SSLBENCH_SOURCE_DIR "/scripts/package";
constexpr double kLimit = 500;  // s: 0.4 GB are copied, stripped and packed

Ending pack(const fs::path& out, const Surroundings& around = {}) {
  return run_program({kScript, "--built", "--level", "1", "-o", out}, around, kLimit);
}

fs::path file_of(const fs::path& folder, const std::string& extension) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) return entry.path();
  }
  return {};
}

TEST(PackageTest, ThePackagesCarryWhatTheyNeed) {
  const ScratchFolder folder;
  const Ending packed = pack(folder.path());
  ASSERT_EQ(packed.code, 0) << packed.errors;
  for (const char* extension : {".zst", ".deb"}) {
    const Ending checked = run_program({kScript, "--check", file_of(folder.path(), extension)}, {}, kLimit);
    EXPECT_EQ(checked.code, 0) << checked.errors;
    EXPECT_THAT(checked.output, HasSubstr("works"));
  }
}

TEST(PackageTest, PackingAgainGivesTheSameBytes) {
  const ScratchFolder one, other;
  ASSERT_EQ(pack(one.path()).code, 0);
  ASSERT_EQ(pack(other.path(), {.environment = {{"TZ", "Asia/Tokyo"}, {"LC_ALL", "C.UTF-8"}}}).code, 0);
  EXPECT_EQ(read_file(one.path() / "SHA256SUMS"), read_file(other.path() / "SHA256SUMS"));
}

TEST(PackageTest, LibrariesOfThisSystemAreNoPartOfAPackage) {
  const ScratchFolder folder;
  const fs::path bin = folder.path() / "sslbench-0/bin", file = folder.path() / "sslbench-0.tar.zst";
  fs::create_directories(bin);
  for (const char* name : {"sslbench", "sslbench-worker"}) fs::copy_file(program_of_build(name), bin / name);
  ASSERT_EQ(run_program({"tar", "--zstd", "-C", folder.path(), "-cf", file, "sslbench-0"}).code, 0);
  const Ending checked = run_program({kScript, "--check", file});
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(checked.errors, HasSubstr("libraries from elsewhere"));
  EXPECT_THAT(checked.errors, HasSubstr("libhdf5"));
}

TEST(PackageTest, AMistakeIsSaidInOneLine) {
  const std::vector<std::vector<std::string>> mistakes = {
      {kScript, "--wrong"}, {kScript, "--check", "README.md"}, {kScript, "--check", "missing.deb"}};
  for (const std::vector<std::string>& words : mistakes) {
    const Ending ending = run_program(words);
    EXPECT_EQ(ending.code, 2) << words.back();
    EXPECT_EQ(std::count(ending.errors.begin(), ending.errors.end(), '\n'), 1) << ending.errors;
  }
}

}  // namespace
}  // namespace sslbench
