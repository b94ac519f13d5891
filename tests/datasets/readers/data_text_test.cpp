// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/data_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/readers/data_file.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DataTextTest : public testing::Test {
 protected:
  std::vector<std::string> lines(const std::string& bytes) { return read_data_lines(folder_.write("list.txt", bytes)); }
  ScratchFolder folder_;
};

TEST_F(DataTextTest, MarksBlanksAndLineEndsAreNoPartOfALine) {
  EXPECT_THAT(lines("\xEF\xBB\xBF cell\t\r\n\r\n\xC2\xA0platelet \n"), ElementsAre("cell", "platelet"));
}

TEST_F(DataTextTest, Utf16WithAMarkIsConverted) {
  EXPECT_THAT(lines(std::string("\xFF\xFE"
                                "c\0\xE4\0\n\0b\0",
                                10)),
              ElementsAre("cä", "b"));
  EXPECT_THAT(lines(std::string("\xFE\xFF\0c\0\xE4", 6)), ElementsAre("cä"));
}

TEST_F(DataTextTest, OtherEncodingsNameTheLineAndTheByte) {
  EXPECT_THAT(data_failure([&] { lines("cell\nGef\xE4\xDF\n"); }),
              HasSubstr("list.txt: line 2: is not UTF-8 ('Gef\\xE4\\xDF'); save it as UTF-8"));
  EXPECT_THAT(data_failure([&] { lines(std::string(500, 'x') + "\xE4"); }), HasSubstr("xxx\\xE4'"));
}

TEST_F(DataTextTest, Utf8IsCheckedAsRfc3629HasIt) {
  EXPECT_EQ(first_not_utf8("aä€😀"), std::string::npos);
  EXPECT_EQ(first_not_utf8("a\xC0\xAF"), 1u) << "longer than needed";
  EXPECT_EQ(first_not_utf8("\xED\xA0\x80"), 0u) << "a surrogate";
  EXPECT_EQ(first_not_utf8("\xF4\x90\x80\x80"), 0u) << "beyond U+10FFFF";
  EXPECT_EQ(first_not_utf8("ab\xE2\x82"), 2u) << "cut";
  EXPECT_EQ(first_not_utf8("\xF0\x80\x80\x80"), 0u);
}

TEST_F(DataTextTest, NamesAreOneLine) {
  EXPECT_EQ(tidy_name(" red\n   cell\t\n"), "red cell");
  EXPECT_EQ(tidy_name("\xEF\xBB\xBF\xE3\x80\x80 cell"), "cell");
  EXPECT_EQ(tidy_name("a\tb"), "a b");
  EXPECT_EQ(tidy_name(" \n "), "");
}

TEST_F(DataTextTest, ConversionsThatIconvLacksGiveNone) {
  EXPECT_EQ(utf8_from("\xB0\xFB", "GBK"), "胞");
  EXPECT_EQ(utf8_from("\xFF\xFF", "GBK"), std::nullopt);
  EXPECT_EQ(utf8_from("a", "no-such-encoding"), std::nullopt);
}

TEST_F(DataTextTest, BackslashesAreSlashesWhereThatIsTheFile) {
  folder_.write("images/a.jpg", "x");
  folder_.write("odd\\name.jpg", "x");
  EXPECT_EQ(listed_path(folder_.path(), "images\\a.jpg"), "images/a.jpg");
  EXPECT_EQ(listed_path(folder_.path(), ".\\images\\a.jpg"), "images/a.jpg");
  EXPECT_EQ(listed_path(folder_.path(), "odd\\name.jpg"), "odd\\name.jpg") << "a file of that very name";
  EXPECT_EQ(listed_path(folder_.path(), "images\\b.jpg"), "images\\b.jpg") << "as written, for the message";
}

TEST_F(DataTextTest, PointersOfGitLfsAreNamed) {
  const auto file = folder_.write("a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
  EXPECT_THAT(data_failure([&] { read_data_text(file, 1000); }), HasSubstr("is a Git LFS pointer"));
}

TEST_F(DataTextTest, CharactersThatDrawNothingAreNoPartOfAName) {
  EXPECT_EQ(tidy_name("cat\xE2\x80\x8B"), "cat");
  EXPECT_EQ(tidy_name("\xE2\x80\x8B c\xC2\xAD"
                      "a\xE2\x81\xA0t\xE2\x80\x8E \xE2\x80\x8B"),
            "cat");
  EXPECT_EQ(tidy_name("\xE2\x80\xAA"
                      "a\xEF\xBB\xBF"
                      "b\xE2\x80\xAC"),
            "ab");
  EXPECT_EQ(tidy_name("\xD9\x85\xE2\x80\x8C\xD9\x86\xE2\x80\x8C"), "\xD9\x85\xE2\x80\x8C\xD9\x86")
      << "a joiner within a name is of its script";
  EXPECT_EQ(tidy_name("caf\xC3\xA9 \xE2\x82\xAC"), "caf\xC3\xA9 \xE2\x82\xAC");
}

}  // namespace
}  // namespace sslbench
