// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/catalog.h"

namespace sslbench {

// What the catalog says of a data set, or of several joined ("pets+extra"): they offer what datasets/install/joined.h
// says. UserError naming the nearest where one is unknown.
CatalogEntry dataset_in(const Catalog& catalog, const std::string& name);

}  // namespace sslbench
