// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "suites/ground/sha256.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
const fs::path kScript = SSLBENCH_SOURCE_DIR "/scripts/licences";

TEST(LicencesTest, NoticeNamesEveryLibraryThatTheProgramsAreLinkedWith) {
  const Ending ending = run_program({kScript, "--check"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
}

TEST(LicencesTest, TheBillOfMaterialsKnowsTheProgramsAndTheirParts) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "sslbench.spdx.json";
  const Ending ending = run_program({kScript, "--sbom", file});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const nlohmann::json bill = nlohmann::json::parse(read_file(file));
  EXPECT_EQ(bill.at("spdxVersion"), "SPDX-2.3");
  std::map<std::string, std::string> licences;
  for (const auto& part : bill.at("packages")) licences[part.at("name")] = part.at("licenseDeclared");
  EXPECT_EQ(licences["sslbench"], "Apache-2.0");
  EXPECT_EQ(licences["torch"], "BSD-3-Clause");
  EXPECT_EQ(licences["libcurl4"], "curl");
  for (const auto& program : bill.at("files")) {
    const fs::path name = fs::path(program.at("fileName").get<std::string>()).filename();
    EXPECT_EQ(program.at("checksums").at(1).at("checksumValue"), sha256_hex(read_file(SSLBENCH_BIN_DIR / name)))
        << name;
  }
  EXPECT_GE(bill.at("files").size(), 2u);
}

}  // namespace
}  // namespace sslbench
