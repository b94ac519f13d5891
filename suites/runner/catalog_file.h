// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/record/declared_metrics.h"
#include "suites/plan/catalog.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// The catalog of this build: catalog.json beside the program. When it is missing or belongs to another build, the
// worker is asked and the file is made again where the folder can be written. With SSLBENCH_WORKER set, that worker is
// asked and nothing is kept. Datasets of a person's own that are installed on this machine are added. UserError when
// there is no worker or its answer is no catalog.
Catalog load_catalog();

// What commands that only read need of the catalog: of catalog.json as it lies beside the program, else of the worker;
// where neither is to be had, every setting counts and only records say what their metrics mean.
struct KnownBuild {
  Sameness sameness;
  MetricsOfPlugins metrics;
};
KnownBuild known_build();
// Of that build's protocols.
MetricsOfPlugins declared_metrics(const Catalog& catalog);

// Reads what `sslbench-worker catalog` printed; UserError naming `from`.
Catalog parse_catalog(const std::string& text, const std::string& from);

}  // namespace sslbench
