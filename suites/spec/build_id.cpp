// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/build_id.h"

#include "suites/spec/revision.h"

namespace sslbench {

std::string build_revision() { return std::string(kRevision) + (kRevisionDirty ? "-dirty" : ""); }

std::string build_id() { return build_revision() + " " + kBuildType; }

}  // namespace sslbench
