// SPDX-License-Identifier: Apache-2.0
#include "reports/record/run_status.h"

namespace sslbench {

std::string RunStatus::text() const {
  switch (kind) {
    case Kind::ok: return "ok";
    case Kind::collapsed: return "collapsed";
    case Kind::not_run: return "not run";
    case Kind::failed: break;
  }
  return "failed(" + std::string(failure_name(failure)) + ")";
}

RunStatus run_status(const std::string& text) {
  using Kind = RunStatus::Kind;
  for (const Kind kind : {Kind::ok, Kind::collapsed, Kind::not_run}) {
    if (text == RunStatus{kind}.text()) return {kind};
  }
  const size_t open = text.find('('), close = text.rfind(')');
  const bool named = open != std::string::npos && close != std::string::npos && open < close;
  return RunStatus::failed(named ? failure_from_name(text.substr(open + 1, close - open - 1)) : FailureKind::internal);
}

}  // namespace sslbench
