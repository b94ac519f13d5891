// SPDX-License-Identifier: Apache-2.0
// TorchScript that is more than a network, written here by LibTorch itself.
#include "methods/foreign/traced_code.h"

#include <gmock/gmock.h>
#include <torch/csrc/jit/api/module.h>

#include "methods/foreign/model_archive.h"
#include "suites/tensors/aten.h"
#include "tests/methods/foreign/changed_archive.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace jit = torch::jit;
using ::testing::HasSubstr;

class TracedCodeTest : public ::testing::Test {
 protected:
  // What is said against a module of these methods that carries the example of a good one.
  std::string refused(const std::string& code) const {
    jit::Module module("Model");
    module.define(code);
    const ModelArchive good(fixture("attention.ts"), "a model");
    module.save(file(), {{"sslbench.json", good.text("extra/sslbench.json", 1 << 20)}});
    return refusal(file());
  }
  static std::string both(const std::string& body) {
    return "def forward(self, x: Tensor):\n" + body + "def train_forward(self, x: Tensor):\n" + body;
  }
  std::string file() const { return (folder_.path() / "m.ts").string(); }
  ScratchFolder folder_;
};

TEST_F(TracedCodeTest, AStraightLineIsTakenAndMustThenComputeWhatItSays) {
  EXPECT_THAT(refused(both("  y = torch.mean(x, [2])\n  return (y, y)\n")), HasSubstr("returns other shapes"));
}

// Fault matrix: 75
TEST_F(TracedCodeTest, NeitherFilesNorThreadsNorOutputNorLoops) {
  const std::string place = (folder_.path() / "written").string();
  EXPECT_THAT(refused(both("  torch.save(x, \"" + place + "\")\n  return (x, x)\n")),
              HasSubstr("m.ts: calls \"aten::save\""));
  EXPECT_THAT(refused(both("  y = torch.from_file(\"/etc/hostname\", False, 4)\n  return (y, y)\n")),
              HasSubstr("calls \"aten::from_file\""));
  EXPECT_THAT(refused(both("  print(x)\n  return (x, x)\n")), HasSubstr("calls \"prim::Print\""));
  EXPECT_THAT(refused(both("  while True:\n    x = x + 1\n  return (x, x)\n")), HasSubstr("calls \"prim::Loop\""));
  EXPECT_FALSE(std::filesystem::exists(place));
}

// Reached through methods and functions as well as at the top.
TEST_F(TracedCodeTest, WhatAMethodCallsIsLookedAtToo) {
  EXPECT_THAT(
      refused("def inner(self, x: Tensor):\n  print(x)\n  return x\n" + both("  y = self.inner(x)\n  return (y, y)\n")),
      HasSubstr("calls \"prim::Print\""));
}

TEST_F(TracedCodeTest, BothModesAreNeeded) {
  EXPECT_THAT(refused("def forward(self, x: Tensor):\n  return (x, x)\n"), HasSubstr("has no method 'train_forward'"));
}

// LibTorch calls __setstate__ while it loads, before anything could look at it.
TEST_F(TracedCodeTest, CodeThatLoadingRunsIsRefusedBeforeLoading) {
  const std::string place = (folder_.path() / "written").string();
  EXPECT_THAT(
      refused("def __getstate__(self):\n  return 1\ndef __setstate__(self, state: int):\n  torch.save(state, \"" +
              place + "\")\n" + both("  return (x, x)\n")),
      HasSubstr("says '__setstate__'"));
  EXPECT_FALSE(std::filesystem::exists(place));
}

TEST_F(TracedCodeTest, StrangeFilesAndClassesOfCppAreRefused) {
  add_to_archive(fixture("attention.ts"), file(), "bytecode.pkl", "x");
  EXPECT_THAT(refusal(file()), HasSubstr("holds \"bytecode.pkl\", which no traced model does"));
  change_archive(fixture("attention.ts"), file(), "data.pkl",
                 [](std::string pickle) { return with(pickle, "__torch__.", "__torch__.torch.classes."); });
  EXPECT_THAT(refusal(file()), HasSubstr("says 'torch.classes'"));
}

// The number of values in the pickle is not that in the file (768: the weight of the queries, keys and values).
// Fault matrix: 75
TEST_F(TracedCodeTest, TensorsThatReadBeyondTheirFileAreRefused) {
  change_archive(fixture("attention.ts"), file(), "data.pkl",
                 [](std::string pickle) { return with(pickle, std::string("M\0\3", 3), std::string("M\0\x7f", 3)); });
  EXPECT_THAT(refusal(file()), HasSubstr("reads beyond its file"));
}

// A device that every machine has besides the processor: meta tensors know their shapes only.
TEST(MoveConstantsTest, TensorsAndDevicesInTheCodeFollowTheImages) {
  jit::Module module("Model");
  module.define(
      "def forward(self, x: Tensor):\n  return x + torch.zeros([16], dtype=6, device=torch.device(\"cpu\"))\n");
  jit::Graph& graph = *module.get_method("forward").graph();
  jit::Value* sum = graph.insert(c10::aten::add, {graph.outputs()[0], graph.insertConstant(at::ones({16}))});
  graph.eraseOutput(0);
  graph.registerOutput(sum);
  move_constants(module, at::kMeta);
  const at::Tensor y = module.get_method("forward")({at::zeros({2, 16}, at::kMeta)}).toTensor();
  EXPECT_TRUE(y.device().is_meta());
}

}  // namespace
}  // namespace sslbench
