// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/joined_set.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/plan/plan.h"
#include "suites/plan/suite.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class JoinedSetTest : public ::testing::Test {
 protected:
  Suite read(const std::string& dataset, const std::string& protocol = "[protocols.knn]\n") {
    return read_suite(folder_.write("mine.toml", "# Together?\ndataset = " + dataset +
                                                     "\nbackbone = \"resnet18\"\n[methods.simclr]\n" + protocol),
                      {}, catalog_);
  }
  std::string mistake(const std::string& dataset, const std::string& protocol = "[protocols.knn]\n") {
    try {
      read(dataset, protocol);
    } catch (const UserError& error) {
      return error.what();
    }
    return "no mistake found";
  }
  Catalog catalog_ = small_catalog();
  ScratchFolder folder_;
};

TEST_F(JoinedSetTest, AListOfNamesIsOneSet) {
  const Suite suite = read(R"(["cifar10", "large"])");
  EXPECT_EQ(suite.dataset.name, "cifar10+large");
  EXPECT_EQ(suite.protocols.at(0).dataset.name, "cifar10+large");
  EXPECT_EQ(read(R"({ name = "shapes", size = 64 })").dataset.name, "shapes");
}

TEST_F(JoinedSetTest, OffersWhatAllPartsOfferAndNeverBoxes) {
  EXPECT_EQ(dataset_in(catalog_, "shapes+large").facts.at("tasks"), nlohmann::json{"classification"});
  EXPECT_EQ(dataset_in(catalog_, "cifar10+large").facts.at("image_size"), 224);
  EXPECT_FALSE(dataset_in(catalog_, "cifar10+large").facts.at("builtin").get<bool>());
  EXPECT_THAT(mistake(R"(["shapes", "large"])", "[protocols.detection]\n"),
              HasSubstr("[protocols.detection] needs a dataset for detection, and 'shapes+large' has none"));
}

TEST_F(JoinedSetTest, MistakesAreNamedWithTheirPlace) {
  EXPECT_THAT(mistake(R"(["cifar10", "lagre"])"), AllOf(HasSubstr("mine.toml:2"), HasSubstr("did you mean 'large'")));
  EXPECT_THAT(mistake(R"(["cifar10", "cifar10"])"), HasSubstr("'cifar10' is there twice"));
  EXPECT_THAT(mistake(R"(["cifar10"])"), HasSubstr("the names of two sets or more"));
  EXPECT_THAT(mistake(R"(["cifar10", 3])"), HasSubstr("the names of two sets or more"));
  EXPECT_THAT(mistake("[]"), HasSubstr("dataset"));
}

TEST_F(JoinedSetTest, APartThatIsNotInstalledIsNamed) {
  const Suite suite = read(R"(["large", "cifar10"])");
  const auto digest = [](const std::string& name, const nlohmann::json&) {
    return name.find("cifar10") == std::string::npos ? std::string(64, 'a') : "";
  };
  try {
    make_plan(suite, catalog_, digest, {});
    FAIL() << "no mistake found";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("sslbench data add cifar10 PATH"));
  }
}

}  // namespace
}  // namespace sslbench
