// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/progress_view.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kProgress =
    R"({"stage":"pretrain","step":12,"steps":48,"images_per_second":123.4,"stages_done":[],"stages":["pretrain","knn"]})";

// What a view wrote to its stream.
template <class Act>
std::string written(bool live, Act act) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* stream = ::open_memstream(&text, &size);
  {
    ProgressView view(stream, live);
    act(view);
  }
  std::fclose(stream);
  std::string out(text, size);
  std::free(text);
  return out;
}

Situation one_running(int64_t step) {
  Situation out;
  RunningLine line{"simclr-s0", 10, parse_progress(kProgress), std::nullopt};
  line.progress->step = step;
  if (step > 0)
    line.left = 10.0 * static_cast<double>(96 - step) / static_cast<double>(step);  // of 48, and as long after
  out.running.push_back(line);
  return out;
}

TEST(TimeLeftTest, RunsThatNothingIsKnownOfCountAsTheMean) {
  Situation situation = one_running(24);
  EXPECT_NEAR(seconds_left(situation).value(), 30, 1e-9);
  situation.waiting.resize(2);  // two more of the same length
  EXPECT_NEAR(seconds_left(situation).value(), 110, 1e-9);
  situation.jobs = 2;
  EXPECT_NEAR(seconds_left(situation).value(), 55, 1e-9);
}

TEST(TimeLeftTest, WhatIsKnownOfAWaitingRunCounts) {
  Situation situation = one_running(24);
  situation.waiting = {50.0};
  EXPECT_NEAR(seconds_left(situation).value(), 80, 1e-9);
}

TEST(TimeLeftTest, NothingIsSaidWithoutAHint) { EXPECT_FALSE(seconds_left(one_running(0)).has_value()); }

TEST(TimeLeftTest, ManyJobsWaitForTheLongestRun) {
  Situation situation = one_running(24);
  situation.jobs = 100;
  EXPECT_NEAR(seconds_left(situation).value(), 30, 1e-9);
}

TEST(ProgressViewTest, PlainOutputComesEveryFivePercentAndHasNoControlCharacters) {
  const std::string text = written(false, [](ProgressView& view) {
    for (int64_t step = 0; step <= 48; ++step) view.show(one_running(step));
  });
  const auto lines = std::count(text.begin(), text.end(), '\n');
  EXPECT_GE(lines, 2 * 9);
  EXPECT_LE(lines, 2 * 11) << "half the run is 10 times 5 %";
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_THAT(text, HasSubstr("simclr-s0: pretrain "));
  EXPECT_THAT(text, HasSubstr("left"));
}

TEST(ProgressViewTest, RunsOfAnEarlierCallCountAsDone) {
  Situation situation = one_running(24);
  situation.waiting.resize(3);
  situation.done_before = 2;
  const std::string text = written(true, [&](ProgressView& view) { view.show(situation); });
  EXPECT_THAT(text, HasSubstr("2/6 runs done, 37 %"));  // (2 + a quarter) / 6
}

TEST(ProgressViewTest, TerminalLinesAreDrawnOverAndTakenAwayAtTheEnd) {
  const std::string text = written(true, [](ProgressView& view) {
    view.show(one_running(24));
    view.note("a lasting line");
  });
  EXPECT_THAT(text, HasSubstr("run        stage      step  loss  images/s  left\nsimclr-s0  pretrain  24/48"));
  EXPECT_THAT(text, HasSubstr("\033[1A\033[2K\033[1A\033[2K\033[1A\033[2Ka lasting line\n"));
}

TEST(ProgressViewTest, ColoursTellHowARunEndedWhereTheyAreWanted) {
  const auto text = [](bool colour) {
    char* bytes = nullptr;
    size_t size = 0;
    std::FILE* stream = ::open_memstream(&bytes, &size);
    ProgressView(stream, true, colour).note("failed", LineColour::red);
    std::fclose(stream);
    std::string out(bytes, size);
    std::free(bytes);
    return out;
  };
  EXPECT_EQ(text(true), "\033[31mfailed\033[0m\n");
  EXPECT_EQ(text(false), "failed\n");
}

TEST(DurationTest, ReadsLikeAClock) {
  EXPECT_EQ(duration_text(14.2), "14 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(7500), "2 h 05 min");
}

}  // namespace
}  // namespace sslbench
