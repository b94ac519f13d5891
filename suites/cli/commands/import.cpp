// SPDX-License-Identifier: Apache-2.0
// sslbench import FEATURES --row NAME DIR: features that were computed elsewhere, as one more row of a results folder.
#include <iostream>

#include "suites/cli/commands/carry_out_request.h"
#include "suites/cli/commands/commit_under_test.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/ground/build_id.h"
#include "suites/plan/imported_row.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"

namespace sslbench {

ExitCode import_features(const ImportOptions& options) {
  SuiteRequest request;
  request.catalog = load_catalog();
  request.out = options.folder;
  request.plan = plan_in(request.out, "import");
  RunSpec run = imported_run(request.plan, request.catalog, {options.row, options.features, options.seed});
  run.out = std::filesystem::absolute(request.out);
  run.worker = worker_digest(worker_program());
  run.build = build_id(run.worker);
  run.commit = commit_under_test();
  run.repository = repository_under_test();
  put_imported(run, request.plan);
  request.selected = {run};
  const SuiteEnding ending = carry_out_request(request, RunOptions{.again = options.again});
  std::cout << ending.text;
  return ending.code;
}

}  // namespace sslbench
