// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/exported_network.h"

#include <gmock/gmock.h>

#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"
#include "tests/methods/foreign/changed_archive.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class ExportedNetworkTest : public ::testing::Test {
 protected:
  // What is said against the attention model after `change` of one file in it.
  std::string refused(const std::string& record, const std::function<std::string(std::string)>& change) const {
    const std::string file = (folder_.path() / "m.pt2").string();
    change_archive(fixture("attention.pt2"), file, record, change);
    return refusal(file);
  }
  std::string replaced(const std::string& record, const std::string& from, const std::string& to) const {
    return refused(record, [&](std::string text) { return with(text, from, to); });
  }
  static constexpr const char* kGraph = "models/model.json";
  static constexpr const char* kWeights = "data/weights/model_weights_config.json";
  ScratchFolder folder_;
};

// The runtime reuses memory from pass to pass, but not that of outputs.
TEST_F(ExportedNetworkTest, ALaterPassLeavesEarlierOutputsAlone) {
  const ExportedNetwork network(fixture("attention.pt2"));
  const Tensor first = network(formula_image(2, 32, 32, 0, 1)).front(), kept = first.clone();
  network(formula_image(2, 32, 32, 7, 1));
  EXPECT_TRUE(at::equal(first, kept));
}

TEST_F(ExportedNetworkTest, AnUnchangedCopyIsTaken) { EXPECT_EQ(replaced(kGraph, "no such text", ""), ""); }

// Fault matrix: 75
TEST_F(ExportedNetworkTest, OperatorsThatAreNoneOfTensorsAreRefusedByName) {
  EXPECT_THAT(replaced(kGraph, "torch.ops.aten.softmax.int", "torch.ops.aten.from_file.default"),
              HasSubstr("m.pt2: calls \"torch.ops.aten.from_file.default\""));
  EXPECT_THAT(replaced(kGraph, "torch.ops.aten.softmax.int", "torch.ops.delegate.aot"),
              HasSubstr("torch.ops.delegate"));
  EXPECT_THAT(replaced(kGraph, "torch.ops.aten.softmax.int", "os.system"), HasSubstr("os.system"));
}

// Fault matrix: 75
TEST_F(ExportedNetworkTest, WeightsThatReadBeyondTheirFileOrArePickledAreRefused) {
  EXPECT_THAT(replaced(kWeights, R"("as_int": 48)", R"("as_int": 1048576)"), HasSubstr("reads beyond its"));
  EXPECT_THAT(replaced(kWeights, R"("use_pickle": false)", R"("use_pickle": true)"), HasSubstr("is pickled"));
  EXPECT_THAT(replaced(kWeights, "weight_0", "../weight_0"), HasSubstr("lacks"));
}

// Fault matrix: 75
TEST_F(ExportedNetworkTest, CompiledCodeAndOtherStrangeFilesAreRefused) {
  const std::string file = (folder_.path() / "m.pt2").string();
  add_to_archive(fixture("attention.pt2"), file, "data/aotinductor/model/a.so", "code");
  EXPECT_THAT(refusal(file), HasSubstr("which no exported model does"));
}

TEST_F(ExportedNetworkTest, AModelThatComputesSomethingElseIsRefusedWithTheDifference) {
  EXPECT_THAT(refused("data/weights/weight_0",
                      [](std::string bytes) {
                        bytes[2] = static_cast<char>(bytes[2] ^ 0x40);
                        return bytes;
                      }),
              HasSubstr("the example in it comes out different here: by "));
}

TEST_F(ExportedNetworkTest, AFileWithoutAnExampleIsRefused) {
  const std::string file = (folder_.path() / "m.pt2").string();
  change_archive(fixture("attention.pt2"), file, "extra/sslbench.json", nullptr);
  EXPECT_THAT(refusal(file), HasSubstr("carries no example to prove itself by"));
}

}  // namespace
}  // namespace sslbench
