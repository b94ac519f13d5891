// SPDX-License-Identifier: Apache-2.0
#include "reports/record/weights_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& file) {
  try {
    export_weights(file, file.parent_path() / "exported", false);
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::checkpoint);
    return failure.what();
  }
  return "exported";
}

TEST(WeightsFileTest, APipeIsRefusedWithoutWaiting) {
  const ScratchFolder folder;
  const std::filesystem::path pipe = folder.path() / "run.safetensors";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  EXPECT_THAT(refusal(pipe), HasSubstr("run.safetensors: cannot be read: it is no regular file"));
}

TEST(WeightsFileTest, NothingIsReadOfAFileThatIsTooLarge) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "run.safetensors";
  std::ofstream(file, std::ios::binary) << "";
  std::error_code error;
  std::filesystem::resize_file(file, uintmax_t{6} << 30, error);
  if (error) GTEST_SKIP() << "no such file can be made here: not run";
  EXPECT_THAT(refusal(file), HasSubstr("it is larger than such a file can be"));
}

// Two tensors, of which the second is a classifier of three classes.
std::filesystem::path weights_in(const ScratchFolder& folder) {
  const std::string data(4 * (2 + 6), '\1');
  const nlohmann::ordered_json header = {
      {"__metadata__", {{"schema", "sslbench.backbone/1"}, {"head", "fc"}, {"sha256", sha256_hex(data)}}},
      {"conv1.weight", {{"dtype", "F32"}, {"shape", {2}}, {"data_offsets", {0, 8}}}},
      {"fc.weight", {{"dtype", "F32"}, {"shape", {3, 2}}, {"data_offsets", {8, 32}}}}};
  const std::filesystem::path file = folder.path() / "run.safetensors";
  write_atomically(file, safetensors_file(header.dump(), data));
  return file;
}

TEST(WeightsFileTest, MoreMetadataKnowsHowManyClassesTheExportedFileHas) {
  const ScratchFolder folder;
  const auto from = weights_in(folder), to = folder.path() / "exported";
  const auto classes_told = [&](bool with_head) {
    export_weights(from, to, with_head, [](int64_t classes) -> std::map<std::string, std::string> {
      return {{"constructor", std::to_string(classes) + " classes"}};
    });
    const std::string bytes = read_file(to);
    const StoredTensors out = parse_safetensors(bytes);
    EXPECT_EQ(out.find("fc.weight") != nullptr, with_head);
    EXPECT_NE(out.find("conv1.weight"), nullptr);
    EXPECT_EQ(out.metadata.at("schema"), "sslbench.backbone/1");
    return out.metadata.at("constructor");
  };
  EXPECT_EQ(classes_told(false), "0 classes");
  EXPECT_EQ(classes_told(true), "3 classes");
}

}  // namespace
}  // namespace sslbench
