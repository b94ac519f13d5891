// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/build_catalog.h"

#include "datasets/augment/named_recipe.h"
#include "datasets/augment/view_recipe.h"
#include "datasets/data_source.h"
#include "methods/backbone.h"
#include "methods/method.h"
#include "suites/ground/build_id.h"
#include "suites/protocols/protocol.h"
#include "suites/training/train_settings.h"
#include "suites/worker/stage_costs.h"

namespace sslbench {
namespace {

using nlohmann::json;

json facts(const MethodEntry& entry) {
  return {{"paper", entry.paper},
          {"views", entry.views},
          {"uses_labels", entry.uses_labels},
          {"trains", entry.trains},
          {"role", entry.role},
          {"presets", entry.presets},
          {"labels_when", entry.labels_when},
          {"needs_vit", entry.needs_vit},
          {"pitfalls", entry.pitfalls}};
}

json facts(const BackboneEntry& entry) { return {{"paper", entry.paper}, {"published", to_json(entry.published)}}; }

json facts(const DatasetEntry& entry) { return dataset_facts(entry); }

json facts(const ProtocolEntry& entry) {
  std::vector<std::string>
      results;  // as `list` and [gate] know them: what has a better and a worse, and a name of its own
  for (const Metric& metric : entry.metrics) {
    if (metric.better != Better::none && !is_of_class(metric.name)) results.push_back(metric.name);
  }
  json presets = json::object();
  for (const ProtocolPreset& each : entry.presets) {
    presets[each.name] = {{"source", each.source}, {"values", each.values}};
  }
  return {{"version", entry.version}, {"task", entry.task},
          {"presets", presets},       {"on_features", entry.on_features},
          {"metrics", results},       {"declared", metrics_to_json(joined(entry.metrics, stage_costs()))}};
}

CatalogEntry catalog_entry(const RecipeEntry& entry) {
  return {entry.name, entry.summary, {}, {{"source", entry.source}, {"views", entry.values}}};
}

template <class Entry>
CatalogEntry catalog_entry(const Entry& entry) {
  return {entry.name, entry.summary, entry.options, facts(entry)};
}

template <class Entry>
std::map<std::string, CatalogEntry> group() {
  std::map<std::string, CatalogEntry> out;
  for (const auto& [name, entry] : Registry<Entry>::all()) {
    out.emplace(name, catalog_entry(entry));
  }
  return out;
}

}  // namespace

Catalog build_catalog() {
  Catalog catalog;
  catalog.build = build_id();
  catalog.kinds[MethodEntry::kind()] = group<MethodEntry>();
  catalog.kinds[BackboneEntry::kind()] = group<BackboneEntry>();
  catalog.kinds[DatasetEntry::kind()] = group<DatasetEntry>();
  catalog.kinds[ProtocolEntry::kind()] = group<ProtocolEntry>();
  catalog.kinds[RecipeEntry::kind()] = group<RecipeEntry>();
  catalog.kinds["stage"] = {
      {"pretrain", {"pretrain", "how every method is trained", pretrain_options(), json::object()}},
      {"views", {"views", "the random views of pretraining", view_options(), json::object()}}};
  return catalog;
}

}  // namespace sslbench
