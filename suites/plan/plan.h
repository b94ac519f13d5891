// SPDX-License-Identifier: Apache-2.0
// Plan: every run of a suite spelled out. plan.json in the results folder holds it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"
#include "suites/plan/suite.h"

namespace sslbench {

struct Plan {
  std::string suite, question;
  std::string suite_file, suite_text;  // as named by the person; the whole file
  std::vector<std::string> sets;       // --set arguments
  int jobs = 1;                        // workers at a time
  int threads = 1;                     // per worker; fixed when first planned: results depend on it
  std::vector<RunSpec> runs;           // rows in the order of the file, seeds inside
};

// How and where; nothing of it enters an id.
struct PlanPlace {
  std::vector<int64_t> seeds;  // empty: the suite's
  int jobs = 1, threads = 1;
  std::string device = "cpu";
  std::filesystem::path out, data_root;
  std::string worker, build, commit, repository;  // RunSpec's
  int ranks = 1;
};

// Returns the digest of a dataset, "" when it is not installed.
using DatasetDigest = std::function<std::string(const std::string& name, const nlohmann::json& settings)>;

// Resolves every setting: option default < method preset < suite's [pretrain] and [views] < row. UserError with the
// command to add it when a dataset is not installed.
Plan make_plan(const Suite& suite, const Catalog& catalog, const DatasetDigest& digest, const PlanPlace& place);

// "cifar" for views up to 96 px, else "imagenet".
std::string preset_for(int view_size);

// Whether a row's name matches one of the shell patterns; all do when there is none.
bool row_matches(const std::string& row, const std::vector<std::string>& patterns);

// The runs whose row matches, in their order; UserError naming the rows when a pattern matches none.
std::vector<RunSpec> select_runs(const std::vector<RunSpec>& runs, const std::vector<std::string>& patterns);

nlohmann::json plan_to_json(const Plan& plan);
// Throws UserError naming `file` when it is not a plan.
Plan plan_from_json(nlohmann::json json, const std::string& file);

}  // namespace sslbench
