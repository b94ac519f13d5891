// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/intake.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "suites/files/atomic_file.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;

struct Entry {
  std::string name, content;
  unsigned type = AE_IFREG;
  std::string link;
  bool hard = false;
};

// Ends `out`, which is open.
void write_entries(archive* out, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, entry.name.c_str());
    archive_entry_set_filetype(header, entry.type);
    archive_entry_set_perm(header, 0644);
    archive_entry_set_size(header, static_cast<la_int64_t>(entry.content.size()));
    if (!entry.link.empty() && entry.hard) archive_entry_set_hardlink(header, entry.link.c_str());
    if (!entry.link.empty() && !entry.hard) archive_entry_set_symlink(header, entry.link.c_str());
    archive_write_header(out, header);
    archive_write_data(out, entry.content.data(), entry.content.size());
    archive_entry_free(header);
  }
  archive_write_free(out);
}

// A tar.gz, or a zip when the name ends so.
fs::path write_archive(const fs::path& file, const std::vector<Entry>& entries) {
  archive* out = archive_write_new();
  if (file.extension() == ".zip") {
    archive_write_set_format_zip(out);
  } else {
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_gzip(out);
  }
  archive_write_open_filename(out, file.c_str());
  write_entries(out, entries);
  return file;
}

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() { fs::create_directories(to_); }
  std::string refusal(const std::vector<Entry>& entries, const IntakeLimits& limits = {}) {
    const fs::path file = write_archive(folder_.path() / "evil.tar.gz", entries);
    return user_error([&] { unpack_archive(file, to_, limits); });
  }
  ScratchFolder folder_;
  fs::path to_ = folder_.path() / "inside" / "to";
};

TEST_F(IntakeTest, ArchivesBecomeFilesAndFolders) {
  for (const char* name : {"a.tar.gz", "a.zip"}) {
    const fs::path to = folder_.path() / (std::string(name) + ".d");
    fs::create_directories(to);
    unpack_archive(
        write_archive(folder_.path() / name, {{"x/", "", AE_IFDIR}, {"x/one.txt", "1"}, {"./y/two.txt", "22"}}), to);
    EXPECT_EQ(read_file(to / "x/one.txt"), "1");
    EXPECT_EQ(read_file(to / "y/two.txt"), "22");
  }
}

TEST_F(IntakeTest, NamesThatNoFileCanHaveAreTheArchivesFault) {
  EXPECT_THAT(refusal({{"x", "1"}, {"x/y", "2"}}), HasSubstr("'x/y' is a file and a folder at once"));
  EXPECT_THAT(refusal({{"z/.", "1"}}), HasSubstr("'z/.' is a file and a folder at once"));
  EXPECT_THAT(refusal({{std::string(300, 'n'), "1"}}), HasSubstr("has a name that the file system does not take"));
}

// Fault matrix: 54
TEST_F(IntakeTest, NothingLeavesTheFolder) {
  EXPECT_THAT(refusal({{"../out.txt", "x"}}), HasSubstr("'../out.txt' leaves the archive's folder"));
  EXPECT_THAT(refusal({{"a/../../out.txt", "x"}}), HasSubstr("leaves"));
  EXPECT_THAT(refusal({{"/out.txt", "x"}}), HasSubstr("leaves"));
  EXPECT_FALSE(fs::exists(folder_.path() / "inside" / "out.txt"));
  EXPECT_FALSE(fs::exists("/out.txt"));
}

// Fault matrix: 54
TEST_F(IntakeTest, LinksAndDevicesAreRefused) {
  EXPECT_THAT(refusal({{"link", "", AE_IFLNK, "/etc"}, {"link/passwd", "x"}}),
              HasSubstr("'link' is a link or a device"));
  EXPECT_THAT(refusal({{"a", "x"}, {"hard", "", AE_IFREG, "a", true}}), HasSubstr("'hard' is a link"));
  EXPECT_THAT(refusal({{"pipe", "", AE_IFIFO}}), HasSubstr("'pipe' is a link or a device"));
}

TEST_F(IntakeTest, ANameThatOccursTwiceIsRefused) {
  EXPECT_THAT(refusal({{"b", "1"}, {"./b", "2"}}), HasSubstr("occurs twice"));
}

// Fault matrix: 54
TEST_F(IntakeTest, LimitsOnEntriesBytesAndRatioHold) {
  EXPECT_THAT(refusal({{"a", ""}, {"b", ""}, {"c", ""}}, {.entries = 2}), HasSubstr("more than 2 files and folders"));
  EXPECT_THAT(refusal({{"d", std::string(1000, 'x')}}, {.bytes = 999}), HasSubstr("more than 999 bytes"));
  EXPECT_THAT(refusal({{"e", std::string(1 << 20, 'x')}}, {.ratio = 100, .ratio_free = 1000}),
              HasSubstr("more than 100 times the archive's size"));
}

// ImageNet's train is a tar of a tar a class.
TEST_F(IntakeTest, PublishedArchivesAreUnpackedWhereTheyLieAndATarAClassIntoItsFolder) {
  const std::string tench = read_file(write_archive(folder_.path() / "inner.tar", {{"n1_1.JPEG", "t"}}));
  fs::create_directories(folder_.path() / "from");
  write_archive(folder_.path() / "from/train.tar", {{"n1.tar", tench}, {"n2.tar", tench}});
  write_archive(folder_.path() / "from/val.zip", {{"val_1.JPEG", "v"}});
  write_archive(folder_.path() / "from/other.zip", {{"o", "o"}});
  copy_folder(folder_.path() / "from", to_, {}, {.files = {{"train.tar", ""}, {"val.zip", ""}}, .tar_a_class = true});
  EXPECT_EQ(read_file(to_ / "n1/n1_1.JPEG"), "t");
  EXPECT_EQ(read_file(to_ / "n2/n1_1.JPEG"), "t");
  EXPECT_EQ(read_file(to_ / "val_1.JPEG"), "v");
  EXPECT_TRUE(fs::exists(to_ / "other.zip")) << "a file like others";
  EXPECT_FALSE(fs::exists(to_ / "n1.tar"));
  const fs::path copied = folder_.path() / "copied";
  fs::create_directories(copied);
  copy_folder(folder_.path() / "from", copied, {}, {.files = {{"train.tar", ""}, {"val.zip", ""}}, .done = true});
  EXPECT_EQ(std::distance(fs::directory_iterator(copied), {}), 1) << "other.zip";
  const fs::path one = folder_.path() / "one", plain = folder_.path() / "plain";
  fs::create_directories(one), fs::create_directories(plain);
  unpack_archive(folder_.path() / "from/train.tar", one, {}, {.tar_a_class = true});
  EXPECT_EQ(read_file(one / "n2/n1_1.JPEG"), "t");
  unpack_archive(folder_.path() / "from/train.tar", plain);
  EXPECT_TRUE(fs::exists(plain / "n2.tar"));
}

TEST_F(IntakeTest, AnArchiveBesideItsContentIsNotUnpackedAgain) {
  folder_.write("from/kit/list.txt", "1");
  write_archive(folder_.path() / "from/kit.tar.gz", {{"kit/", "", AE_IFDIR}, {"kit/list.txt", "2"}});
  copy_folder(folder_.path() / "from", to_, {}, {.files = {{"kit.tar.gz", ""}}});
  EXPECT_EQ(read_file(to_ / "kit/list.txt"), "1");
  EXPECT_FALSE(fs::exists(to_ / "kit.tar.gz"));
}

TEST_F(IntakeTest, AnArchiveIsHeldAgainstItsPublishedDigest) {
  const fs::path file = folder_.write("from/a.tar", "abc");
  const std::string md5 = "900150983cd24fb0d6963f7d28e17f72";  // of "abc", RFC 1321
  EXPECT_THAT(archive_findings(file.parent_path(), {.files = {{"a.tar", md5}, {"b.tar", md5}}}),
              testing::ElementsAre("a.tar: as published (MD5 " + md5 + ")"));
  EXPECT_THAT(archive_findings(file, {.files = {{"a.tar", std::string(32, '0')}}}),
              testing::ElementsAre("a.tar: differs from the published archive (MD5 " + md5 + ", published " +
                                   std::string(32, '0') + ")"));
  EXPECT_THAT(archive_findings(file, {.files = {{"a.tar", ""}}}), testing::IsEmpty());
}

// Fault matrix: 54
TEST_F(IntakeTest, ArchivesWithinArchivesObeyTheSameRules) {
  const PublishedArchives within{.tar_a_class = true};
  const auto nested = [&](const std::vector<Entry>& entries, const IntakeLimits& limits = {}) {
    const std::string inner = read_file(write_archive(folder_.path() / "inner.tar", entries));
    const fs::path outer = write_archive(folder_.path() / "outer.tar", {{"n1.tar", inner}});
    return user_error([&] { unpack_archive(outer, to_, limits, within); });
  };
  EXPECT_THAT(nested({{"../../out.txt", "x"}}), HasSubstr("leaves the archive's folder"));
  EXPECT_THAT(nested({{"link", "", AE_IFLNK, "/etc"}}), HasSubstr("is a link or a device"));
  EXPECT_THAT(nested({{"d", std::string(1000, 'x')}}, {.bytes = 999}), HasSubstr("more than 999 bytes"));
  EXPECT_THAT(nested({{"e", std::string(1 << 20, 'x')}}, {.ratio = 100, .ratio_free = 1000}),
              HasSubstr("more than 100 times the archive's size"));
  const fs::path text = write_archive(folder_.path() / "text.tar", {{"n1.tar", "no archive"}});
  EXPECT_THAT(user_error([&] { unpack_archive(text, to_, {}, within); }),
              AllOf(HasSubstr("text.tar/n1.tar"), HasSubstr("no whole tar")));
}

TEST_F(IntakeTest, WhatIsNoArchiveOrIsCutOffIsRefused) {
  const fs::path text = folder_.write("text.tar", "this is no archive at all");
  EXPECT_THAT(user_error([&] { unpack_archive(text, to_); }), HasSubstr("no whole tar, zip or 7z archive"));
  std::string noise;
  for (int i = 0; i < 100000; ++i) noise += static_cast<char>(i * 2654435761u >> 13);
  const fs::path whole = write_archive(folder_.path() / "whole.tar.gz", {{"f", noise}});
  const fs::path cut = folder_.write("cut.tar.gz", read_file(whole).substr(0, fs::file_size(whole) / 2));
  EXPECT_THAT(user_error([&] { unpack_archive(cut, to_); }), HasSubstr("no whole tar, zip or 7z archive"));
}

TEST_F(IntakeTest, FoldersAreCopiedWithoutLinks) {
  folder_.write("from/x/one.txt", "1");
  copy_folder(folder_.path() / "from", to_);
  EXPECT_EQ(read_file(to_ / "x/one.txt"), "1");
  fs::create_symlink("/etc/passwd", folder_.path() / "from/link");
  EXPECT_THAT(user_error([&] { copy_folder(folder_.path() / "from", folder_.path() / "inside"); }),
              HasSubstr("link' is a link or a device"));
}

TEST_F(IntakeTest, AFolderIsNotCopiedIntoItself) {
  EXPECT_THAT(user_error([&] { copy_folder(folder_.path(), to_); }), HasSubstr("holds the data root itself"));
}

// libarchive runs these programs for what begins like theirs.
TEST_F(IntakeTest, NoProgramIsRunBecauseOfAnArchive) {
  const fs::path marker = folder_.path() / "marker", programs = folder_.path() / "programs";
  for (const char* name : {"lrzip", "lzop", "grzip"}) {
    const fs::path program =
        folder_.write("programs/" + std::string(name), "#!/bin/sh\n: > '" + marker.string() + "'\n");
    fs::permissions(program, fs::perms::owner_all);
  }
  const char* path = std::getenv("PATH");
  const std::string before = path != nullptr ? path : "";
  ::setenv("PATH", (programs.string() + ":" + before).c_str(), 1);
  const std::string lrzip("LRZI\0\6", 6), lzop("\x89LZO\0\r\n\x1a\n", 9), grzip("GRZipII\0\2\4:)", 12);
  for (const std::string& magic : {lrzip, lzop, grzip}) {
    const fs::path file = folder_.write("evil.tar.gz", magic + std::string(4096, '\0'));
    EXPECT_THAT(user_error([&] { unpack_archive(file, to_); }), HasSubstr("no whole tar, zip or 7z archive"));
    EXPECT_FALSE(fs::exists(marker)) << magic;
    fs::remove(marker);
  }
  ::setenv("PATH", before.c_str(), 1);
}

TEST_F(IntakeTest, WhatLibarchiveUnpacksItselfIsTakenIn) {
  for (const auto add : {archive_write_add_filter_bzip2, archive_write_add_filter_xz, archive_write_add_filter_zstd}) {
    archive* out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    if (add(out) != ARCHIVE_OK) {  // not in this libarchive
      archive_write_free(out);
      continue;
    }
    const fs::path file = folder_.path() / "packed.tar";
    archive_write_open_filename(out, file.c_str());
    write_entries(out, {{"one.txt", "1"}});
    unpack_archive(file, to_);
    EXPECT_EQ(read_file(to_ / "one.txt"), "1");
    fs::remove(to_ / "one.txt");
  }
}

}  // namespace
}  // namespace sslbench
