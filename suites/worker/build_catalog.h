// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/plan/catalog.h"

namespace sslbench {

// Everything that registered itself in this program.
Catalog build_catalog();

}  // namespace sslbench
