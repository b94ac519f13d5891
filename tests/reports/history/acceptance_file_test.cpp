// SPDX-License-Identifier: Apache-2.0
#include "reports/history/acceptance_file.h"

#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Acceptance kHalf{
    .suite = "smoke", .row = "byol*", .measure = "*", .reason = "half \"the\" epochs\n", .by = "anna"};

std::string mistake_in(const ScratchFolder& scratch, const std::string& text) {
  try {
    read_acceptance_file(scratch.write("accepted.toml", text));
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "";
}

TEST(AcceptanceFileTest, HoldsWhatWasAddedInOrderAndKeepsEveryByteBefore) {
  const ScratchFolder scratch;
  const std::filesystem::path file = scratch.path() / "accepted.toml";
  add_to_acceptance_file(file, kHalf);
  const std::string before = read_file(file) + "# a person's remark";
  write_atomically(file, before);
  Acceptance other = kHalf;
  other.row = "simclr";
  add_to_acceptance_file(file, other);
  EXPECT_THAT(read_file(file), StartsWith(before + "\n"));
  const std::vector<Acceptance> read = read_acceptance_file(file);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].row, "byol*");
  EXPECT_EQ(read[0].reason, kHalf.reason);
  EXPECT_EQ(read[0].by, "anna");
  EXPECT_EQ(read[1].row, "simclr");
  EXPECT_NE(read[0].asked, read[1].asked) << "each is told apart by its date, also within a second";
}

TEST(AcceptanceFileTest, NamesTheLineOfAMistake) {
  const ScratchFolder scratch;
  EXPECT_THAT(mistake_in(scratch, "[accept.\"x\"]\nsuite = \"smoke\"\ncell = \"byol\"\n"),
              AllOf(HasSubstr("accepted.toml:1"), HasSubstr("reason")));
  EXPECT_THAT(mistake_in(scratch, "[accept.\"x\"]\nsuit = \"smoke\"\n"), AllOf(HasSubstr(":2"), HasSubstr("suit")));
  EXPECT_THAT(mistake_in(scratch, "[gate]\n"), AllOf(HasSubstr(":1"), HasSubstr("unknown 'gate'")));
  EXPECT_THAT(mistake_in(scratch, "accept = 3\n"), HasSubstr("[accept]"));
}

TEST(AcceptanceFileTest, WhatTheHistoryHoldsIsNotPending) {
  History history;
  Acceptance asked = kHalf, straight = kHalf;
  asked.asked = "2026-12-02T05:50:00Z";
  history.accepted = {straight};
  EXPECT_EQ(pending({asked}, history, "smoke").size(), 1u) << "the same words, another time";
  EXPECT_TRUE(pending({asked}, history, "other").empty());
  asked.created = "2026-12-03T00:00:00Z";
  history.accepted = {asked};
  EXPECT_TRUE(pending({asked}, history, "smoke").empty());
}

}  // namespace
}  // namespace sslbench
