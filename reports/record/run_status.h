// SPDX-License-Identifier: Apache-2.0
// How a run or a stage ended. Records, histories and plans keep its text.
#pragma once

#include <string>

#include "suites/ground/error.h"

namespace sslbench {

struct RunStatus {
  enum class Kind {
    ok,
    collapsed,  // ended well, and every image gets nearly the same embedding
    failed,
    not_run,
  };
  Kind kind = Kind::not_run;
  FailureKind failure = FailureKind::internal;  // of failed

  static RunStatus failed(FailureKind why) { return {Kind::failed, why}; }

  bool ok() const { return kind == Kind::ok; }
  bool collapsed() const { return kind == Kind::collapsed; }
  bool has_failed() const { return kind == Kind::failed; }
  // Its numbers count, and nothing is left to do.
  bool ended_well() const { return ok() || collapsed(); }

  // "ok", "collapsed", "failed(oom)", "not run".
  std::string text() const;
};

// From such a text of a file; any other is failed(internal).
RunStatus run_status(const std::string& text);

}  // namespace sslbench
