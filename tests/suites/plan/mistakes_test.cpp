// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/mistakes.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "suites/plan/plan.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MistakesTest : public testing::Test {
 protected:
  std::string told(const std::string& text) {
    try {
      const Suite suite = read_suite(folder_.write("mine.toml", text), {}, catalog_);
      make_plan(suite, catalog_, [](const std::string&, const nlohmann::json&) { return std::string(); }, {});
    } catch (const UserError& error) {
      return error.what();
    }
    return "no mistake found";
  }
  static size_t count(const std::string& text) {
    size_t out = 1;
    for (size_t at = text.find("\nerror: "); at != std::string::npos; at = text.find("\nerror: ", at + 1)) ++out;
    return out;
  }

  ScratchFolder folder_;
  Catalog catalog_ = small_catalog();
};

TEST_F(MistakesTest, EveryOneOfASuiteIsToldAtOnce) {
  const std::string text = told(R"(dataset = "shapes"
backbone = "resnet17"
seeds = [0, 0]
[pretrain]
epoch = 3
precision = "fp8"
[methods.simclr]
temperature = -1
[methods.byoll]
[protocols.knn]
k = "many"
[protocols.detectoin]
)");
  for (const char* expected : {"mine.toml:2:", "resnet18", "mine.toml:3:", "distinct integers",
                               "mine.toml:5:", "did you mean 'epochs'?", "mine.toml:6:", "mine.toml:8:", "mine.toml:9:",
                               "mine.toml:11:", "mine.toml:12:", "did you mean 'detection'?"}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
  EXPECT_EQ(count(text), 8u) << text;
}

TEST_F(MistakesTest, OneThatOthersFollowFromIsToldAlone) {
  const std::string text = told("dataset = \"shaeps\"\nbackbone = \"resnet18\"\n[methods.simclr]\n[protocols.knn]\n");
  EXPECT_THAT(text, HasSubstr("did you mean 'shapes'?"));
  EXPECT_EQ(count(text), 1u) << text;
}

TEST_F(MistakesTest, SetsThatAreNotInstalledAreToldOnceEach) {
  const std::string text = told(R"(dataset = "cifar10"
backbone = "resnet18"
[methods.simclr]
[methods.large]
method = "simclr"
dataset = "large"
[methods.random_init]
[protocols.knn]
)");
  EXPECT_THAT(text, HasSubstr("sslbench data add cifar10 PATH"));
  EXPECT_THAT(text, HasSubstr("sslbench data add large PATH"));
  EXPECT_EQ(count(text), 2u) << text;
}

TEST(SeveralMistakesTest, OneIsAUserErrorAndMoreKeepTheirTexts) {
  Mistakes inner, outer;
  inner.add("a\n  of a");
  EXPECT_THROW(
      try { inner.throw_any(); } catch (const SeveralMistakes&) { FAIL() << "one is one"; }, UserError);
  inner.add("b");
  outer.keep([&] { inner.throw_any(); });
  outer.add("b");
  outer.add("c");
  try {
    outer.throw_any();
    FAIL();
  } catch (const SeveralMistakes& errors) {
    EXPECT_EQ(errors.texts(), (std::vector<std::string>{"a\n  of a", "b", "c"}));
    EXPECT_STREQ(errors.what(), "a\n  of a\nerror: b\nerror: c");
  }
}

}  // namespace
}  // namespace sslbench
