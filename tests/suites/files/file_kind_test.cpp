// SPDX-License-Identifier: Apache-2.0
#include "suites/files/file_kind.h"

#include <gtest/gtest.h>

#include <string>

namespace sslbench {
namespace {

TEST(FileKindTest, BeginningsTellTheKind) {
  const std::string zip = std::string("PK\x03\x04", 4) + std::string(26, '\0');
  EXPECT_EQ(file_kind("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), FileKind::lfs_pointer);
  EXPECT_EQ(file_kind(zip + "weights/data.pkl"), FileKind::torch_zip);
  EXPECT_EQ(file_kind(zip + "a.npy"), FileKind::zip);
  EXPECT_EQ(file_kind("\x80\x02}q"), FileKind::pickle);
  EXPECT_EQ(file_kind("\x1f\x8b\x08"), FileKind::gzip);
  EXPECT_EQ(file_kind("\x89HDF\r\n\x1a\n"), FileKind::hdf5);
  EXPECT_EQ(file_kind("GGUF\x03"), FileKind::gguf);
  EXPECT_EQ(file_kind("\xEF\xBB\xBF <!doctype html>"), FileKind::html);
  EXPECT_EQ(file_kind("<HTML lang=en>"), FileKind::html);
}

TEST(FileKindTest, OthersAreOther) {
  EXPECT_EQ(file_kind(""), FileKind::other);
  EXPECT_EQ(file_kind("\x80"), FileKind::other);
  EXPECT_EQ(file_kind("version https://git-lfs.github.com/spec/v1\n" + std::string(2000, 'x')), FileKind::other)
      << "a pointer is short";
  EXPECT_EQ(describe(FileKind::other), "");
}

}  // namespace
}  // namespace sslbench
