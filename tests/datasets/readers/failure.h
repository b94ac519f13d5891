// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "suites/ground/error.h"

namespace sslbench {

// The message of the RunFailure(data) that `read` must throw; "" (and a test failure) when it does not.
template <class Read>
std::string data_failure(Read read) {
  try {
    read();
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::data);
    return failure.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

// The message of the UserError that `act` must throw.
template <class Act>
std::string user_error(Act act) {
  try {
    act();
  } catch (const UserError& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

}  // namespace sslbench
