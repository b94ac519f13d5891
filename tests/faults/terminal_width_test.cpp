// SPDX-License-Identifier: Apache-2.0
// What commands print fits a terminal of 80 columns: a real one, which util-linux's `script` makes.
#include <gmock/gmock.h>

#include <sstream>

#include "suites/ground/terminal/terminal_line.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

// What `sslbench WORDS` writes to a terminal of that width.
std::string on_terminal(const TinySuite& place, const std::string& words, size_t width) {
  std::string command = "stty cols " + std::to_string(width) + "; ";
  for (const std::string& word : place.command({})) command += word + " ";
  const Ending end = run_program({"script", "-qec", command + words, "/dev/null"}, [&] {
    Surroundings around = place.around;
    around.environment["TERM"] = "xterm";
    around.environment["NO_COLOR"] = "1";
    return around;
  }());
  EXPECT_EQ(end.code, 0) << end.output << end.errors;
  std::string out;
  for (const char c : end.output) {
    if (c != '\r') out += c;
  }
  return out;
}

TEST(TerminalWidthTest, ListDescribeAndPlanWrap) {
  const TinySuite place;
  for (const char* words : {"--help", "list", "list formats", "describe method byol", "describe protocol linear_probe",
                            "describe recipe dino", "plan --no-calibrate tiny.toml", "data list"}) {
    const std::string text = on_terminal(place, words, 80);
    std::istringstream lines(text);
    size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      EXPECT_LE(columns_of(line), 80u) << words << "\n" << line;
    EXPECT_GT(count, 4u) << words;
  }
  EXPECT_THAT(on_terminal(place, "describe method byol", 300), HasSubstr("values"));
}

}  // namespace
}  // namespace sslbench
