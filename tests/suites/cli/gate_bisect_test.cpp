// SPDX-License-Identifier: Apache-2.0
// gate --bisect over toy repositories whose builds are a copy: the programs that they leave hand out results that were
// made up before, with the drop from one commit on.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "suites/runner/process.h"
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GateBisectTest : public TrackedCommand {
 protected:
  GateBisectTest() {
    record_history();
    TrackedResults good;
    good.seeds = 5;
    for (const char* name : {"good", "level/good"}) results(name, good);
    for (const char* name : {"bad", "level/bad"}) results(name, one_point_drop());
    fs::create_directories(path("trees"));  // an interrupted search keeps its tree
    ::setenv("TMPDIR", path("trees").c_str(), 1);
    git("init --quiet --initial-branch main");
    write_program();
  }
  ~GateBisectTest() override {
    ::unsetenv("TMPDIR");
    fs::current_path(before_);
  }

  void git(const std::string& words) const {
    sh("git -c user.name=n -c user.email=e@e -C " + repository() + " " + words);
  }
  static void sh(const std::string& command) {
    const CommandResult result = run_command({"/bin/sh", "-c", command});
    ASSERT_EQ(result.end.code, 0) << command << ": " << result.errors;
  }
  std::string repository() const { return fs::create_directories(path("repository")), path("repository").string(); }

  // What a commit builds: `run ... -o OUT ...` copies the results that the commit's file `level` names.
  void write_program() const {
    std::ofstream(path("program")) << "#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\n"
                                      "level=$(cat \"$(dirname \"$0\")/level\")\n[ $level != stops ] || exit 3\n"
                                      "mkdir -p \"$2\" && cp -r '"
                                   << path("level").string() << "'/$level/. \"$2\"\n";
  }
  // Notes the build, and copies the program and the level; a commit whose level is "broken" does not build.
  std::string build() const {
    return "cat level >> '" + path("builds").string() +
           "'; ! grep -q broken level && mkdir -p build/release/bin && cp '" + path("program").string() +
           "' build/release/bin/sslbench && chmod +x build/release/bin/sslbench && "
           "cp level build/release/bin/";
  }

  // A commit for each word, "<level>", after one that is good; tags are c0 (good), c1, ...
  void commit(const std::vector<std::string>& levels) {
    std::vector<std::string> all = levels;
    all.insert(all.begin(), "good");
    for (size_t i = 0; i < all.size(); ++i) {
      std::ofstream(path("repository") / "level") << all[i] << "\n";
      std::ofstream(path("repository") / "number") << i << "\n";
      git("add -A");
      git("commit --quiet -m 'change " + std::to_string(i) + "'");
      git("tag c" + std::to_string(i));
    }
    fs::current_path(repository());
  }
  static std::vector<std::string> bad_from(size_t guilty, size_t all, const std::string& bad = "bad") {
    std::vector<std::string> out(all, "good");
    for (size_t i = guilty - 1; i < all; ++i) out[i] = bad;
    return out;
  }
  std::string hash_of(const std::string& tag) const {
    const std::string line = run_command({"/usr/bin/env", "git", "-C", repository(), "rev-parse", tag}).output;
    return line.substr(0, line.find('\n'));
  }
  // What the default branch's job recorded at a commit; later than all before.
  void record_at(const std::string& commit, TrackedResults content) {
    content.revision = commit;
    content.first_seed = 1000 + 10 * ++recorded_;
    ::setenv("SOURCE_DATE_EPOCH", std::to_string(2'000'000'000 + recorded_).c_str(), 1);
    const std::string folder = results("recorded" + std::to_string(recorded_), content);
    CliProcess record({"history", "record", folder, "--history", store()});
    EXPECT_EQ(record.code(), 0) << record.errors();
    ::unsetenv("SOURCE_DATE_EPOCH");
  }
  // Results of the branch's end, of which one row trains a third slower; `level/slow` is what such a commit gives.
  static TrackedResults third_slower() {
    TrackedResults out;
    out.seeds = 5;
    out.changed_row = "byol";
    out.slowdown = 0.33;
    return out;
  }

  int bisect(const std::string& range, const std::string& build_command, const std::string& folder = "bad") {
    CliProcess process(
        {"gate", path(folder).string(), "--history", store(), "--bisect", range, "--build", build_command, "--json"});
    const int code = process.code();
    errors = process.errors();
    said = json::parse(process.output(), nullptr, false);
    return code;
  }
  size_t builds() const {
    if (!fs::exists(path("builds"))) return 0;
    const std::string text = read_file(path("builds"));
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  std::string found() const { return said.at("bisect").at("text"); }

 private:
  fs::path before_ = fs::current_path();
  int recorded_ = 0;
};

TEST_F(GateBisectTest, OneOf32CommitsIsFoundInSixBuildsWhereverItLies) {
  for (const size_t guilty : {1, 20, 32}) {
    fs::remove_all(path("repository"));
    fs::remove_all(path("bad/bisect"));
    fs::remove(path("builds"));
    git("init --quiet --initial-branch main");
    commit(bad_from(guilty, 32));
    EXPECT_EQ(bisect("c0..c32", build()), 1) << errors;
    EXPECT_THAT(found(),
                AllOf(HasSubstr("byol/linear_probe.top1 got worse with"),
                      HasSubstr("\"change " + std::to_string(guilty) + "\""), HasSubstr("90."), HasSubstr("89.")));
    EXPECT_LE(builds(), 6u) << errors;
    fs::current_path("/");
  }
}

TEST_F(GateBisectTest, WhatWasMeasuredIsNotBuiltAgainAndTheTreeIsGone) {
  commit(bad_from(3, 8));
  EXPECT_EQ(bisect("c0..c8", build()), 1);
  const size_t before = builds();
  EXPECT_EQ(bisect("c0..c8", build()), 1);
  EXPECT_EQ(builds(), before);
  EXPECT_THAT(errors, HasSubstr("(known)"));
  EXPECT_THAT(found(), HasSubstr("change 3"));
  EXPECT_THAT(run_command({"/usr/bin/env", "git", "worktree", "list"}).output, Not(HasSubstr("sslbench-bisect")));
}

TEST_F(GateBisectTest, AnInterruptedBuildEndsWithSeventyFiveAndTheRestIsKept) {
  commit(bad_from(3, 8));
  const std::string stops =
      "if [ -e '" + path("builds").string() + "' ]; then kill -INT $PPID; sleep 1; fi; " + build();
  EXPECT_EQ(bisect("c0..c8", stops), 75) << errors;
  EXPECT_THAT(errors, HasSubstr("run the same command to go on"));
  EXPECT_EQ(builds(), 1u);
}

TEST_F(GateBisectTest, CommitsThatDoNotBuildAreSkipped) {
  std::vector<std::string> levels = bad_from(6, 8);
  levels[3] = levels[2] = "broken";
  levels[6] = "stops";
  commit(levels);
  EXPECT_EQ(bisect("c0..c8", build()), 1);
  EXPECT_THAT(found(), HasSubstr("change 6"));
  EXPECT_THAT(errors, HasSubstr("skipped: does not build (exit code 1"));
}

TEST_F(GateBisectTest, WhereSkippedCommitsHideTheGuiltyOneAllAreNamed) {
  std::vector<std::string> levels = bad_from(3, 4);
  levels[1] = levels[2] = "broken";
  commit(levels);
  EXPECT_EQ(bisect("c0..c4", build()), 1);
  EXPECT_TRUE(said.at("bisect").at("guilty").is_null());
  EXPECT_THAT(found(), HasSubstr("one of these"));
}

TEST_F(GateBisectTest, AGoodCommitThatIsAsBadIsSaid) {
  commit(std::vector<std::string>(4, "bad"));
  EXPECT_EQ(bisect("c1..c4", build()), 1);
  EXPECT_THAT(found(), HasSubstr("is as bad, built and measured here"));
}

TEST_F(GateBisectTest, ABadCommitThatIsGoodHereIsSaid) {
  commit(std::vector<std::string>(4, "good"));
  EXPECT_EQ(bisect("c0..c4", build()), 1);
  EXPECT_THAT(found(), HasSubstr("built and measured here, is good"));
}

TEST_F(GateBisectTest, NothingIsBuiltWhereNothingRegressed) {
  commit(bad_from(1, 2));
  EXPECT_EQ(bisect("c0..c2", build(), "good"), 0) << errors;
  EXPECT_THAT(errors, HasSubstr("nothing regressed"));
  EXPECT_EQ(builds(), 0u);
}

TEST_F(GateBisectTest, ASlowerRowIsFollowedToItsCommit) {
  for (const char* name : {"slow", "level/slow"}) results(name, third_slower());
  commit(bad_from(5, 8, "slow"));
  EXPECT_EQ(bisect("c0..c8", build(), "slow"), 1) << errors;
  EXPECT_THAT(found(), AllOf(HasSubstr("byol/pretrain.throughput got worse with " + hash_of("c5")),
                             HasSubstr("\"change 5\""), HasSubstr("images/s at " + hash_of("c4").substr(0, 12))));
}

TEST_F(GateBisectTest, AResultIsLookedForBeforeACost) {
  TrackedResults both = third_slower();
  both.top1_drop = 0.01;
  results("both", both);
  commit(bad_from(2, 4));
  EXPECT_EQ(bisect("c0..c4", build(), "both"), 1) << errors;
  EXPECT_THAT(found(), HasSubstr("byol/linear_probe.top1 got worse with " + hash_of("c2")));
}

TEST_F(GateBisectTest, ACostOfAnotherMachinesHistoryEndsTheSearchAtTheFirstCommit) {
  results("slow", third_slower());
  TrackedResults elsewhere = third_slower();
  elsewhere.machine = "machine B";
  results("level/elsewhere", elsewhere);
  commit(std::vector<std::string>(8, "elsewhere"));
  EXPECT_EQ(bisect("c0..c8", build(), "slow"), 2) << errors;
  EXPECT_THAT(errors, AllOf(HasSubstr("of another machine"), HasSubstr("sslbench ab OLD NEW SUITE")));
  EXPECT_EQ(builds(), 1u);
}

TEST_F(GateBisectTest, HistoryNamesTheGoodSide) {
  commit(bad_from(6, 8));
  TrackedResults past;
  record_at(hash_of("c3"), past);
  TrackedResults now = one_point_drop();
  now.revision = hash_of("c8");
  EXPECT_EQ(bisect("history", build(), fs::path(results("now", now)).filename()), 1) << errors;
  EXPECT_THAT(errors, HasSubstr("5 commits after " + hash_of("c3").substr(0, 12)));
  EXPECT_THAT(found(), HasSubstr("change 6"));
}

TEST_F(GateBisectTest, RecordsThatAreAsBadAndCommitsThatAreGoneAreNoGoodSide) {
  commit(bad_from(3, 8));
  TrackedResults past, bad = one_point_drop();
  record_at(hash_of("c1"), past);
  record_at(std::string(40, 'f'), past);  // of a branch that was squashed
  record_at(hash_of("c4"), bad);          // the default branch records what it measured, drop or not
  bad.revision = hash_of("c8");
  EXPECT_EQ(bisect("history", build(), fs::path(results("now", bad)).filename()), 1) << errors;
  EXPECT_THAT(errors, HasSubstr("7 commits after " + hash_of("c1").substr(0, 12)));
  EXPECT_THAT(found(), HasSubstr("change 3"));
}

TEST_F(GateBisectTest, AHistoryWithoutAGoodCommitBeforeTheResultsIsExit2) {
  commit(bad_from(3, 4));
  TrackedResults bad = one_point_drop();
  bad.revision = hash_of("c4");
  EXPECT_EQ(bisect("history", build(), fs::path(results("now", bad)).filename()), 2);
  EXPECT_THAT(errors, HasSubstr("name a good one: --bisect GOOD..BAD"));
  EXPECT_EQ(builds(), 0u);
}

TEST_F(GateBisectTest, MistakesAreExit2) {
  commit(bad_from(1, 2));
  EXPECT_EQ(bisect("c0", build()), 2);
  EXPECT_THAT(errors, HasSubstr("GOOD..BAD"));
  EXPECT_EQ(bisect("c2..c0", build()), 2);
  EXPECT_THAT(errors, HasSubstr("no commit before"));
  EXPECT_EQ(bisect("nowhere..c2", build()), 2);
  EXPECT_THAT(errors, HasSubstr("'nowhere' is no commit of the repository here"));
}

}  // namespace
}  // namespace sslbench
