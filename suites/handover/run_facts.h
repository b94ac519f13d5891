// SPDX-License-Identifier: Apache-2.0
// What a record tells of its run whoever writes it: the worker that carried it out, or the front end whose worker died.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// What a method says about itself, from its registration or from the catalog.
struct MethodFacts {
  std::string role;
  bool uses_labels = false;
  std::string labels_when;  // "<setting>=<value>": labels are used at that value only; "" = see uses_labels
  bool trains = true;

  bool sees_labels(const nlohmann::json& settings) const;
};

// Record::facts: role, uses_labels, equal_cost, pretrained_elsewhere, pretraining_set.
nlohmann::json facts_of_run(const RunSpec& run, const MethodFacts& method);
// Of weights that a file holds, evaluated as they are.
bool pretrained_elsewhere(const RunSpec& run, const MethodFacts& method);

// The machine class that costs of this run belong to: of several ranks "2 ranks; <class>", since no other run costs the
// same.
std::string class_of_ranks(const RunSpec& run, const std::string& machine_class);

// Record::environment: this machine and build (reports/record/environment.h), and how the run was carried out.
nlohmann::json environment_of_run(const RunSpec& run);

}  // namespace sslbench
