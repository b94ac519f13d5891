// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/stored_features.h"

#include <gmock/gmock.h>

#include <limits>

#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class StoredFeaturesTest : public ::testing::Test {
 protected:
  StoredFeatures read() {
    TensorFile file;
    for (const auto& [name, tensor] : arrays_) file.tensors.emplace_back(name, tensor);
    write_safetensors(file, folder_.path() / "theirs.safetensors");
    return read_stored_features((folder_.path() / "theirs.safetensors").string());
  }
  std::string refusal() {
    try {
      read();
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  ScratchFolder folder_;
  std::map<std::string, Tensor> arrays_ = {{"train_features", at::ones({3, 2})},
                                           {"train_labels", at::arange(3)},
                                           {"test_features", at::zeros({2, 2}, at::kDouble)},
                                           {"test_labels", at::zeros({2}, at::kInt)}};
};

TEST_F(StoredFeaturesTest, FloatsBecomeFloat32AndLabelsInt64) {
  const StoredFeatures read_back = read();
  EXPECT_EQ(read_back.test_MD.scalar_type(), at::kFloat);
  EXPECT_EQ(read_back.test_labels_M.scalar_type(), at::kLong);
  EXPECT_TRUE(read_back.train_ND.equal(at::ones({3, 2})));
  EXPECT_TRUE(read_back.train_labels_N.equal(at::arange(3)));
}

TEST_F(StoredFeaturesTest, WhatDoesNotFitTogetherIsRefusedByFileAndArray) {
  arrays_["train_labels"] = at::arange(4);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("theirs.safetensors"), HasSubstr("train_labels has 4 labels for 3 rows")));
  arrays_["train_labels"] = at::ones({3});
  EXPECT_THAT(refusal(), HasSubstr("labels are integers"));
  arrays_["train_labels"] = at::arange(3);
  arrays_["test_features"] = at::zeros({2, 5});
  EXPECT_THAT(refusal(), HasSubstr("training features are 2 wide, test features 5"));
  arrays_["test_features"] = at::zeros({2});
  EXPECT_THAT(refusal(), HasSubstr("has the shape [2]; expected [images, width]"));
  arrays_.erase("test_features");
  EXPECT_THAT(refusal(), HasSubstr("lacks the array test_features"));
}

TEST_F(StoredFeaturesTest, FeaturesThatAreNotFiniteAreRefused) {
  arrays_["test_features"] = at::full({2, 2}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(refusal(), HasSubstr("test_features: the features of 2 of 2 images are not finite (first: image 0)"));
}

}  // namespace
}  // namespace sslbench
