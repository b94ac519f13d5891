// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/queue_states.h"

#include <gmock/gmock.h>

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* kQueue =
    "17_4|PENDING|BeginTime|2026-12-01T09:17:56|\n"
    "17_5|PENDING|Resources|2026-12-01T10:00:00|\n"
    "17_0|RUNNING|None|2026-12-01T09:10:00|n2\n"
    "19|PENDING|Dependency|N/A|\n";

TEST(ParseQueueTest, ReadsWhatSqueuePrints) {
  const std::vector<QueuedTask> tasks = parse_queue(kQueue);
  ASSERT_THAT(tasks, SizeIs(4));
  EXPECT_EQ(tasks[0].name(), "17_4");
  EXPECT_EQ(tasks[0].from(), "09:17:56");
  EXPECT_EQ(tasks[1].from(), "") << "an expected start is no appointment";
  EXPECT_EQ(tasks[2].state, "RUNNING");
  EXPECT_EQ(tasks[2].node, "n2");
  EXPECT_EQ(tasks[3].name(), "19");
}

TEST(ParseQueueTest, LeavesOutWhatIsNoTask) {
  EXPECT_THAT(parse_queue(""), IsEmpty());
  EXPECT_THAT(parse_queue("slurm_load_jobs error\n17_|A|b|c|d\n17_x|A|b|c|d\n17_4\n17_-1|A|b|c|d\n|A|b|c|d\n"),
              IsEmpty());
}

Submission submission(int64_t runs_per_task, std::vector<SubmittedArray> arrays, std::vector<std::string> runs) {
  Submission out;
  out.runs_per_task = runs_per_task;
  out.arrays = std::move(arrays);
  out.runs = std::move(runs);
  return out;
}

std::vector<std::string> names(const QueueStates& states) {
  std::vector<std::string> out;
  for (const auto& [run, place] : states.queued) out.push_back(run + " " + place.task.name());
  return out;
}

TEST(QueueStatesTest, SecondArrayBeginsWhereTheFirstEnded) {
  const Submission all = submission(1, {{"17", 0, 2}, {"18", 2, 1}}, {"a", "b", "c", "not accepted"});
  const QueueStates states = queue_states({all}, parse_queue("17_1|RUNNING|None|x|n1\n18_0|PENDING|x|x|\n"));
  EXPECT_THAT(names(states), ElementsAre("b 17_1", "c 18_0"));
  EXPECT_THAT(states.gone, ElementsAre("a")) << "and what was never accepted is not gone";
}

TEST(QueueStatesTest, RunsOfOneTaskShareItsPlace) {
  const Submission all = submission(2, {{"17", 0, 2}}, {"a", "b", "c"});
  const QueueStates states = queue_states({all}, parse_queue("17_1|RUNNING|None|x|n1\n"));
  EXPECT_THAT(names(states), ElementsAre("c 17_1"));
  EXPECT_FALSE(states.queued.at("c").alone);
  EXPECT_THAT(states.gone, ElementsAre("a", "b"));
}

TEST(QueueStatesTest, ARunThatWasSubmittedAgainIsWhereItIsNow) {
  const Submission first = submission(1, {{"17", 0, 1}}, {"a"}), second = submission(1, {{"18", 0, 1}}, {"a"});
  const QueueStates states = queue_states({first, second}, parse_queue("18_0|PENDING|x|x|\n"));
  EXPECT_THAT(names(states), ElementsAre("a 18_0"));
  EXPECT_THAT(states.gone, IsEmpty());
}

TEST(UnplannedTasksTest, AreToldWithTheCommandThatEndsThemAndNoneBeside) {
  const Submission first = submission(1, {{"17", 0, 5}}, {"old-a", "a", "old-b", "old-c", "old-d"});
  const Submission second = submission(2, {{"18", 0, 2}}, {"old-e", "old-f", "old-g", "b"});
  const Submission third = submission(1, {{"19", 0, 1}}, {"old-h"});
  const QueueStates states =
      queue_states({first, second, third}, parse_queue("17_0|PENDING|x|x|\n17_1|PENDING|x|x|\n17_2|RUNNING|None|x|n1\n"
                                                       "17_3|PENDING|x|x|\n18_0|PENDING|x|x|\n18_1|PENDING|x|x|\n"
                                                       "19_0|PENDING|x|x|\n"));
  EXPECT_THAT(unplanned_tasks_text(states, {"a", "b", "c"}),
              AllOf(StartsWith("7 runs are in the queue that the suite no longer asks for (old-a, …)"),
                    EndsWith("to end them: scancel '17_[0,2-3]' '18_[0]' 19")))
      << "17_4 is not in the queue, and task 18_1 carries out b, too";
}

TEST(UnplannedTasksTest, NothingIsSaidOfRunsThatArePlannedOrQueuedNoMore) {
  const Submission all = submission(1, {{"17", 0, 2}}, {"a", "old"});
  EXPECT_EQ(unplanned_tasks_text(queue_states({all}, parse_queue("17_0|PENDING|x|x|\n")), {"a"}), "");
}

TEST(UnplannedTasksTest, ATaskThatAlsoCarriesOutWhatIsPlannedIsNotToBeEnded) {
  const Submission all = submission(2, {{"17", 0, 1}}, {"old", "a"});
  const std::string text = unplanned_tasks_text(queue_states({all}, parse_queue("17_0|PENDING|x|x|\n")), {"a"});
  EXPECT_THAT(text, AllOf(StartsWith("1 run is in the queue"), Not(HasSubstr("scancel"))));
}

TEST(QueueStatesTest, NumbersThatLieAreNoHarm) {
  const Submission all = submission(10'000, {{"17", 9'999, 10'000}, {"18", 0, 10'000}}, {"a"});
  EXPECT_THAT(queue_states({all}, {}).gone, ElementsAre("a"));
}

}  // namespace
}  // namespace sslbench
