// SPDX-License-Identifier: Apache-2.0
// RunSpec: the unit of work. One file of it is all that a worker is given; tests, CI and people go through it alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/ground/shared_json.h"

namespace sslbench {

inline constexpr const char* kBackbonePrefix = "backbone.";  // in RunSpec::files
inline constexpr const char* kPretrainPrefix = "pretrain.";

struct DatasetSpec {
  std::string name;
  SharedJson settings;  // resolved: every option has a value
  std::string digest;   // of the installed data, or of the settings for a built-in set

  friend bool operator==(const DatasetSpec&, const DatasetSpec&) = default;
};

struct ProtocolSpec {
  std::string row;       // the table's name in the suite
  std::string protocol;  // the plugin's name
  int64_t version = 0;
  DatasetSpec dataset;
  SharedJson settings;  // resolved
  std::string key;      // hash of all that this stage and those before it depend on
  std::string preset;   // whose values the settings start from; "" = none was asked for

  friend bool operator==(const ProtocolSpec&, const ProtocolSpec&) = default;
};

struct RunSpec {
  std::string suite, question;
  std::string row, method;
  int64_t seed = 0;
  std::string id;  // 12 hex digits: hash of resolved settings, protocol versions and dataset digests
  DatasetSpec dataset;
  std::string backbone;
  SharedJson backbone_settings, method_settings;
  SharedJson pretrain;                       // resolved options of the pretrain stage
  SharedJson views;                          // resolved options of the view recipe
  std::string preset;                        // of the method, whose values it starts from; "" = it has none
  std::map<std::string, std::string> files;  // option that names a file -> SHA-256 of what it holds: a method's option
                                             // by its name, others as "backbone.<option>" and "pretrain.<option>"
  std::string pretrain_key;
  std::vector<ProtocolSpec> protocols;
  JsonText requested;      // as asked: the suite's tables and --set, unresolved
  bool equal_cost = true;  // false: the row overrides the suite's backbone, dataset, pretrain or views

  // How and where this run is carried out; not part of the id.
  int threads = 1;             // of each rank
  int ranks = 1;               // processes that share its steps
  std::string device = "cpu";  // "cpu" or "cuda:<i>"
  std::filesystem::path out, data_root;
  int64_t attempt = 1;                       // 1 + earlier failed attempts at this run
  std::string worker;                        // worker_digest() of the program that carries it out; "" = not known
  std::string build;                         // build_id() of the front end that asks
  std::string commit;                        // of the repository under test when it was asked for; "" = not known
  std::string repository;                    // its address, without credentials; "" = not known
  std::map<std::string, std::string> reuse;  // stage row ("pretrain" or a protocol row) -> record file that holds it

  // "<row>-s<seed>-<id>": the stem of every file of this run.
  std::string name() const { return row + "-s" + std::to_string(seed) + "-" + id; }
  std::filesystem::path work_folder() const { return out / "work" / name(); }
  std::filesystem::path record_file() const { return out / "runs" / (name() + ".h5"); }
  std::filesystem::path backbone_file() const { return out / "runs" / (name() + ".safetensors"); }

  friend bool operator==(const RunSpec&, const RunSpec&) = default;
};

nlohmann::json run_spec_to_json(const RunSpec& spec);
// Throws UserError naming `file` when a key is missing or of the wrong type.
RunSpec run_spec_from_json(nlohmann::json json, const std::string& file);

}  // namespace sslbench
