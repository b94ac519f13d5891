// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "reports/record/declared_metrics.h"
#include "suites/plan/sameness.h"

namespace sslbench {

struct ReportOutcome {
  std::filesystem::path report;  // the README.md
  int rows = 0;
  int runs = 0;        // planned runs with a record
  int failures = 0;    // of these, not final
  int not_run = 0;     // planned runs without a record
  int superseded = 0;  // records that no plan names
  int measurements = 0;
  std::string brief;                 // answer and headline numbers as Markdown
  std::vector<std::string> refused;  // one line for each record that cannot be read
};

struct ReportChoice {
  std::set<std::string> on_request;  // renderers that are written only when named, or there already: "html"
  std::filesystem::path published;   // what others published, "" = none
  Sameness sameness = {};            // which settings keep numbers apart
  MetricsOfPlugins metrics = {};     // what numbers mean in records that do not say
};

// Renders results folders (each with plan.json and runs/) with every registered renderer (those on request when they
// are chosen, or an earlier report has their file), and rebuilds measurements.h5. One folder: into FOLDER/report (whose
// fig/ then holds the pictures of this report only) and FOLDER/measurements.h5; with `out`, and always for several
// folders, into `out`. Rows of several folders are named "<folder>/<row>", so that nothing is averaged across folders.
// A record that cannot be read, or that ends the process that reads it (record_guard.h), is a failed row. UserError
// when a folder holds no plan or `out` is needed and empty; RunFailure(storage) when the report cannot be written.
ReportOutcome report_folder(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& out,
                            const ReportChoice& choice = {});

}  // namespace sslbench
