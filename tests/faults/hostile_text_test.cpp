// SPDX-License-Identifier: Apache-2.0
// Texts of strangers on a terminal and in a CI's log.
#include <gmock/gmock.h>

#include "suites/spec/atomic_file.h"
#include "suites/spec/printable.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kHostile = "x\x1b]0;owned\x07\xE2\x80\xAEtxt";

class HostileTextTest : public ::testing::Test {
 protected:
  // What was printed, on both streams.
  std::string said(const std::vector<std::string>& words, int code) const {
    const Ending end = suite_.sslbench(words);
    EXPECT_EQ(end.code, code) << end.output << end.errors;
    const std::string all = end.output + end.errors;
    EXPECT_EQ(printable_lines(all), all) << "what steers a terminal or a CI came through";
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
  EXPECT_THAT(said({"plan", file.string()}, 0), HasSubstr("Is \\u202ethis ::error::safe?"));
  EXPECT_THAT(said({"describe", "suite", file.string()}, 0), HasSubstr("##\\u005bgroup]"));
}

// Fault matrix: 58
TEST_F(HostileTextTest, NoErrorQuotesMoreThanTwoHundredCharacters) {
  const std::string endless(100'000, 'y');
  const std::string text = refused({"plan"}, "endless.toml", "dataset = \"" + endless + "\"\nbackbone = \"convnet\"\n");
  EXPECT_THAT(text, testing::Not(HasSubstr(std::string(kLongestQuote + 1, 'y'))));
  said({"describe", "method", endless}, 2);
  said({"describe", "method", kHostile}, 2);
  said({kHostile}, 2);
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

}  // namespace
}  // namespace sslbench
