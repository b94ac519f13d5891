// SPDX-License-Identifier: Apache-2.0
#include "reports/history/comparability.h"

#include <gtest/gtest.h>

#include "reports/record/counted_settings.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

using nlohmann::json;

Snapshot state(int epochs) {
  Record record = sample_record("simclr");
  record.environment["machine_class"] = "one";
  record.effective = {{"method", "simclr"}, {"pretrain", {{"epochs", epochs}, {"data_workers", 2}}}};
  return snapshot_of("s", {record}, {});
}

SnapshotCell result(const Snapshot& snapshot) {
  for (const SnapshotCell& cell : snapshot.cells) {
    if (!cell.is_cost()) return cell;
  }
  throw std::out_of_range("no result");
}

// The same state as a program wrote it that kept digests only.
Snapshot in_schema_1(const Snapshot& snapshot) {
  json old = snapshot_to_json(snapshot);
  old["schema"] = "sslbench.history/1";
  old.erase("settings");
  for (size_t i = 0; i < snapshot.cells.size(); ++i) old["cells"][i]["config"] = snapshot.cells[i].config_1;
  return snapshot_from_json(old, "old.json");
}

TEST(ComparabilityTest, SettingsThatDifferAreNamedWithBothValues) {
  const Snapshot then = state(6), now = state(5);
  EXPECT_EQ(settings_difference(then, result(then), now, result(now)), "pretrain.epochs 6 → 5");
  EXPECT_EQ(settings_difference(then, result(then), then, result(then)), "");
  const Snapshot kept = snapshot_from_json(snapshot_to_json(then), "kept.json");
  EXPECT_EQ(settings_difference(kept, result(kept), now, result(now)), "pretrain.epochs 6 → 5") << "history keeps them";
}

TEST(ComparabilityTest, HistoryThatKeptDigestsOnlyGoesOnWhereNothingChanged) {
  const Snapshot old = in_schema_1(state(6)), same = state(6), changed = state(5);
  EXPECT_EQ(settings_difference(old, result(old), same, result(same)), "");
  EXPECT_NE(settings_difference(old, result(old), changed, result(changed)).find("a digest of them only"),
            std::string::npos);
}

TEST(ComparabilityTest, UnitDirectionVersionAndDataKeepNumbersApart) {
  const Snapshot one = state(6);
  const SnapshotCell then = result(one);
  const auto why = [&](auto change) {
    SnapshotCell now = then;
    change(now);
    return why_incomparable(one, then, one, now);
  };
  EXPECT_EQ(why([](SnapshotCell&) {}), "");
  EXPECT_EQ(why([](SnapshotCell& cell) { cell.unit = "s"; }), "unit 1 → s");
  EXPECT_EQ(why([](SnapshotCell& cell) { cell.direction = "lower"; }), "better is higher → lower");
  EXPECT_EQ(why([](SnapshotCell& cell) { cell.version = 2; }), "protocol version 1 → 2");
  EXPECT_EQ(why([](SnapshotCell& cell) { cell.dataset = "other"; }), "data set shapes → other");
  EXPECT_NE(why([](SnapshotCell& cell) { cell.data = "other"; }), "");
  EXPECT_EQ(why([](SnapshotCell& cell) { cell.data = ""; }), "") << "what a side does not say stands in nobody's way";
}

// Of results the machine does not matter, of costs it does.
TEST(ComparabilityTest, CostsAreOneMachinesAndOfCleanReleaseBuilds) {
  const Snapshot one = state(6);
  const SnapshotCell cost = one.cells.front();
  ASSERT_TRUE(cost.is_cost());
  Snapshot other = one;
  other.machine_class = "two";
  EXPECT_EQ(why_incomparable(one, cost, other, cost), "machine class 'one' → 'two'");
  EXPECT_EQ(why_incomparable(one, result(one), other, result(one)), "");
  other = one;
  other.dirty = true;
  EXPECT_EQ(why_incomparable(one, cost, other, cost), "speed and memory of a dirty tree (measured)");
  other.dirty = false, other.revision = "unknown";
  EXPECT_EQ(why_incomparable(other, cost, one, cost), "speed and memory of a build of an unknown revision (recorded)");
}

}  // namespace
}  // namespace sslbench
