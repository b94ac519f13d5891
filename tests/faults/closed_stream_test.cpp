// SPDX-License-Identifier: Apache-2.0
// Programs that are started without standard input, output or errors: no file of theirs takes that place.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ClosedStreamTest : public ::testing::Test {
 protected:
  // `sslbench WORDS CLOSED` as a shell starts it, "2>&-" say.
  Ending without(const std::string& closed, const std::vector<std::string>& words) const {
    std::vector<std::string> command{"sh", "-c", "exec \"$0\" \"$@\" " + closed};
    for (const std::string& word : suite_.command(words)) command.push_back(word);
    return run_program(command, suite_.around);
  }
  std::vector<std::string> run_into(const std::string& folder) const {
    return {"run", suite_.suite().string(), "-o", (suite_.folder() / folder).string(), "--only", "random_init"};
  }
  void expect_lock_alone(const std::string& folder) const {
    const std::string lock = read_file(suite_.folder() / folder / ".lock");
    EXPECT_THAT(lock, Not(HasSubstr("random_init"))) << "a table was written into it";
    EXPECT_THAT(lock, Not(HasSubstr("error"))) << "a message was written into it";
  }

  const TinySuite suite_;
};

TEST_F(ClosedStreamTest, AResultTableThatCannotBePrintedIsToldAndGoesNowhereElse) {
  const Ending end = without(">&-", run_into("out"));
  EXPECT_EQ(end.code, 2) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("cannot write to standard output"));
  expect_lock_alone("out");
  EXPECT_EQ(suite_.record("random_init").status, "ok");
  EXPECT_EQ(without(">&- 2>&-", run_into("both")).code, 2);
  expect_lock_alone("both");
}

TEST_F(ClosedStreamTest, InputAndErrorsAreNotNeeded) {
  EXPECT_EQ(without("2>&-", run_into("errors")).code, 0);
  expect_lock_alone("errors");
  EXPECT_EQ(without("<&-", run_into("input")).code, 0);
  expect_lock_alone("input");
  EXPECT_EQ(without("<&- >&- 2>&-", run_into("all")).code, 2);
  expect_lock_alone("all");
}

}  // namespace
}  // namespace sslbench
