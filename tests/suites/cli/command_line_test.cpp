// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_line.h"

#include <dlfcn.h>
#include <gmock/gmock.h>

#include "suites/cli/text/exit_code.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// In one text, so that a change shows as one line.
constexpr const char* kFlags = R"(--version
ab --device
ab --json
ab --margin
ab --markdown
ab --new-suite
ab --rounds
ab --rows
ab --set
ab --threads
ab -o,--output
bundle --small
bundle --weights
bundle -o,--out
ci init --force
ci init --github
ci init --gitlab
ci init --suite
ci init -o,--out
compare --json
compare --markdown
data add --accept-copies
data add --format
data add --json
data add --link
data check --json
data get --json
data leaks --csv
data leaks --json
data leaks --set
data leaks --test
data leaks -o,--out
data list --json
data pack --json
data pack --set
data pack -o,--out
data remove --json
data rename --json
data show --epoch
data show --images
data show --recipe
data show --seed
data show --set
data show --size
data show --split
data show -o,--out
data split --few-shot
data split --json
describe --json
env --json
export --follow
export --only
export --to
export --with-head
export -o,--out
gate --ab
gate --accepted
gate --bisect
gate --bmf
gate --build
gate --confirm
gate --gha
gate --history
gate --json
gate --junit
gate --markdown
gate --openmetrics
gate --rounds
gate --rules
gate --strict
history accept --cell
history accept --history
history accept --into
history accept --metric
history accept --reason
history accept --suite
history list --history
history list --json
history list --suite
history record --accepted
history record --history
history seed --history
history seed -o,--out
history trend --history
history trend --suite
history trend -o,--out
import --again
import --row
import --seed
list --json
list --markdown
plan --device
plan --devices
plan --jobs
plan --json
plan --no-calibrate
plan --only
plan --ranks
plan --seeds
plan --set
plan --threads
plan -o,--out
report --brief
report --html
report --json
report -o,--out
run --again
run --device
run --devices
run --jobs
run --keep-work
run --only
run --ranks
run --seeds
run --set
run --spec
run --stall-timeout
run --threads
run -o,--out
score --input
score --iou
score --max-dets
score --predictions
score --truth
status --json
status --watch
submit --at-once
submit --device
submit --dry
submit --image
submit --only
submit --per-task
submit --ranks
submit --sbatch
submit --seeds
submit --set
submit --threads
submit --time
submit --to
submit -o,--out
suite new --budget
suite new --dataset
suite new --methods
verify --json
)";

TEST(CommandLineTest, FlagsArePublicApi) {
  std::vector<std::string> flags = command_line_flags();
  std::erase_if(flags, [](const std::string& flag) { return flag.ends_with("--help"); });
  std::string all;
  for (const std::string& flag : flags) all += flag + "\n";
  EXPECT_EQ(all, kFlags);
}

TEST(CommandLineTest, HelpAndVersionSucceedOnStdout) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"}, {"run", "--help"}, {"data", "add", "-h"}, {"--version"}}) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 0);
    EXPECT_THAT(process.errors(), IsEmpty());
    EXPECT_THAT(process.output(), Not(IsEmpty()));
  }
}

std::string mistake(const std::vector<std::string>& words) {
  CliProcess process(words);
  EXPECT_EQ(process.code(), 2);
  EXPECT_THAT(process.output(), IsEmpty());
  return process.errors();
}

TEST(CommandLineTest, MistakesExitTwoAndNameTheNearestWord) {
  EXPECT_THAT(mistake({"rnu", "x"}), StartsWith("error: unknown command 'rnu' (did you mean 'run'?)"));
  EXPECT_THAT(mistake({"run", "x", "--sedes", "3"}), HasSubstr("unknown option '--sedes' (did you mean '--seeds'?)"));
  EXPECT_THAT(mistake({"data", "ad", "x", "y"}), HasSubstr("did you mean 'add'?"));
  EXPECT_THAT(mistake({"describe", "methd", "simclr"}), HasSubstr("did you mean 'method'?"));
  EXPECT_THAT(mistake({}), HasSubstr("sslbench --help"));
  EXPECT_THAT(mistake({"run"}), HasSubstr("SUITE is required"));
  EXPECT_THAT(mistake({"run", "x", "--jobs", "0"}), HasSubstr("--jobs"));
  EXPECT_THAT(mistake({"run", "x", "--jobs", "many"}), HasSubstr("--jobs"));
  EXPECT_THAT(mistake({"status", "/absent"}), HasSubstr("plan.json"));
  EXPECT_THAT(mistake({"report", "/absent"}), HasSubstr("/absent"));
  EXPECT_THAT(mistake({"run", "no_such_suite"}), HasSubstr("sslbench list suites"));
}

TEST(CommandLineTest, EveryMistakeOfASuiteIsAnErrorOfItsOwnLine) {
  const FakeWorker worker;
  const ScratchFolder folder;
  const std::filesystem::path suite = folder.path() / "wrong.toml";
  write_atomically(
      suite,
      "dataset = \"shapes\"\nbackbone = \"resnet18\"\n[methods.simclr]\ntemperatur = 1\n[protocols.knn]\nkk = 3\n");
  const std::string said = mistake({"plan", suite.string()});
  EXPECT_THAT(said, AllOf(StartsWith("error: "), HasSubstr("\nerror: "), Not(HasSubstr("\\u000a"))));
  EXPECT_THAT(said, AllOf(HasSubstr("wrong.toml:4:1: unknown key 'temperatur'"),
                          HasSubstr("wrong.toml:6:1: unknown key 'kk'")));
}

TEST(CommandLineTest, ListAndDescribeReadTheCatalog) {
  const FakeWorker worker;
  CliProcess list({"list", "methods"});
  EXPECT_EQ(list.code(), 0);
  EXPECT_THAT(list.output(), HasSubstr("simclr"));
  CliProcess json({"list", "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.output()).at("protocols").at(0).at("name"), "detection");
  CliProcess markdown({"list", "datasets", "--markdown"});
  EXPECT_THAT(markdown.output(), StartsWith("| dataset | what it is | tasks | px |\n|---|---|---|---|\n"));
  CliProcess formats({"list", "formats"});
  EXPECT_THAT(formats.output(), AllOf(HasSubstr("class_folders"), HasSubstr("yolo")));
  CliProcess describe({"describe", "method", "simclr"});
  EXPECT_THAT(describe.output(), HasSubstr("temperature  0.5      real in [0.001, 100]  tau"));
  EXPECT_THAT(describe.output(), HasSubstr("pretrain.learning_rate = 0.06"));
  EXPECT_THAT(mistake({"describe", "method", "simcrl"}), HasSubstr("did you mean 'simclr'?"));
}

TEST(CommandLineTest, EnvironmentNamesTheRevisionOnce) {
  CliProcess json({"env", "--json"});
  const std::string revision = nlohmann::json::parse(json.output()).at("revision");
  CliProcess env({"env"});
  const std::string text = env.output();
  const size_t first = text.find(revision);
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_EQ(text.find(revision, first + 1), std::string::npos) << text;
}

TEST(CommandLineTest, EnvironmentAndDataListAreJsonOnRequest) {
  CliProcess env({"env", "--json"});
  EXPECT_EQ(nlohmann::json::parse(env.output()).at("schema"), "sslbench.env/1");
  CliProcess data({"data", "list", "--json"});
  EXPECT_EQ(nlohmann::json::parse(data.output()).at("schema"), "sslbench.data/1");
}

// Fault matrix: 65
TEST(CommandLineTest, CudaWithoutADriverIsOneClearLine) {
  if (::dlopen("libcuda.so.1", RTLD_LAZY) != nullptr) GTEST_SKIP() << "this machine has an NVIDIA driver";
  const FakeWorker worker;
  const ScratchFolder folder;
  const std::string suite =
      folder.write("mine.toml", "# q\ndataset = \"shapes\"\nbackbone = \"resnet18\"\n[methods.simclr]\n").string();
  const std::string said = mistake({"run", suite, "--device", "cuda", "-o", (folder.path() / "out").string()});
  EXPECT_THAT(said, HasSubstr("no NVIDIA driver"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST(ExitCodeTest, StrongestFollowsTheTable) {
  using enum ExitCode;
  EXPECT_EQ(strongest({}), done);
  EXPECT_EQ(strongest({done, regression}), regression);
  EXPECT_EQ(strongest({regression, runs_failed}), runs_failed);
  EXPECT_EQ(strongest({runs_failed, nothing}), nothing);
  EXPECT_EQ(strongest({nothing, refused}), refused);
  EXPECT_EQ(strongest({refused, interrupted}), interrupted);
  EXPECT_EQ(strongest({interrupted, user_error}), user_error);
  EXPECT_EQ(strongest({user_error, internal, interrupted}), internal);
  EXPECT_EQ(static_cast<int>(interrupted), 75);
  EXPECT_EQ(static_cast<int>(internal), 70);
}

}  // namespace
}  // namespace sslbench
