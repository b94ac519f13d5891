// SPDX-License-Identifier: Apache-2.0
// Texts of strangers on a terminal and in a CI's log.
#include <gmock/gmock.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "suites/ground/printable.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

const std::string kHostile = "x\x1b]0;owned\x07\xE2\x80\xAEtxt";

// Without the code under test: nothing that steers a terminal, nothing that hides, no order to a CI.
void expect_harmless(const std::string& text) {
  for (const char c : text) {
    EXPECT_FALSE((static_cast<uint8_t>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) << text;
  }
  for (const char* hidden : {"\xE2\x80\xAE", "\xE2\x80\x8B", "\xE2\x81\xA6", "\xC2\x9B", "##[", "##vso["}) {
    EXPECT_THAT(text, Not(HasSubstr(hidden)));
  }
  EXPECT_THAT("\n" + text, Not(ContainsRegex("\n[ \t]*::")));
}

class HostileTextTest : public ::testing::Test {
 protected:
  // What was printed, on both streams.
  std::string said(const std::vector<std::string>& words, int code) const {
    const Ending end = suite_.sslbench(words);
    EXPECT_EQ(end.code, code) << end.output << end.errors;
    const std::string all = end.output + end.errors;
    expect_harmless(all);
    EXPECT_LT(end.errors.size(), 4096u);
    return all;
  }
  // The same of a file with this content.
  std::string refused(std::vector<std::string> words, const std::string& name, const std::string& content) const {
    words.push_back(suite_.write(name, content).string());
    return said(words, 2);
  }

  TinySuite suite_;
};

// Fault matrix: 58
TEST_F(HostileTextTest, KeysAndValuesOfASuiteArePrintable) {
  refused({"plan"}, "key.toml",
          std::string(kTinySuite) + "\n[methods.\"a\xE2\x80\xAE\\u001B[2J\"]\nmethod = \"simclr\"\n");
  refused({"plan"}, "value.toml",
          "dataset = \"shapes\\u001B[31m\xE2\x80\xAE\"\nbackbone = \"convnet\"\n[methods.simclr]\n");
  refused({"plan"}, "order.toml", "dataset = \"::error::x\\n::error::y\"\nbackbone = \"convnet\"\n[methods.simclr]\n");
}

// Fault matrix: 58
TEST_F(HostileTextTest, AQuestionAndAFileAreShownPrintable) {
  const fs::path file =
      suite_.write("question.toml", "# Is \xE2\x80\xAEthis ::error::safe?\n# ##[group]\n" +
                                        std::string(kTinySuite).substr(std::string(kTinySuite).find('\n')));
  EXPECT_THAT(said({"plan", "--no-calibrate", file.string()}, 0), HasSubstr("Is \\u202ethis ::error::safe?"));
  EXPECT_THAT(said({"describe", "suite", file.string()}, 0), HasSubstr("##\\u005bgroup]"));
}

// Fault matrix: 58
TEST_F(HostileTextTest, NoErrorQuotesMoreThanTwoHundredCharacters) {
  const std::string endless(100'000, 'y');
  const std::string text = refused({"plan"}, "endless.toml", "dataset = \"" + endless + "\"\nbackbone = \"convnet\"\n");
  EXPECT_THAT(text, Not(HasSubstr(std::string(kLongestQuote + 1, 'y'))));
  said({"describe", "method", endless}, 2);
  said({"describe", "method", kHostile}, 2);
  said({kHostile}, 2);
}

// Fault matrix: 58
TEST_F(HostileTextTest, AnErrorIsOneLineWhateverTheNameHolds) {
  const Ending end = suite_.sslbench({"describe", "method", "x\nnote: all is well"});
  EXPECT_EQ(end.code, 2);
  EXPECT_EQ(std::count(end.errors.begin(), end.errors.end(), '\n'), 1) << end.errors;
}

// Fault matrix: 58
TEST_F(HostileTextTest, InputsOfScoreArePrintable) {
  refused({"score", "classification", "--input"}, "score.json",
          R"({"op":"classification","settings":{"\u001b[2J\u202e":1}})");
  refused({"score", "classification", "--input"}, "broken.json", "{\"a\": \x1b[2J\n::error::b\n");
}

// Fault matrix: 58
TEST_F(HostileTextTest, FilesOfADataSetArePrintable) {
  fs::create_directories(suite_.folder() / "set" / kHostile);
  write_atomically(suite_.folder() / "set" / kHostile / (kHostile + "\n::error::.jpg"), "no picture");
  said({"data", "add", "folder", (suite_.folder() / "set").string()}, 2);
}

// Fault matrix: 58
TEST_F(HostileTextTest, ARunFileOfTheWorkerIsShownPrintable) {
  ASSERT_EQ(suite_.run({"--only", "random_init", "--keep-work"}).code, 0);
  const nlohmann::json plain = nlohmann::json::parse(read_file(suite_.work_folder("random_init") / "runspec.json"));
  const auto checked = [&](const char* key, const std::string& value, const std::string& name) {
    nlohmann::json hostile = plain;
    hostile[key] = value;
    const fs::path file = suite_.write(name, hostile.dump());
    const Ending end =
        run_program({program_of_build("sslbench-worker").string(), "check", file.string()}, suite_.around);
    EXPECT_EQ(end.code, 2) << key << ": " << end.errors;
    const std::string all = end.output + end.errors;
    EXPECT_EQ(printable_lines(all), all) << key;
    EXPECT_THAT(all, testing::Not(HasSubstr("frame #"))) << "a stack trace";
    return all;
  };
  EXPECT_THAT(checked("device", "x", "plain.json"), HasSubstr("expected cpu, cuda or cuda:<i>, got 'x'"));
  checked("device", kHostile + "\n::error::y", "device.json");
  checked("device", "meta", "meta.json");
  checked("backbone", kHostile + "\n::error::y", "backbone.json");
  checked("device", "x", kHostile + ".json");
}

}  // namespace
}  // namespace sslbench
