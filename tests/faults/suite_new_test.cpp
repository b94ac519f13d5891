// SPDX-License-Identifier: Apache-2.0
// A suite file that `suite new` writes is one that plan and run take.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A small set of a person's own.
void add_pets(const TinySuite& place) {
  for (const char* kind : {"cat", "dog"}) {
    for (int i = 0; i < 10; ++i) {
      const std::string name = std::string("pets/") + kind + "/" + std::to_string(i) + ".png";
      std::filesystem::create_directories((place.folder() / name).parent_path());
      write_picture(place.scratch(), name, 40, 40, i + 100 * kind[0]);
    }
  }
  const Ending end = place.sslbench({"data", "add", "pets", (place.folder() / "pets").string()});
  ASSERT_EQ(end.code, 0) << end.errors;
}

TEST(SuiteNewTest, WritesWhatPlanTakes) {
  const TinySuite place;
  const std::string file = (place.folder() / "mine.toml").string();
  const Ending end = place.sslbench({"suite", "new", file, "--dataset", "shapes", "--methods", "simclr,mae"});
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(read_file(file), AllOf(HasSubstr("# Which of simclr or mae"), HasSubstr("[methods.random_vit]"),
                                     HasSubstr("epochs = 100\n"), HasSubstr("[methods.supervised]")));
  const Ending plan = place.sslbench({"plan", "--no-calibrate", file});
  ASSERT_EQ(plan.code, 0) << plan.errors;
  EXPECT_THAT(plan.output, HasSubstr("5 runs, 5 to do"));
}

TEST(SuiteNewTest, OffersTheSetsOfThisMachine) {
  const TinySuite place;
  add_pets(place);
  const std::string file = (place.folder() / "pets.toml").string();
  ASSERT_EQ(place.sslbench({"suite", "new", file, "--dataset", "pets"}).code, 0);
  EXPECT_THAT(read_file(file),
              AllOf(HasSubstr("dataset = \"pets\""), HasSubstr("size = 32"), HasSubstr("stem = \"cifar\"")));
  const Ending plan = place.sslbench({"plan", "--no-calibrate", file});
  EXPECT_EQ(plan.code, 0) << plan.errors;
  EXPECT_EQ(place.sslbench({"complete", "--", "suite", "new", "x.toml", "--dataset", "pe"}).output, "pets\n");
  EXPECT_EQ(place.sslbench({"complete", "--", "run", "x.toml", "--set", "methods.simclr.temp"}).output,
            "methods.simclr.temperature=\n");
}

TEST(SuiteNewTest, ChoosesEpochsThatFitABudget) {
  const TinySuite place;
  add_pets(place);
  const std::string file = (place.folder() / "mine.toml").string();
  const Ending end = place.sslbench({"suite", "new", file, "--dataset", "pets", "--budget", "1h30m"});
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(read_file(file), AllOf(HasSubstr("# fits in 1h30m on this machine"), Not(HasSubstr("epochs = 0"))));
  const Ending little = place.sslbench(
      {"suite", "new", (place.folder() / "other.toml").string(), "--dataset", "pets", "--budget", "0.001s"});
  EXPECT_EQ(little.code, 2);
  EXPECT_THAT(little.errors, HasSubstr("does not hold one epoch of every row"));
  EXPECT_FALSE(std::filesystem::exists(place.folder() / "other.toml"));
}

TEST(SuiteNewTest, RefusesInOneSentence) {
  const TinySuite place;
  const std::string file = (place.folder() / "mine.toml").string();
  const auto refused = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"suite", "new"});
    const Ending end = place.sslbench(words);
    EXPECT_EQ(end.code, 2);
    return end.errors;
  };
  EXPECT_THAT(refused({file, "--dataset", "shaps"}), HasSubstr("shapes"));
  EXPECT_THAT(refused({file, "--dataset", "cifar10"}), HasSubstr("sslbench data add cifar10 PATH"));
  EXPECT_THAT(refused({file, "--dataset", "shapes", "--methods", "simcl"}), HasSubstr("simclr"));
  EXPECT_THAT(refused({file, "--dataset", "shapes", "--methods", "checkpoint"}), HasSubstr("trains nothing"));
  EXPECT_THAT(refused({file, "--dataset", "shapes", "--budget", "soon"}), HasSubstr("write it like"));
  EXPECT_THAT(refused({(place.folder() / "mine").string(), "--dataset", "shapes"}), HasSubstr(".toml"));
  place.write("mine.toml", "mine");
  EXPECT_THAT(refused({file, "--dataset", "shapes"}), HasSubstr("is there already"));
  EXPECT_EQ(read_file(file), "mine");
}

}  // namespace
}  // namespace sslbench
