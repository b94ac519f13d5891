// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/suite.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/ground/name_rule.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kGood = R"(# Is the one better than the other?
dataset = { name = "shapes", objects = "several" }
backbone = "resnet18"
seeds = [0, 2]
jobs = 2

[pretrain]
epochs = 5

[methods.zeta]
method = "simclr"
temperature = 0.3
pretrain = { epochs = 7 }
[methods.random_init]

[protocols.knn]
[protocols.boxes]
protocol = "detection"
epochs = 3

[gate]
knn.top1 = { max_drop = 0.5, unit = "points" }
pretrain.throughput = { max_drop = 5, unit = "percent" }
)";

class SuiteTest : public ::testing::Test {
 protected:
  Suite read(const std::string& text, const std::vector<std::string>& sets = {}) {
    return read_suite(folder_.write("mine.toml", text), sets, catalog_);
  }
  std::string mistake(const std::string& text, const std::vector<std::string>& sets = {}) {
    try {
      read(text, sets);
    } catch (const UserError& error) {
      return error.what();
    }
    return "no mistake found";
  }
  // kGood with one line replaced.
  static std::string with(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  ScratchFolder folder_;
  Catalog catalog_ = small_catalog();
};

TEST_F(SuiteTest, ASetForTestingAloneIsNamedAndNeverOffered) {
  const std::string kDataset = "dataset = { name = \"shapes\", objects = \"several\" }";
  catalog_.kinds["dataset"]["shifted"] = small_entry(
      "shifted", {},
      {{"tasks", {"classification", "detection"}}, {"builtin", true}, {"image_size", 48}, {"trains", false}});
  const std::string message = mistake(with(kDataset, "dataset = \"shifted\""));
  EXPECT_THAT(message, AllOf(HasSubstr("'shifted' is published for testing alone"), HasSubstr("the set to train on")));
  EXPECT_THAT(mistake(with(kDataset, "dataset = \"cifar10\"")),
              AllOf(HasSubstr("datasets for detection: shapes"), testing::Not(HasSubstr("shifted"))));
}

TEST_F(SuiteTest, ReadsEveryTable) {
  const Suite suite = read(kGood);
  EXPECT_EQ(suite.name, "mine");
  EXPECT_EQ(suite.question, "Is the one better than the other?");
  EXPECT_EQ(suite.dataset.options.at("objects"), "several");
  EXPECT_THAT(suite.seeds, ElementsAre(0, 2));
  EXPECT_EQ(suite.jobs, 2);
  EXPECT_EQ(suite.threads, std::nullopt);
  EXPECT_EQ(suite.pretrain.at("epochs"), 5);
  ASSERT_EQ(suite.methods.size(), 2u);
  EXPECT_EQ(suite.methods[0].row, "zeta") << "rows keep the order of the file";
  EXPECT_EQ(suite.methods[0].method, "simclr");
  EXPECT_EQ(suite.methods[0].options.at("temperature"), 0.3);
  EXPECT_EQ(suite.methods[0].pretrain.at("epochs"), 7);
  EXPECT_EQ(suite.protocols.at(1).protocol, "detection");
  EXPECT_EQ(suite.protocols.at(1).dataset.name, "shapes") << "the suite's dataset offers boxes";
  ASSERT_EQ(suite.gate.size(), 2u);
  EXPECT_EQ(suite.gate[1].row + "." + suite.gate[1].metric + suite.gate[1].unit, "knn.top1points");
}

TEST_F(SuiteTest, UnknownKeyShowsPlaceLineCaretAndNearestKey) {
  const std::string message = mistake(with("temperature = 0.3", "  temprature = 0.3"));
  EXPECT_THAT(message, HasSubstr("mine.toml:12:3: unknown key 'temprature' in [methods.zeta]\n"));
  EXPECT_THAT(message, HasSubstr("\n  12 |   temprature = 0.3\n     |   ^^^^^^^^^^ did you mean 'temperature'?\n"));
  EXPECT_THAT(message, HasSubstr("`sslbench describe method simclr` lists all keys"));
}

TEST_F(SuiteTest, EveryTableRefusesUnknownKeys) {
  EXPECT_THAT(mistake(with("jobs = 2", "jbos = 2")), HasSubstr(":5:1: unknown key 'jbos'"));
  EXPECT_THAT(mistake(with("epochs = 5", "epoch = 5")), HasSubstr("did you mean 'epochs'?"));
  EXPECT_THAT(mistake(with("epochs = 7", "epoch = 7")), HasSubstr("pretrain of [methods.zeta]"));
  EXPECT_THAT(mistake(with("objects", "object")), HasSubstr("`sslbench describe dataset shapes`"));
  EXPECT_THAT(mistake(with("epochs = 3", "k = 3")), HasSubstr("in [protocols.boxes]"));
  EXPECT_THAT(mistake(with("knn.top1", "knn.top2")), HasSubstr("did you mean 'top1'?"));
  EXPECT_THAT(mistake(with("knn.top1", "kmn.top1")), HasSubstr("did you mean 'knn'?"));
  EXPECT_THAT(mistake(with("max_drop = 0.5", "max_dorp = 0.5")), HasSubstr("did you mean 'max_drop'?"));
}

TEST_F(SuiteTest, UnknownNamesAreNamedWithTheNearest) {
  EXPECT_THAT(mistake(with("\"shapes\"", "\"shape\"")), HasSubstr("unknown dataset 'shape'"));
  EXPECT_THAT(mistake(with("\"resnet18\"", "\"resnet8\"")), HasSubstr("did you mean 'resnet18'?"));
  EXPECT_THAT(mistake(with("\"simclr\"", "\"simlcr\"")), HasSubstr("did you mean 'simclr'?"));
  EXPECT_THAT(mistake(with("[protocols.knn]", "[protocols.kmn]")), HasSubstr("did you mean 'knn'?"));
  EXPECT_THAT(mistake(with("temperature = 0.3", "preset = \"cifra\"")), HasSubstr("did you mean 'cifar'?"));
}

// Fault matrix: 51
TEST_F(SuiteTest, WrongTypesAndRangesAreRefusedAtTheirPlace) {
  EXPECT_THAT(mistake(with("epochs = 5", "epochs = 2.5")),
              HasSubstr(":8:1: 'epochs' in [pretrain]: expected an integer"));
  EXPECT_THAT(mistake(with("temperature = 0.3", "temperature = 1000")), HasSubstr("[0.001, 100], got 1000"));
  EXPECT_THAT(mistake(with("temperature = 0.3", "temperature = nan")), HasSubstr("expected a number"));
  EXPECT_THAT(mistake(with("temperature = 0.3", "temperature = 1979-05-27")), HasSubstr("expected a number"));
  EXPECT_THAT(mistake(with("temperature = 0.3", "temperature = { a = 1 }")), HasSubstr("expected a number"));
  EXPECT_THAT(mistake(with("seeds = [0, 2]", "seeds = [0, 0]")), HasSubstr("distinct integers"));
  EXPECT_THAT(mistake(with("seeds = [0, 2]", "seeds = -1")), HasSubstr("distinct integers"));
  EXPECT_THAT(mistake(with("jobs = 2", "jobs = 0")), HasSubstr("expected an integer in [1, 1024], got 0"));
  EXPECT_THAT(mistake(with("[pretrain]\nepochs = 5", "pretrain = 5")), HasSubstr("[pretrain]: expected a table"));
  EXPECT_THAT(mistake(with("\"points\"", "\"pints\"")), HasSubstr("\"points\" \"percent\""));
}

// Fault matrix: 51
TEST_F(SuiteTest, RepeatedKeyAndTableAreErrorsOfTheFile) {
  EXPECT_THAT(mistake(with("epochs = 5", "epochs = 5\nepochs = 6")), HasSubstr("mine.toml:9:"));
  EXPECT_THAT(mistake(with("[protocols.knn]", "[protocols.knn]\n[protocols.knn]")), HasSubstr("mine.toml:17:"));
}

TEST_F(SuiteTest, AStringWithoutItsEndAsksForTheQuote) {
  EXPECT_THAT(mistake("dataset = \"shapes\nbackbone = \"resnet18\"\n"),
              AllOf(HasSubstr("mine.toml:1:"), HasSubstr("^ is a quote missing?")));
}

TEST_F(SuiteTest, MissingTablesAreNamedWithAnExample) {
  EXPECT_THAT(mistake(with("backbone = \"resnet18\"\n", "")), HasSubstr("'backbone' is missing"));
  EXPECT_THAT(mistake("# q\ndataset = \"shapes\"\nbackbone = \"resnet18\"\n"), HasSubstr("[methods.simclr]"));
  EXPECT_THAT(mistake("dataset = { objects = \"one\" }\nbackbone = \"resnet18\"\n"), HasSubstr("needs a name"));
}

TEST_F(SuiteTest, DatasetWithoutTheTaskSaysWhichKeyToAdd) {
  const std::string message = mistake(with("{ name = \"shapes\", objects = \"several\" }", "\"cifar10\""));
  EXPECT_THAT(message, AllOf(HasSubstr(":17:"), HasSubstr("[protocols.boxes] needs a dataset for detection"),
                             HasSubstr("add a key such as dataset = \"shapes\"")));
}

// Fault matrix: 52
TEST_F(SuiteTest, RowNamesThatCannotBeFileNamesAreRefused) {
  EXPECT_THAT(mistake(with("[methods.zeta]", "[methods.\"a/b\"]")), HasSubstr("row name"));
  EXPECT_THAT(mistake(with("[methods.zeta]", "[methods.\"..\"]")), HasSubstr("row name"));
  EXPECT_THAT(mistake(with("[methods.zeta]", "[methods." + std::string(41, 'a') + "]")), HasSubstr("row name"));
  EXPECT_EQ(why_not_a_name(std::string(40, 'a')), "");
}

TEST_F(SuiteTest, SetIsCheckedLikeTheFile) {
  EXPECT_THAT(mistake(kGood, {"methods.zeta.temprature=0.2"}),
              AllOf(StartsWith("--set: unknown key 'temprature'"), HasSubstr("did you mean 'temperature'?")));
  EXPECT_THAT(mistake(kGood, {"pretrain.epochs=zero"}), HasSubstr("got \"zero\""));
  EXPECT_THAT(mistake(kGood, {"pretrain.epochs=3", "pretrain.epochs=4"}), HasSubstr("already set"));
  EXPECT_THAT(mistake(kGood, {"pretrain"}), HasSubstr("expected KEY=VALUE"));
  EXPECT_THAT(mistake(kGood, {"pretrain.epochs=[1,"}), StartsWith("--set: "));
}

TEST_F(SuiteTest, SetTakesTomlValuesAndBareWords) {
  const Suite suite =
      read(kGood, {"pretrain.precision=bf16", "seeds=[4]", "backbone.width=32", "methods.zeta.temperature=1"});
  EXPECT_EQ(suite.pretrain.at("precision"), "bf16");
  EXPECT_THAT(suite.seeds, ElementsAre(4));
  EXPECT_EQ(suite.backbone.name, "resnet18") << "a plain name grows into a table";
  EXPECT_EQ(suite.backbone.options.at("width"), 32);
  EXPECT_EQ(suite.methods[0].options.at("temperature"), 1);
}

TEST_F(SuiteTest, SetOfASuiteKeyIsStrongerThanARow) {
  const Suite suite = read(kGood, {"pretrain.epochs=1"});
  EXPECT_EQ(suite.pretrain.at("epochs"), 1);
  EXPECT_FALSE(suite.methods[0].pretrain.contains("epochs"));
  const Suite row = read(kGood, {"pretrain.epochs=1", "methods.zeta.pretrain.epochs=9"});
  EXPECT_EQ(row.methods[0].pretrain.at("epochs"), 9) << "a set of the row itself is the strongest";
}

TEST_F(SuiteTest, WhatIsNoSuiteFileIsOneClearError) {
  const auto refused = [&](const std::filesystem::path& file) -> std::string {
    try {
      read_suite(file, {}, catalog_);
    } catch (const UserError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refused(folder_.path() / "absent.toml"), EndsWith("absent.toml: no such file"));
  EXPECT_THAT(refused(folder_.path()), HasSubstr("is a folder"));
  EXPECT_THAT(refused(folder_.write("empty.toml", " \n\n")), EndsWith("is empty"));
  EXPECT_THAT(refused(folder_.write("huge.toml", std::string((1 << 20) + 1, '#'))), HasSubstr("at most 1 MB"));
  EXPECT_THAT(refused(folder_.write("bytes.toml", "a = \"\xff\xfe\"\n")), HasSubstr("bytes.toml:1:"));
  EXPECT_THAT(refused(folder_.write("torn.toml", "dataset = \"sha")), HasSubstr("torn.toml:1:"));
  EXPECT_THAT(refused(folder_.write("deep.toml", "a = " + std::string(5000, '['))), HasSubstr("deep.toml:1:"));
}

TEST(SeedsTest, RangeIncludesBothEndsAndListsWork) {
  EXPECT_THAT(parse_seeds("0..2"), ElementsAre(0, 1, 2));
  EXPECT_THAT(parse_seeds("0,1,5"), ElementsAre(0, 1, 5));
  EXPECT_THAT(parse_seeds("7"), ElementsAre(7));
}

TEST(SeedsTest, WhatIsNoListOfSeedsIsRefused) {
  for (const char* text : {"", "2..0", "1,1", "-1", "a", "1,", "0..", "..3", "0..99999999", "1.5"}) {
    EXPECT_THROW(parse_seeds(text), UserError) << text;
  }
}

TEST(QuestionTest, IsTheFirstCommentLine) {
  EXPECT_EQ(question_of("# Why?  \nx = 1"), "Why?");
  EXPECT_EQ(question_of("x = 1\n# Why?"), "");
  EXPECT_EQ(question_of("#\n"), "");
  EXPECT_EQ(question_of("# Why?\r\n"), "Why?");
}

TEST_F(SuiteTest, InitOfARowOrOfAllIsAFileOrATable) {
  std::vector<Option>& options = catalog_.kinds["stage"]["pretrain"].options;
  options.push_back(file_option("init", "weights"));
  options.push_back(choice_option("init_take", "any", {"any", "online", "momentum"}, "which"));
  options.push_back(texts_option("init_ignore", {}, "patterns"));
  const auto all = [&](const std::string& value) {
    return read(with("epochs = 5", "epochs = 5\ninit = " + value)).pretrain;
  };
  EXPECT_EQ(all("\"a.pth\"").at("init"), "a.pth");
  const nlohmann::json table = all("{ weights = \"a.pth\", take = \"momentum\", ignore = [\"x\", \"y*\"] }");
  EXPECT_EQ(table, nlohmann::json(
                       {{"epochs", 5}, {"init", "a.pth"}, {"init_take", "momentum"}, {"init_ignore", {"x", "y*"}}}));
  const auto row = [&](const std::string& value) {
    return with("temperature = 0.3", "temperature = 0.3\ninit = " + value);
  };
  EXPECT_EQ(read(row("\"b.pth\"")).methods[0].pretrain, nlohmann::json({{"epochs", 7}, {"init", "b.pth"}}));
  EXPECT_EQ(read(row("{ weights = \"b.pth\", ignore = \"x\" }")).methods[0].pretrain.at("init_ignore"), "x");

  EXPECT_THAT(mistake(row("{ take = \"online\" }")), HasSubstr("needs the key weights"));
  EXPECT_THAT(mistake(row("{ weights = \"b\", takes = \"online\" }")), HasSubstr("did you mean 'take'?"));
  EXPECT_THAT(mistake(row("3")), HasSubstr("expected the path of a file"));
  EXPECT_THAT(mistake(with("pretrain = { epochs = 7 }", "pretrain = { init = \"a\" }\ninit = \"b\"")),
              HasSubstr("give it once"));
  EXPECT_THAT(mistake(with("[methods.random_init]", "[methods.random_init]\ninit = \"a\"")),
              HasSubstr("does not train"));
}

}  // namespace
}  // namespace sslbench
