// SPDX-License-Identifier: Apache-2.0
#include "reports/record/run_status.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(RunStatusTest, EveryStatusComesBackFromItsText) {
  using Kind = RunStatus::Kind;
  for (const Kind kind : {Kind::ok, Kind::collapsed, Kind::not_run}) {
    EXPECT_EQ(run_status(RunStatus{kind}.text()).kind, kind);
  }
  for (const FailureKind why :
       {FailureKind::oom, FailureKind::non_finite, FailureKind::data, FailureKind::checkpoint, FailureKind::storage,
        FailureKind::timeout, FailureKind::signal, FailureKind::internal}) {
    const RunStatus read = run_status(RunStatus::failed(why).text());
    EXPECT_TRUE(read.has_failed());
    EXPECT_EQ(read.failure, why);
  }
}

TEST(RunStatusTest, TextsOfRecordsStayAsTheyAre) {
  EXPECT_EQ(RunStatus{RunStatus::Kind::ok}.text(), "ok");
  EXPECT_EQ(RunStatus{RunStatus::Kind::collapsed}.text(), "collapsed");
  EXPECT_EQ(RunStatus::failed(FailureKind::non_finite).text(), "failed(non_finite)");
  EXPECT_EQ(RunStatus().text(), "not run");
}

TEST(RunStatusTest, AnyOtherTextHasFailed) {
  for (const char* text : {"", "fine", "failed", "failed(", "failed(new_kind)", ")("}) {
    EXPECT_TRUE(run_status(text).has_failed()) << text;
    EXPECT_FALSE(run_status(text).ended_well()) << text;
  }
}

}  // namespace
}  // namespace sslbench
