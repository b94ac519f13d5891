// SPDX-License-Identifier: Apache-2.0
// What the linker and the compiler were asked for, read from the programs as they are: built, and installed elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const fs::path kBuilt = SSLBENCH_BIN_DIR;

std::string printed(const std::vector<std::string>& command) {
  const Ending ending = run_program(command);
  EXPECT_EQ(ending.code, 0) << command[0] << ": " << ending.errors;
  return ending.output;
}

std::vector<std::string> found(const std::string& text, const std::string& pattern) {
  std::vector<std::string> out;
  const std::regex expression(pattern);
  for (std::sregex_iterator each(text.begin(), text.end(), expression), end; each != end; ++each) {
    out.push_back((*each)[1]);
  }
  return out;
}

std::vector<fs::path> binaries(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const char* name : {"sslbench", "sslbench-worker", "libsslbench_cuda.so"}) {
    if (fs::exists(folder / name)) out.push_back(folder / name);
  }
  EXPECT_GE(out.size(), 2u) << folder;
  return out;
}

void expect_fixed_places(const fs::path& file) {
  for (const std::string& path : found(printed({"readelf", "-dW", file}), R"(R(?:UN)?PATH\).*\[(.*)\])")) {
    EXPECT_THAT(path, Not(HasSubstr(SSLBENCH_SOURCE_DIR))) << file;
    std::string rest = path + ":";
    for (size_t end; (end = rest.find(':')) != std::string::npos; rest.erase(0, end + 1)) {
      const std::string element = rest.substr(0, end);
      EXPECT_TRUE(element.starts_with("/") || element.starts_with("$ORIGIN/"))
          << file << ": the loader would look in the working folder by '" << path << "'";
    }
  }
}

void expect_hardened(const fs::path& file) {
  const std::string dynamic = printed({"readelf", "-dW", file}), segments = printed({"readelf", "-lW", file});
  EXPECT_THAT(dynamic, HasSubstr("BIND_NOW")) << file;
  EXPECT_THAT(segments, HasSubstr("GNU_RELRO")) << file;
  EXPECT_THAT(segments, Not(testing::ContainsRegex("GNU_STACK.*RWE"))) << file;
  EXPECT_THAT(printed({"readelf", "-hW", file}), HasSubstr("DYN")) << file << " has fixed addresses";
  if (file.extension() == ".so") return;  // too small to need the library's checks
  const std::string symbols = printed({"readelf", "--dyn-syms", "-W", file});
  EXPECT_THAT(symbols, HasSubstr("__stack_chk_fail")) << file;
  EXPECT_THAT(symbols, HasSubstr("__memcpy_chk")) << file << " is without FORTIFY";
  EXPECT_THAT(symbols, HasSubstr("__glibcxx_assert_fail")) << file << " is without the library's assertions";
}

// A broken library of each name that the program asks for: were one looked at, nothing would start.
void plant_libraries(const fs::path& file, const fs::path& folder) {
  const std::vector<std::string> names = found(printed({"readelf", "-dW", file}), R"(\(NEEDED\).*\[(.*)\])");
  EXPECT_GE(names.size(), 3u);
  for (const std::string& name : names) write_atomically(folder / name, "no library");
}

void expect_no_library_of_the_working_folder(const fs::path& programs) {
  const ScratchFolder folder;
  plant_libraries(programs / "sslbench", folder.path());
  plant_libraries(programs / "sslbench-worker", folder.path());
  const Surroundings there{.folder = folder.path()};
  const Ending front = run_program({programs / "sslbench", "--version"}, there);
  EXPECT_EQ(front.code, 0) << front.errors;
  const Ending worker = run_program({programs / "sslbench-worker", "catalog"}, there);
  EXPECT_EQ(worker.code, 0) << worker.errors;
}

TEST(HardeningTest, TheBuiltProgramsAreHardened) {
  for (const fs::path& file : binaries(kBuilt)) {
    expect_fixed_places(file);
    expect_hardened(file);
  }
}

TEST(HardeningTest, NoLibraryIsLoadedFromTheWorkingFolder) { expect_no_library_of_the_working_folder(kBuilt); }

TEST(HardeningTest, AnInstalledCopyIsTheSameProgram) {
  const ScratchFolder prefix;
  const fs::path bin = prefix.path() / "bin";
  printed({"cmake", "--install", kBuilt.parent_path(), "--prefix", prefix.path()});
  for (const fs::path& file : binaries(bin)) {
    expect_fixed_places(file);
    EXPECT_TRUE(read_file(file) == read_file(kBuilt / file.filename())) << file;
  }
  expect_no_library_of_the_working_folder(bin);
}

// scripts/reproducible compares whole builds; what would make them differ is the place they were made in.
TEST(HardeningTest, NoProgramHoldsThePlaceWhereItWasBuilt) {
  for (const fs::path& file : binaries(kBuilt)) {
    EXPECT_EQ(read_file(file).find(SSLBENCH_SOURCE_DIR), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace sslbench
