// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/build_id.h"

#include "suites/spec/revision.h"

namespace sslbench {

std::string build_id() { return std::string(kRevision) + (kRevisionDirty ? "-dirty " : " ") + kBuildType; }

}  // namespace sslbench
