// SPDX-License-Identifier: Apache-2.0
// What makes two runs the same. Options say what they are to it (suites/ground/settings.h): circumstances never count,
// and an option that came later does not count at the value that stands for what programs did before, so that an option
// more ends no history. A method that trains nothing has no pretraining settings. Ids, stage keys, columns of a report,
// history and gate all ask here; how a run is carried out (threads, device, paths) and what rows are called never
// count.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

class Sameness {
 public:
  Sameness() = default;  // no option is known: every setting counts
  explicit Sameness(const Catalog& catalog);

  // What counts of a RunSpec as JSON, whole or in part (records of other builds, or read in part):
  //   {"pretraining": {"method": "simclr", "method.temperature": 0.5, "backbone": "resnet18", "pretrain.epochs": 6,
  //   ...},
  //    "protocols": {"<row>": {"protocol": "knn", "protocol.k": 20, "protocol dataset": "shapes", ...}}}
  // Data digests and protocol versions are not in it. Of a file that a method reads, its digest counts, not its path.
  nlohmann::json counting(const nlohmann::json& run) const;

 private:
  struct Rule {
    bool circumstance, evaluated;
    nlohmann::json neutral;
  };
  using Rules = std::map<std::string, Rule>;

  // Adds what counts of `settings` as "<prefix>.<option>".
  void add(nlohmann::json& out, const std::string& prefix, const std::string& plugin, const nlohmann::json& settings,
           bool evaluated_only = false) const;
  nlohmann::json pretraining(const nlohmann::json& run) const;
  nlohmann::json protocol(const nlohmann::json& entry) const;

  std::map<std::string, Rules> rules_;  // "<kind> <name>" -> option -> rule; only options that say something
  std::set<std::string> untrained_;     // methods
};

// One line for people: "pretrain.epochs 6 -> 5, views.size 32 -> none"; the first three and how many more. "" where
// nothing differs.
std::string what_differs(const nlohmann::json& before, const nlohmann::json& now);

}  // namespace sslbench
