// SPDX-License-Identifier: Apache-2.0
// Mistakes on the command line and in suite files: one clear message on stderr, exit 2, nothing changed.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "tests/faults/small_disk.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
namespace fs = std::filesystem;

class MistakeTest : public ::testing::Test {
 protected:
  // What is said; the message is the only one, and a person can read it without scrolling.
  std::string refused(const std::vector<std::string>& words) const {
    const Ending end = suite_.sslbench(words);
    EXPECT_EQ(end.code, 2) << end.errors;
    EXPECT_THAT(end.output, IsEmpty());
    EXPECT_THAT(end.errors, StartsWith("error: "));
    EXPECT_EQ(end.errors.find("error: ", 1), std::string::npos) << "two errors for one mistake:\n" << end.errors;
    EXPECT_LE(std::count(end.errors.begin(), end.errors.end(), '\n'), 5) << end.errors;
    EXPECT_LT(end.errors.size(), 1000u) << end.errors;
    EXPECT_FALSE(fs::exists(suite_.folder() / "results")) << "a refused command leaves no results folder";
    return end.errors;
  }
  // The same for a suite file with this text.
  std::string refused_suite(const std::string& text) const {
    return refused({"run", suite_.write("wrong.toml", text).string()});
  }
  // The tiny suite with one place changed.
  static std::string changed(const std::string& from, const std::string& to) {
    std::string text = kTinySuite;
    return text.replace(text.find(from), from.size(), to);
  }
  TinySuite suite_;
};

// Fault matrix: 51
TEST_F(MistakeTest, MisspeltKeyIsShownInItsLineWithTheNearestOne) {
  EXPECT_THAT(refused_suite("dataset = \"shapes\"\nbackbone = \"convnet\"\n[methods.simclr]\ntemprature = 0.2\n"),
              AllOf(HasSubstr("wrong.toml:4:1: "), HasSubstr("| temprature = 0.2\n"), HasSubstr("^^^^^^^^^^"),
                    HasSubstr("'temperature'")));
  EXPECT_THAT(refused_suite(changed("[pretrain]\nepochs", "[pretrain]\nepoch")),
              AllOf(HasSubstr("wrong.toml:7:1: "), HasSubstr("'epochs'")));
}

TEST_F(MistakeTest, AFolderForTemporaryFilesThatIsMissingOrClosedIsNamed) {
  suite_.around.environment["TMPDIR"] = (suite_.folder() / "nowhere").string();
  EXPECT_THAT(refused({"run", suite_.suite().string()}), AllOf(HasSubstr("TMPDIR"), HasSubstr("nowhere")));
  suite_.around.environment["TMPDIR"] = "/proc";
  EXPECT_THAT(refused({"run", suite_.suite().string()}), HasSubstr("set TMPDIR to a folder"));
}

TEST_F(MistakeTest, AWorkingFolderOrDataRootThatIsNotUtf8IsNamed) {
  const fs::path odd = suite_.folder() / "\xff";
  fs::create_directories(odd);
  suite_.around.folder = odd;
  EXPECT_THAT(refused({"run", suite_.suite().string()}), HasSubstr("is not UTF-8"));
  suite_.around.folder = suite_.folder();
  suite_.around.environment["SSLBENCH_DATA"] = odd.string();
  EXPECT_THAT(refused({"run", suite_.suite().string()}), HasSubstr("SSLBENCH_DATA is not UTF-8"));
}

// Of 129 images batches of 16 leave one. Some methods refuse it themselves; batch normalisation of one value, which has
// no deviation, would only show in the weights at the end.
TEST_F(MistakeTest, ALastBatchOfOneIsFoundBeforeAnythingRuns) {
  const std::string suite = suite_.write("deep.toml", changed("\"convnet\"", "\"resnet18\"")).string();
  const std::vector<std::string> sets{"--set", "dataset.train_images=129", "--set", "pretrain.drop_last=false"};
  for (const char* command : {"plan", "run"}) {
    std::vector<std::string> words{command, suite, "--only", "simclr"};
    words.insert(words.end(), sets.begin(), sets.end());
    const std::string said = refused(words);
    EXPECT_THAT(said, AllOf(HasSubstr("[methods.simclr]"), HasSubstr("1 of the 129 images"), HasSubstr("at least 2")));
    EXPECT_THAT(said, AllOf(HasSubstr("[methods.supervised]"), HasSubstr("more than one value a channel")));
  }
  EXPECT_EQ(suite_.sslbench({"plan", "--no-calibrate", suite, "--set", "dataset.train_images=129"}).code, 0)
      << "left out by default";
}

TEST_F(MistakeTest, UnknownNamesSuggestTheNearest) {
  EXPECT_THAT(refused_suite(changed("shapes", "shpes")), AllOf(HasSubstr(":2:"), HasSubstr("'shapes'")));
  EXPECT_THAT(refused_suite(changed("convnet", "resnet81")), AllOf(HasSubstr(":3:"), HasSubstr("'resnet18'")));
  EXPECT_THAT(refused_suite(changed("methods.supervised", "methods.supervized")), HasSubstr("'supervised'"));
  EXPECT_THAT(refused_suite(changed("protocols.knn", "protocols.linear_prob")), HasSubstr("'linear_probe'"));
  EXPECT_THAT(refused({"rnu", "smoke"}), HasSubstr("'run'"));
  EXPECT_THAT(refused({"run", "smok"}), HasSubstr("'smoke'"));
  EXPECT_THAT(refused({"run", "smoke", "--thread", "1"}), HasSubstr("'--threads'"));
  EXPECT_THAT(refused({"describe", "method", "simcrl"}), HasSubstr("'simclr'"));
  EXPECT_THAT(refused({"list", "metods"}), HasSubstr("'method'"));
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--only", "simcrl"}), HasSubstr("'simclr'"));
}

// Fault matrix: 51
TEST_F(MistakeTest, WrongValuesSayWhatIsExpected) {
  EXPECT_THAT(refused_suite(changed("epochs = 10", "epochs = 0")), AllOf(HasSubstr(":7:"), HasSubstr("epochs")));
  EXPECT_THAT(refused_suite(changed("epochs = 10", "epochs = \"ten\"")), HasSubstr("expected an integer"));
  EXPECT_THAT(refused_suite(changed("fp32", "fp8")), HasSubstr("one of \"auto\" \"fp32\" \"tf32\" \"bf16\" \"fp16\""));
  EXPECT_THAT(refused_suite(changed("batch_size = 16", "learning_rate = nan")), HasSubstr("learning_rate"));
  EXPECT_THAT(refused_suite(changed("batch_size = 16", "epochs = 3")), HasSubstr("epochs"));
  EXPECT_THAT(refused_suite(changed("[protocols.knn]", "[protocols.knn")), HasSubstr("wrong.toml:20:"));
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--seeds", "3..1"}), HasSubstr("3..1"));
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--jobs", "0"}), HasSubstr("--jobs"));
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--set", "pretrain.epochs"}), HasSubstr("KEY=VALUE"));
}

// Fault matrix: 50
TEST_F(MistakeTest, WhatDoesNotFitTogetherIsToldBeforeAnythingRuns) {
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--set", "pretrain.batch_size=1"}),
              AllOf(HasSubstr("simclr"), HasSubstr("batch")));
  EXPECT_THAT(refused_suite(changed("[protocols.knn]", "[protocols.segmentation]\nmin_stride = 128")),
              AllOf(HasSubstr("segmentation"), HasSubstr("stride")));
}

TEST_F(MistakeTest, MissingDatasetNamesTheCommandThatAddsIt) {
  const std::string said =
      refused_suite(changed("{ name = \"shapes\", size = 32, train_images = 128, test_images = 64 }", "\"cifar10\""));
  EXPECT_THAT(said, AllOf(HasSubstr("sslbench data add cifar10 PATH"), HasSubstr("https://")));
}

// Fault matrix: 51
TEST_F(MistakeTest, SuiteThatIsNoFileIsNamed) {
  EXPECT_THAT(refused({"run", suite_.folder().string()}), HasSubstr("is a folder"));
  EXPECT_THAT(refused({"run", "nowhere.toml"}), HasSubstr("nowhere.toml"));
  EXPECT_THAT(refused({"run", "/dev/null"}), HasSubstr("/dev/null"));
  EXPECT_THAT(refused_suite(""), HasSubstr("is empty"));
  EXPECT_THAT(refused_suite(std::string(2 << 20, '#')), HasSubstr("1 MB"));
  EXPECT_THAT(refused_suite("a = " + std::string(100'000, '[')), HasSubstr("wrong.toml:1:"));
}

// Fault matrix: 53
TEST_F(MistakeTest, ResultsFolderThatCannotBeOneIsNamed) {
  const auto out = [&](const std::string& folder) { return refused({"run", suite_.suite().string(), "-o", folder}); };
  EXPECT_THAT(out(suite_.suite().string()), HasSubstr("is a file"));
  EXPECT_THAT(out((suite_.suite() / "below").string()), HasSubstr("cannot be written"));
  EXPECT_THAT(out("/proc/out"), HasSubstr("cannot be written"));
  ASSERT_EQ(suite_.run({"--only", "random_init"}).code, 0);
  const fs::path other = suite_.write("other.toml", kTinySuite);
  EXPECT_THAT(refused({"run", other.string(), "-o", suite_.out.string()}), HasSubstr("belongs to the suite 'tiny'"));
}

// Fault matrix: 16, 53
TEST_F(MistakeTest, ReadOnlyResultsFolderIsNamed) {
  const SmallDisk disk(suite_.folder() / "disk", 1024);
  if (!disk.mounted() || !disk.make_read_only()) GTEST_SKIP() << kNoMounting;
  EXPECT_THAT(refused({"run", suite_.suite().string(), "-o", (suite_.folder() / "disk/out").string()}),
              AllOf(HasSubstr("disk/out cannot be written"), HasSubstr("Read-only file system")));
}

// Fault matrix: 27
TEST_F(MistakeTest, SecondRunOnOneFolderIsToldWhoHoldsIt) {
  Program first(suite_.run_command(), suite_.around);
  suite_.wait_for_step(first, "simclr", 1);
  EXPECT_THAT(refused({"run", suite_.suite().string(), "-o", suite_.out.string()}),
              HasSubstr("in use by pid " + std::to_string(first.pid())));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(20).code, 75);
}

// Fault matrix: 65
TEST_F(MistakeTest, GraphicsCardThatIsNotThereIsNamed) {
  if (fs::exists("/proc/driver/nvidia/version")) GTEST_SKIP() << "not run: this machine has an NVIDIA driver";
  EXPECT_THAT(refused({"run", suite_.suite().string(), "--device", "cuda"}),
              AllOf(HasSubstr("--device cuda"), HasSubstr("--device cpu")));
}

// Fault matrix: 61
TEST_F(MistakeTest, OddPlacesAndLanguagesChangeNothing) {
  suite_.out = suite_.folder() / "mit Leerzeichen, \xC3\xBC und 'Strich'";
  suite_.around.environment["LC_ALL"] = "de_DE.UTF-8";
  suite_.around.environment["TZ"] = "Asia/Kathmandu";
  const Ending end = suite_.run({"--only", "random_init"});
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(suite_.record("random_init").status, "ok");
  EXPECT_THAT(suite_.markdown(), HasSubstr("## Results"));
}

// Fault matrix: 61
TEST_F(MistakeTest, AWorkingFolderThatIsGoneIsOneLine) {
  const fs::path gone = suite_.folder() / "gone";
  for (const std::string words : {"report x", "ci init", "bundle x -o b.tar.gz", "history record x --history h"}) {
    fs::create_directories(gone);
    const std::string command =
        "rmdir " + gone.string() + "; exec " + program_of_build("sslbench").string() + " " + words;
    Surroundings around = suite_.around;
    around.folder = gone;
    const Ending end = run_program({"sh", "-c", command}, around);
    EXPECT_EQ(end.code, 2) << words << ": " << end.errors;
    EXPECT_THAT(end.errors, StartsWith("error: ")) << words;
  }
}

TEST_F(MistakeTest, AnAnswerThatCannotBeWrittenIsNoSuccess) {
  for (const std::string words : {"--version", "--help", "list methods"}) {
    const Ending end = run_program({"sh", "-c", program_of_build("sslbench").string() + " " + words + " > /dev/full"});
    EXPECT_EQ(end.code, 2) << words;
  }
}

// Fault matrix: 59
TEST_F(MistakeTest, NothingToReportIsToldApart) {
  EXPECT_THAT(refused({"report", (suite_.folder() / "nowhere").string()}), HasSubstr("nowhere"));
  EXPECT_THAT(refused({"status", suite_.folder().string()}), HasSubstr("plan.json"));
  ASSERT_EQ(suite_.run({"--only", "random_init"}).code, 0);
  fs::remove_all(suite_.out / "runs");
  EXPECT_EQ(suite_.sslbench({"report", suite_.out.string()}).code, 4);
}

}  // namespace
}  // namespace sslbench
