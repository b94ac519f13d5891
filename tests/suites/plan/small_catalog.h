// SPDX-License-Identifier: Apache-2.0
// A catalog of a few plugins, small enough to know by heart, for tests of suites, plans and the front end.
#pragma once

#include "suites/plan/catalog.h"

namespace sslbench {

inline CatalogEntry small_entry(const std::string& name, std::vector<Option> options, nlohmann::json facts) {
  return {name, "the " + name + " of the tests", std::move(options), std::move(facts)};
}

inline Catalog small_catalog() {
  using nlohmann::json;
  Catalog catalog;
  catalog.build = "test";
  const json presets = {
      {"cifar", {{"temperature", 0.4}, {"pretrain", {{"learning_rate", 0.06}}}, {"views", {{"jitter", 0.7}}}}},
      {"imagenet", {{"temperature", 0.1}}}};
  auto& methods = catalog.kinds["method"];
  methods["simclr"] =
      small_entry("simclr", {real_option("temperature", 0.5, 1e-3, 100, "tau")},
                  {{"trains", true}, {"views", 2}, {"uses_labels", false}, {"role", ""}, {"presets", presets}});
  methods["random_init"] =
      small_entry("random_init", {},
                  {{"trains", false}, {"views", 0}, {"uses_labels", false}, {"role", "floor"}, {"presets", nullptr}});
  methods["supervised"] = small_entry(
      "supervised", {},
      {{"trains", true}, {"views", 1}, {"uses_labels", true}, {"role", "ceiling"}, {"presets", json::object()}});
  catalog.kinds["backbone"]["resnet18"] =
      small_entry("resnet18",
                  {integer_option("width", 64, 1, 1024, "channels"),
                   choice_option("stem", "imagenet", {"imagenet", "cifar"}, "first layer")},
                  {{"paper", ""}});
  auto& datasets = catalog.kinds["dataset"];
  datasets["shapes"] = small_entry("shapes",
                                   {choice_option("objects", "one", {"one", "several"}, "objects an image"),
                                    integer_option("size", 48, 32, 128, "side, px")},
                                   {{"tasks", {"classification", "detection"}}, {"builtin", true}, {"image_size", 48}});
  datasets["cifar10"] = small_entry(
      "cifar10", {},
      {{"tasks", {"classification"}}, {"builtin", false}, {"image_size", 32}, {"source", "https://example.org"}});
  datasets["large"] = small_entry("large", {}, {{"tasks", {"classification"}}, {"builtin", true}, {"image_size", 224}});
  auto& protocols = catalog.kinds["protocol"];
  protocols["knn"] = small_entry("knn", {integer_option("k", 20, 1, 1e6, "neighbours")},
                                 {{"version", 1}, {"task", "classification"}, {"metrics", {"top1", "top5"}}});
  protocols["detection"] = small_entry("detection", {integer_option("epochs", 12, 1, 1e6, "passes")},
                                       {{"version", 1}, {"task", "detection"}, {"metrics", {"ap", "ap50"}}});
  auto& stages = catalog.kinds["stage"];
  stages["pretrain"] =
      small_entry("pretrain",
                  {integer_option("epochs", 10, 1, 1e6, "passes"), real_option("learning_rate", 1e-3, 0, 1e3, "peak"),
                   choice_option("precision", "auto", {"auto", "fp32", "bf16"}, "numbers")},
                  json::object());
  stages["views"] = small_entry("views", {real_option("jitter", 0.8, 0, 1, "probability")}, json::object());
  return catalog;
}

}  // namespace sslbench
