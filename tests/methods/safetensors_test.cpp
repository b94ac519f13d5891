// SPDX-License-Identifier: Apache-2.0
#include "methods/safetensors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(SafetensorsTest, APipeIsRefusedWithoutWaiting) {
  const ScratchFolder scratch;
  const std::filesystem::path pipe = scratch.path() / "pipe.ckpt";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  try {
    read_safetensors(pipe);
    FAIL() << "read";
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::checkpoint);
    EXPECT_NE(std::string(failure.what()).find("pipe.ckpt: it is no regular file"), std::string::npos)
        << failure.what();
  }
}

}  // namespace
}  // namespace sslbench
