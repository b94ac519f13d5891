// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/submission.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

TEST(SubmissionTest, ComesBackAsItWasWritten) {
  const ScratchFolder out;
  Submission written{new_submission_folder(out.path()), "slurm", 2, {"a", "b", "c"},
                     {{"17", 0, 1}, {"18", 1, 1}},      "19"};
  write_jobs(written);
  EXPECT_EQ(written.tasks(), 2);
  const std::vector<Submission> all = read_submissions(out.path());
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].folder, out.path() / "submit/1");
  EXPECT_EQ(all[0].scheduler, "slurm");
  EXPECT_EQ(all[0].runs_per_task, 2);
  EXPECT_THAT(all[0].runs, ElementsAre("a", "b", "c"));
  EXPECT_EQ(all[0].arrays.at(1).first, 1);
  EXPECT_EQ(all[0].report, "19");
  EXPECT_THAT(array_ids(all), ElementsAre("17", "18"));
}

TEST(SubmissionTest, NumbersGoOnAndComeInOrder) {
  const ScratchFolder out;
  for (const char* name : {"2", "10", "notes", "99999999999"}) fs::create_directories(out.path() / "submit" / name);
  EXPECT_EQ(new_submission_folder(out.path()), out.path() / "submit/11");
  EXPECT_TRUE(fs::is_directory(out.path() / "submit/11/log"));
  write_jobs({out.path() / "submit/10", "slurm", 1, {"late"}});
  write_jobs({out.path() / "submit/2", "slurm", 1, {"early"}});
  const std::vector<Submission> all = read_submissions(out.path());
  ASSERT_THAT(all, SizeIs(2)) << "one without jobs.json was never finished";
  EXPECT_THAT(all[0].runs, ElementsAre("early"));
  EXPECT_THAT(read_submissions(out.path() / "absent"), IsEmpty());
}

std::string refusal(const std::string& text) {
  const ScratchFolder out;
  out.write("submit/1/jobs.json", text);
  try {
    read_submissions(out.path());
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(SubmissionTest, AFileThatIsNoneIsNamed) {
  EXPECT_THAT(refusal("{"), HasSubstr("submit/1/jobs.json: not a list of jobs"));
  EXPECT_THAT(refusal("{}"), HasSubstr("not a list of jobs"));
  EXPECT_THAT(refusal(R"({"schema": "sslbench.plan/1"})"), HasSubstr("expected schema sslbench.jobs/1"));
  const std::string head = R"({"schema": "sslbench.jobs/1", "scheduler": "slurm", "report": null, "runs": ["a"], )";
  EXPECT_EQ(refusal(head + R"("runs_per_task": 1, "arrays": []})"), "");
  EXPECT_THAT(refusal(head + R"("runs_per_task": 0, "arrays": []})"), HasSubstr("runs_per_task"));
  EXPECT_THAT(refusal(head + R"("runs_per_task": 1, "arrays": [{"id": "--help", "first": 0, "tasks": 1}]})"),
              HasSubstr("'--help' is no job's number"));
  EXPECT_THAT(refusal(head + R"("runs_per_task": 1, "arrays": [{"id": "1", "first": -1, "tasks": 1}]})"),
              HasSubstr("first"));
}

TEST(SubmissionTest, IsNotWrittenThroughALink) {
  const ScratchFolder out, elsewhere;
  fs::create_directory_symlink(elsewhere.path(), out.path() / "submit");
  EXPECT_THROW(new_submission_folder(out.path()), UserError);
}

}  // namespace
}  // namespace sslbench
