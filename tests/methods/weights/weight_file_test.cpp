// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_file.h"

#include <gmock/gmock.h>

#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "tests/methods/weights/torch_weights.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& file) {
  try {
    const WeightFile read(file);
  } catch (const UserError& error) {
    return error.what();
  }
  return "read";
}

TEST(WeightFileTest, BothKindsGiveTheSameTensorsWhateverTheNameOfTheFile) {
  const ScratchFolder folder;
  const Tensor w = at::arange(24, at::kFloat).reshape({1, 2, 3, 4}), n = at::full({}, 5, at::kLong);
  write_safetensors({{{"w", w}, {"n", n}}, {{"made", "here"}}}, folder.path() / "a.pth");
  folder.write("b.safetensors",
               torch_file_of({{"w", w.contiguous(at::MemoryFormat::ChannelsLast)}, {"n", n}}, "model"));
  const WeightFile a(folder.path() / "a.pth"), b(folder.path() / "b.safetensors");
  EXPECT_EQ(a.metadata().at("made"), "here");
  EXPECT_THAT(a.keys().at(0).path, ElementsAre("w"));
  EXPECT_THAT(b.keys().at(0).path, ElementsAre("model", "w"));
  EXPECT_THAT(b.keys().at(0).sizes, ElementsAre(1, 2, 3, 4));
  for (const WeightFile* file : {&a, &b}) {
    const std::vector<Tensor> read = file->read({1, 0});
    EXPECT_TRUE(at::equal(read.at(0), n));
    EXPECT_TRUE(at::equal(read.at(1), w));
  }
}

TEST(WeightFileTest, TensorsThatShareAStorageShareTheirMemory) {
  const ScratchFolder folder;
  const std::string bytes = raw_bytes<float>({0, 1, 2, 3});
  const std::string pickle =
      pickled(p_dict({{"all", p_tensor({"0", 4, {2, 2}, {2, 1}})}, {"column", p_tensor({"0", 4, {2}, {2}, 1})}}));
  const WeightFile file(folder.write("x.pth", zip_of(torch_content(pickle, {{"0", bytes}}))));
  const std::vector<Tensor> read = file.read({0, 1});
  EXPECT_EQ(file.keys()[0].storage, file.keys()[1].storage);
  EXPECT_TRUE(at::equal(read[0].select(1, 1), read[1]));
  EXPECT_EQ(read[0].select(1, 1).const_data_ptr(), read[1].const_data_ptr());
}

// Fault matrix: 73
TEST(WeightFileTest, FewTensorsUnderManyNamesAreRefused) {
  const ScratchFolder folder;
  std::string body = p_tensor({"0", 1, {1}, {1}}) + "q" + little(0, 1);
  for (uint64_t level = 0; level < 5; ++level) {  // each holds the one before ten times
    body += "}(";
    for (int i = 0; i < 10; ++i) body += p_text(std::string(90, 'a') + std::to_string(i)) + "h" + little(level, 1);
    body += "uq" + little(level + 1, 1);
  }
  const std::string file = zip_of(torch_content(pickled(body), {{"0", raw_bytes<float>({1})}}));
  EXPECT_THAT(refusal(folder.write("many.pth", file)), HasSubstr("many.pth: it holds more tensors"));
}

TEST(WeightFileTest, RefusalsNameTheFile) {
  const ScratchFolder folder;
  EXPECT_THAT(refusal(folder.path() / "nowhere"), HasSubstr("nowhere"));
  EXPECT_THAT(refusal(folder.write("torn", "not weights")), HasSubstr("torn: not a valid safetensors file"));
  EXPECT_THAT(refusal(folder.write("old.pth", "\x80\x02\x8a\nl\xfc\x9c\x46\xf9")), HasSubstr("before PyTorch 1.6"));
  const std::string code = pickled(p_name("posix", "system"));
  EXPECT_THAT(refusal(folder.write("bad.pth", zip_of(torch_content(code, {})))),
              HasSubstr("bad.pth: it asks for posix.system"));
}

}  // namespace
}  // namespace sslbench
