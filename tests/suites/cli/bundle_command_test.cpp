// SPDX-License-Identifier: Apache-2.0
// sslbench bundle, verify and report of an archive.
#include <gmock/gmock.h>

#include <filesystem>
#include <functional>

#include "tests/reports/results_folder.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

TEST(BundleCommandTest, AnotherMachineVerifiesAndReportsTheArchive) {
  const ScratchFolder folder;
  write_results(folder.path() / "results", three_records());
  const std::string archive = (folder.path() / "mine.tar.gz").string();
  ASSERT_EQ(CliProcess({"bundle", (folder.path() / "results").string(), "-o", archive}).code(), 0);
  const std::string first = read_file(archive);
  ASSERT_EQ(CliProcess({"bundle", (folder.path() / "results").string(), "-o", archive}).code(), 0);
  EXPECT_TRUE(first == read_file(archive)) << "the same results give the same bytes";
  CliProcess verify({"verify", archive});
  EXPECT_EQ(verify.code(), 0) << verify.output() << verify.errors();
  EXPECT_NE(verify.output().find("3 of 3 runs"), std::string::npos);
  CliProcess nowhere({"report", archive});
  EXPECT_EQ(nowhere.code(), 2);
  EXPECT_NE(nowhere.errors().find("-o FOLDER"), std::string::npos);
  CliProcess report({"report", archive, "-o", (folder.path() / "report").string(), "--html"});
  EXPECT_EQ(report.code(), 0) << report.errors();
  EXPECT_TRUE(fs::exists(folder.path() / "report" / "report.html"));
}

TEST(BundleCommandTest, AChangedFileIsFound) {
  const ScratchFolder folder;
  write_results(folder.path() / "results", three_records());
  const fs::path results = folder.path() / "results";
  std::string sums;
  for (const auto& [name, bytes] : all_files(results)) sums += std::string(64, '0') + "  " + name + "\n";
  write_atomically(results / "SHA256SUMS", sums + std::string(64, '0') + "  ../outside\n");
  CliProcess verify({"verify", results.string()});
  EXPECT_EQ(verify.code(), 2);
  EXPECT_NE(verify.output().find("plan.json: differs from its checksum"), std::string::npos) << verify.output();
  EXPECT_NE(verify.output().find("no checksum of a file inside"), std::string::npos) << verify.output();
}

TEST(BundleCommandTest, NothingIsReportedOfAChangedBundle) {
  const ScratchFolder folder;
  write_results(folder.path() / "results", three_records());
  const std::string archive = (folder.path() / "b.tar.gz").string();
  ASSERT_EQ(CliProcess({"bundle", (folder.path() / "results").string(), "-o", archive}).code(), 0);
  ASSERT_EQ(std::system(("tar -xzf " + archive + " -C " + folder.path().string()).c_str()), 0);
  const fs::path bundle = folder.path() / "b";
  const auto refused = [&](const std::vector<std::string>& words) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 2);
    EXPECT_NE(process.errors().find("is not what was bundled"), std::string::npos) << process.errors();
  };
  EXPECT_EQ(CliProcess({"report", bundle.string()}).code(), 0);
  write_record(sample_record("simclr", 0, 0.99), bundle / "runs" / "simclr-s0-0123456789ab.h5");
  refused({"report", bundle.string()});
  refused({"export", bundle.string(), "--to", "csv"});
  ASSERT_EQ(std::system(("tar -czf " + archive + " -C " + folder.path().string() + " b").c_str()), 0);
  refused({"report", archive, "-o", (folder.path() / "out").string()});
  fs::remove(bundle / "SHA256SUMS");
  ASSERT_EQ(std::system(("tar -czf " + archive + " -C " + folder.path().string() + " b").c_str()), 0);
  refused({"report", archive, "-o", (folder.path() / "out").string()});
  EXPECT_EQ(CliProcess({"verify", archive}).code(), 2);
}

TEST(BundleCommandTest, SmallLeavesOutPicturesAndKeepsTheNumbers) {
  const ScratchFolder folder;
  write_results(folder.path() / "results", three_records());
  const std::string archive = (folder.path() / "small.tar.gz").string();
  ASSERT_EQ(CliProcess({"bundle", (folder.path() / "results").string(), "-o", archive, "--small"}).code(), 0);
  CliProcess report({"report", archive, "-o", (folder.path() / "report").string(), "--brief"});
  EXPECT_EQ(report.code(), 0) << report.errors();
  EXPECT_NE(report.output().find("**50.0 [48.1, 51.9]**"), std::string::npos) << report.output();
  EXPECT_FALSE(fs::exists(folder.path() / "report" / "fig" / "detection-truth.png"));
}

// What `bundle` says of the results after `plant` put something into them; nothing is packed.
std::string refusal_after(const std::function<void(const fs::path& results)>& plant) {
  const ScratchFolder folder;
  const fs::path results = folder.path() / "results", archive = folder.path() / "out.tar.gz";
  write_results(results, three_records());
  write_atomically(folder.path() / "secret.h5", "secret");
  write_atomically(folder.path() / "secret.safetensors", "secret");
  plant(results);
  CliProcess bundle({"bundle", results.string(), "-o", archive.string(), "--weights"});
  EXPECT_EQ(bundle.code(), 2) << bundle.output();
  EXPECT_FALSE(fs::exists(archive));
  return bundle.errors();
}

TEST(BundleCommandTest, PacksNothingThatARunsNameOnlyPointsTo) {
  const char* const record = "runs/simclr-s0-0123456789ab.h5";
  const char* const weights = "runs/simclr-s0-0123456789ab.safetensors";
  EXPECT_THAT(refusal_after([&](const fs::path& results) {
                fs::remove(results / record);
                fs::create_symlink("../../secret.h5", results / record);
              }),
              HasSubstr("links are not followed"));
  EXPECT_THAT(refusal_after([&](const fs::path& results) { write_atomically(results / record, "secret"); }),
              HasSubstr("is not a record"));
  EXPECT_THAT(refusal_after(
                  [&](const fs::path& results) { fs::create_symlink("../../secret.safetensors", results / weights); }),
              HasSubstr("links are not followed"));
  EXPECT_THAT(refusal_after([&](const fs::path& results) { write_atomically(results / weights, "secret"); }),
              HasSubstr("not a safetensors file"));
  EXPECT_THAT(refusal_after([&](const fs::path& results) {
                fs::rename(results / "runs", results / "elsewhere");
                fs::create_directory_symlink("elsewhere", results / "runs");
              }),
              HasSubstr("is a symbolic link"));
  EXPECT_THAT(refusal_after([&](const fs::path& results) {
                fs::rename(results / "plan.json", results / "other.json");
                fs::create_symlink("other.json", results / "plan.json");
              }),
              HasSubstr("links are not followed"));
}

TEST(BundleCommandTest, ARowIsANameAndNoPath) {
  EXPECT_THAT(refusal_after([](const fs::path& results) {
                nlohmann::json plan = nlohmann::json::parse(read_file(results / "plan.json"));
                plan["rows"][0]["row"] = "../../secret";
                write_atomically(results / "plan.json", plan.dump());
              }),
              HasSubstr("row: expected a name"));
}

TEST(BundleCommandTest, WhatIsNoArchiveIsOneLine) {
  const ScratchFolder folder;
  write_atomically(folder.path() / "x.tar.gz", "no archive");
  CliProcess verify({"verify", (folder.path() / "x.tar.gz").string()});
  EXPECT_EQ(verify.code(), 2);
  EXPECT_NE(verify.errors().find("x.tar.gz"), std::string::npos) << verify.errors();
}

}  // namespace
}  // namespace sslbench
