// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/torch_file.h"

#include <gmock/gmock.h>

#include "suites/files/torch_file/bad_torch_file.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TorchFileTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    folder_.write("net.pth", bytes);
    return folder_.path() / "net.pth";
  }
  PickleNodes open(const std::string& pickle, const std::vector<std::pair<std::string, std::string>>& storages = {}) {
    return open_torch_file(write(zip_of(torch_content(pickle, storages))));
  }
  std::string refusal(const std::string& file) {
    try {
      open_torch_file(write(file));
    } catch (const BadTorchFile& bad) {
      return bad.what();
    }
    return "read";
  }
  std::string refusal_of(const std::string& body,
                         const std::vector<std::pair<std::string, std::string>>& storages = {}) {
    try {
      walk_leaves(open(pickled(body), storages), [](const auto&, const auto&) {});
    } catch (const BadTorchFile& bad) {
      return bad.what();
    }
    return "read";
  }

  const std::string four_ = raw_bytes<float>({0, 1, 2, 3});
  ScratchFolder folder_;
};

TEST_F(TorchFileTest, ReadsNestedValuesUnderTheirPaths) {
  const PickleNodes content =
      open(pickled(p_dict({{"epoch", p_int(7)},
                           {"model", p_call(p_name("collections", "OrderedDict"), ")") + "(" + p_text("w") +
                                         p_tensor({"0", 4, {2, 2}, {2, 1}}) + "u"},
                           {"list", "](" + p_text("a") + "Ne"}})),
           {{"0", four_}});
  std::vector<std::string> paths;
  walk_leaves(content, [&](const std::vector<PathStep>& path, const PickleNode& leaf) {
    std::string text = std::to_string(static_cast<int>(leaf.kind)) + ":";
    for (const PathStep& step : path) {
      text += "/" + (step.index() == 0 ? std::get<0>(step) : std::to_string(std::get<1>(step)));
    }
    paths.push_back(text);
  });
  EXPECT_THAT(paths, ElementsAre("2:/epoch", "12:/model/w", "4:/list/0", "0:/list/1"));
  ASSERT_EQ(content.storages.size(), 1u);
  EXPECT_EQ(content.storages[0].dtype, "float32");
}

TEST_F(TorchFileTest, ReadsOnlyTheStoragesThatAreAskedFor) {
  const std::string file =
      zip_of(torch_content(pickled(p_tuple({p_tensor({"0", 4, {4}, {1}}), p_tensor({"1", 4, {4}, {1}})})),
                           {{"0", four_}, {"1", raw_bytes<float>({5, 6, 7, 8})}}),
             true);  // compressed: torch.save does not, others do
  const auto path = write(file);
  const PickleNodes content = open_torch_file(path);
  std::vector<float> got(4);
  read_torch_storages(path, content, [&](size_t number) {
    return content.storages[number].key == "1" ? reinterpret_cast<char*>(got.data()) : nullptr;
  });
  EXPECT_THAT(got, ElementsAre(5, 6, 7, 8));
}

// Fault matrix: 55
TEST_F(TorchFileTest, RefusesEveryNameThatIsNoDataByName) {
  const std::string call = p_name("posix", "system") + p_tuple({p_text("true")}) + "R";
  EXPECT_THAT(refusal_of(call), HasSubstr("it asks for posix.system"));
  EXPECT_THAT(refusal_of("\x8C\x08"
                         "builtins\x8C\x04"
                         "eval\x93"),
              HasSubstr("builtins.eval"));
  EXPECT_THAT(refusal_of("(" + p_text("id") + "iposix\nsystem\n"), HasSubstr("posix.system"));
  EXPECT_THAT(refusal_of(p_name("torch.nn.modules.linear", "Linear")),
              HasSubstr("torch.save(model.state_dict(), FILE)"));
  EXPECT_THAT(refusal_of(p_name("torch", "ComplexFloatStorage")), HasSubstr("no backbone here has"));
}

TEST_F(TorchFileTest, KeepsNamespacesAndReadsNumbersOfNumpy) {
  const std::string dtype = p_call(p_name("numpy", "dtype"), p_tuple({p_text("f8"), p_flag(false), p_flag(true)})) +
                            p_tuple({p_int(3), p_text("<"), "N"}) + "b";
  const std::string half = raw_bytes<double>({0.5});
  const std::string number = p_call(p_name("numpy._core.multiarray", "scalar"), p_tuple({dtype, "U\x08" + half}));
  const std::string arguments = p_name("argparse", "Namespace") + ")\x81" + p_dict({{"arch", p_text("vit")}}) + "b";
  std::vector<PickleNode> leaves;
  walk_leaves(open(pickled(p_tuple({number, arguments}))),
              [&](const auto&, const PickleNode& leaf) { leaves.push_back(leaf); });
  ASSERT_EQ(leaves.size(), 2u);
  EXPECT_EQ(std::get<double>(leaves[0].value), 0.5);
  EXPECT_EQ(std::get<std::string>(leaves[1].value), "vit");
}

// Fault matrix: 73
TEST_F(TorchFileTest, RefusesViewsOutsideTheirStorage) {
  const auto view = [&](std::vector<int64_t> sizes, std::vector<int64_t> strides, int64_t offset) {
    return refusal_of(p_tensor({"0", 4, std::move(sizes), std::move(strides), offset}), {{"0", four_}});
  };
  constexpr int64_t kHuge = INT64_MAX;
  EXPECT_EQ(view({2, 2}, {1, 2}, 0), "read");
  EXPECT_EQ(view({0, 3}, {3, 1}, 4), "read");
  for (const std::string& told : {view({4}, {1}, 1), view({4}, {1}, -1), view({4}, {-1}, 3), view({2, 2}, {3, 1}, 0),
                                  view({kHuge, kHuge}, {kHuge, kHuge}, 0), view({kHuge}, {0}, 0),
                                  view({kHuge, kHuge, kHuge}, {0, 0, 0}, 0), view({-1}, {1}, 0)}) {
    EXPECT_THAT(told, HasSubstr("lies outside, or repeats"));
  }
  EXPECT_THAT(view({2}, {1, 1}, 0), HasSubstr("shape"));
}

TEST_F(TorchFileTest, RefusesStoragesOfAnotherSizeThanTheirTensorsNeed) {
  const std::string tensor = p_tensor({"0", 4, {4}, {1}});
  EXPECT_THAT(refusal_of(tensor, {{"0", four_.substr(1)}}),
              HasSubstr("need 16 bytes of storage '0', and the file has 15"));
  EXPECT_THAT(refusal_of(tensor), HasSubstr("the file has 0"));
  EXPECT_THAT(refusal_of(p_tensor({"0", INT64_MAX, {4}, {1}}), {{"0", four_}}), HasSubstr("size"));
  EXPECT_THAT(refusal_of(p_tuple({tensor, p_tensor({"0", 4, {4}, {1}, 0, "IntStorage"})}), {{"0", four_}}),
              HasSubstr("twice"));
}

// Fault matrix: 73
TEST_F(TorchFileTest, RefusesNestingAndRepetitionWithoutEnd) {
  EXPECT_THAT(refusal_of("]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "a"),
              HasSubstr("nested or repeated"));
  EXPECT_THAT(refusal_of("]" + std::string(100'000, '\x85')), HasSubstr("nested or repeated"));
  std::string laughs = "]q" + std::string(1, '\0');
  for (char level = 0; level < 12; ++level) {
    laughs += "](";
    for (int i = 0; i < 10; ++i) laughs += std::string("h") + level;
    laughs += std::string("eq") + static_cast<char>(level + 1);
  }
  EXPECT_THAT(refusal_of(laughs), HasSubstr("nested or repeated"));
}

TEST_F(TorchFileTest, SaysWhatToDoWithFilesOfOtherKinds) {
  EXPECT_THAT(refusal("\x80\x02\x8a\nl\xfc\x9c\x46\xf9"), HasSubstr("before PyTorch 1.6; write it again"));
  EXPECT_THAT(refusal("not weights"), HasSubstr("no ZIP archive"));
  const std::string pickle = pickled("N");
  const auto with = [&](const std::string& name, const std::string& bytes) {
    ZipContent content = torch_content(pickle, {});
    content.emplace_back(name, bytes);
    return refusal(zip_of(content));
  };
  EXPECT_THAT(with("net/code/net.py", "def"), HasSubstr("TorchScript"));
  EXPECT_THAT(with("net/models/model.json", "{}"), HasSubstr("name = \"exported\""));
  EXPECT_THAT(with("other/data/0", ""), HasSubstr("outside its one root folder"));
  EXPECT_THAT(with("../x", ""), HasSubstr("outside its one root folder"));
  EXPECT_THAT(with("net/data.pkl", pickle), HasSubstr("twice"));
  EXPECT_THAT(refusal(zip_of({{"net/data.pkl", pickle}, {"net/byteorder", "big"}})), HasSubstr("big-endian"));
  EXPECT_THAT(refusal(zip_of({{"net/x", pickle}})), HasSubstr("without data.pkl"));
}

// Fault matrix: 73
TEST_F(TorchFileTest, RefusesArchivesThatUnpackToMoreThanTheirSizeCanHold) {
  ZipContent content = torch_content(pickled("N"), {});
  content.emplace_back("net/data/0", std::string(size_t{12} << 20, '\0'));
  const std::string bomb = zip_of(content, true);
  ASSERT_LT(bomb.size(), size_t{1} << 20);
  EXPECT_THAT(refusal(bomb), HasSubstr("made to fill memory"));
}

TEST_F(TorchFileTest, ACheckSumThatDiffersIsDamage) {
  std::string file = zip_of(torch_content(pickled(p_tensor({"0", 4, {4}, {1}})), {{"0", four_}}));
  file[file.find(four_) + 3] ^= 1;
  const auto path = write(file);
  const PickleNodes content = open_torch_file(path);
  std::string to(16, '\0');
  EXPECT_THROW(read_torch_storages(path, content, [&](size_t) { return to.data(); }), BadTorchFile);
}

}  // namespace
}  // namespace sslbench
