// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/plan.h"

#include <fnmatch.h>

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/ground/joined_name.h"
#include "suites/ground/missing_set.h"
#include "suites/ground/near_miss.h"
#include "suites/plan/joined_set.h"
#include "suites/plan/mistakes.h"
#include "suites/plan/named_files.h"
#include "suites/plan/other_sets.h"
#include "suites/plan/plan_keys.h"
#include "suites/plan/plan_limits.h"
#include "suites/plan/shared_parts.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int kLargestCifarView = 96;  // px

// Later layers win; every option has a value afterwards.
json resolve(const std::string& owner, const std::vector<Option>& options, std::initializer_list<json> layers) {
  json given = json::object();
  for (const json& layer : layers) given.update(layer);
  json values = Settings(owner, options, given).values();
  for (const Option& option : options) values[option.name] = canonical(option, values[option.name]);
  return values;
}

// Images are normalised as the weights ask for only where weights come from elsewhere.
json with_normalisation(json views, const std::map<std::string, std::string>& files) {
  if (files.empty() && views.value("normalisation", "") == "auto") views["normalisation"] = "dataset";
  return views;
}

DatasetSpec resolve_dataset(const PluginChoice& choice, const Catalog& catalog, const DatasetDigest& digest) {
  const CatalogEntry entry = dataset_in(catalog, choice.name);
  DatasetSpec out{choice.name, resolve("dataset '" + choice.name + "'", entry.options, {choice.options}), ""};
  out.digest = digest(out.name, out.settings);
  if (!out.digest.empty()) return out;
  for (const std::string& part : joined_parts(choice.name)) {
    if (!digest(part, out.settings).empty()) continue;
    refuse_missing_set(part, catalog.find("dataset", part).facts.value("source", ""));
  }
  return out;
}

// `views = { recipe = "byol" }` stands for the recipe's values: they replace what the layers below say, and keys of the
// same or a higher layer override them. "none" is the method's own.
json views_with_recipe(std::initializer_list<json> layers, const Catalog& catalog) {
  const json* naming = nullptr;
  for (const json& layer : layers) naming = layer.contains("recipe") ? &layer : naming;
  json out = json::object();
  if (naming != nullptr && naming->at("recipe") != "none") {
    out = catalog.find("recipe", naming->at("recipe")).facts.at("views");
  } else {
    naming = layers.begin();
  }
  for (; naming != layers.end(); ++naming) out.update(*naming);
  return out;
}

// The values of one preset; {} when the method declares none.
json preset_of(const CatalogEntry& method, const std::string& name) {
  const json presets = method.facts.value("presets", json());
  return presets.is_object() && presets.contains(name) ? presets.at(name) : json::object();
}

// A preset without the keys of other tables: what it says about the method's own options.
json own_part(json preset) {
  preset.erase("pretrain");
  preset.erase("views");
  return preset;
}

json requested(const Suite& suite, const MethodRow& row) {
  const auto choice = [](const PluginChoice& from) { return json{{"name", from.name}, {"options", from.options}}; };
  json protocols = json::object();
  for (const ProtocolRow& each : suite.protocols) {
    protocols[each.row] = {{"protocol", each.protocol}, {"dataset", choice(each.dataset)}, {"options", each.options}};
  }
  json out = {{"dataset", choice(row.dataset.value_or(suite.dataset))},
              {"backbone", choice(row.backbone.value_or(suite.backbone))},
              {"method", row.method},
              {"preset", row.preset},
              {"options", row.options},
              {"suite_pretrain", suite.pretrain},
              {"suite_views", suite.views},
              {"row_pretrain", row.pretrain},
              {"row_views", row.views},
              {"protocols", protocols},
              {"set", suite.sets}};
  return out;
}

bool equal_cost(const Suite& suite, const MethodRow& row) {
  return row.dataset.value_or(suite.dataset) == suite.dataset &&
         row.backbone.value_or(suite.backbone) == suite.backbone && row.pretrain.empty() && row.views.empty();
}

class Planner {
 public:
  Planner(const Suite& suite, const Catalog& catalog, const DatasetDigest& digest, const PlanPlace& place)
      : suite_(suite), catalog_(catalog), digest_(digest), place_(place), sameness_(catalog) {
    for (const ProtocolRow& row : suite.protocols) {
      mistakes_.keep([&] { protocols_.push_back(plan_protocol(row)); });
    }
  }

  // UserError with everything that is not there: data sets, files.
  void expect_all_there() {
    mistakes_.keep([&] { named_files_.expect_all(); });
    mistakes_.throw_any();
  }

  // The row's runs, one a seed; none where expect_all_there() will say why.
  void add_runs(const MethodRow& row, const std::vector<int64_t>& seeds, std::vector<RunSpec>& runs) {
    RunSpec base;
    if (!mistakes_.keep([&] { base = plan_row(row); })) return;
    const RowKeys keys(base, sameness_);
    base.id = keys.id();
    for (const int64_t seed : seeds) {
      runs.push_back(base);
      runs.back().seed = seed;
      keys.set(runs.back());
    }
  }

 private:
  // All but the seed and what follows from it.
  RunSpec plan_row(const MethodRow& row) {
    RunSpec run;
    run.suite = suite_.name;
    run.question = suite_.question;
    run.row = row.row;
    run.method = row.method;
    run.dataset = resolve_dataset(row.dataset.value_or(suite_.dataset), catalog_, digest_);
    run.protocols = protocols_;
    run.requested = requested(suite_, row);
    run.equal_cost = equal_cost(suite_, row);
    run.threads = place_.threads;
    run.ranks = place_.ranks;
    run.device = place_.device;
    run.worker = place_.worker;
    run.build = place_.build;
    run.commit = place_.commit;
    run.repository = place_.repository;
    run.out = std::filesystem::absolute(place_.out);
    run.data_root = std::filesystem::absolute(place_.data_root);
    resolve_settings(row, run);
    parts_.share(run);
    return run;
  }

  ProtocolSpec plan_protocol(const ProtocolRow& row) const {
    const CatalogEntry& entry = catalog_.find("protocol", row.protocol);
    ProtocolSpec out{row.row, row.protocol, entry.facts.at("version").get<int64_t>()};
    out.dataset = resolve_dataset(row.dataset, catalog_, digest_);
    json own = row.options, preset = json::object();
    if (own.contains("preset")) {
      out.preset = own.at("preset").get<std::string>();
      preset = entry.facts.at("presets").at(out.preset).at("values");
      own.erase("preset");
    }
    json settings = resolve("protocol '" + row.protocol + "'", entry.options, {preset, own});
    if (settings.contains(kOtherSets)) settings[kOtherSets] = with_digests(settings.at(kOtherSets));
    out.settings = std::move(settings);
    return out;
  }

  // Each set by its name and digest, so that what it holds counts.
  json with_digests(json names) const {
    for (json& name : names) {
      name = named_with_digest(resolve_dataset({name.get<std::string>(), json::object()}, catalog_, digest_));
    }
    return names;
  }

  // Of the views that the suite or the row asks for, else of a rendered set whose option `size` says it, else what the
  // dataset declares: presets are made for what the network sees.
  int view_size(const MethodRow& row, const DatasetSpec& dataset) const {
    const json asked = views_with_recipe({json::object(), suite_.views, row.views}, catalog_);
    if (asked.value("size", 0) > 0) return asked.at("size");
    const auto size = dataset.settings.find("size");
    if (size != dataset.settings.end() && size->is_number_integer()) return size->get<int>();
    return dataset_in(catalog_, dataset.name).facts.value("image_size", 0);
  }

  void resolve_settings(const MethodRow& row, RunSpec& run) {
    const CatalogEntry& method = catalog_.find("method", row.method);
    const std::string preset_name = row.preset.empty() ? preset_for(view_size(row, run.dataset)) : row.preset;
    const json preset = preset_of(method, preset_name);
    if (!preset.empty()) run.preset = preset_name;
    const json none = json::object();
    const PluginChoice backbone = row.backbone.value_or(suite_.backbone);
    run.backbone = backbone.name;
    const auto settle = [&](const std::string& owner, const std::vector<Option>& options,
                            std::initializer_list<json> layers, const char* prefix) {
      return named_files_.settle(row_label({{row.row, row.place}}, row.row) + " " + owner, options,
                                 resolve(owner, options, layers), prefix, run.files);
    };
    run.backbone_settings = settle("backbone '" + backbone.name + "'", catalog_.find("backbone", backbone.name).options,
                                   {backbone.options}, kBackbonePrefix);
    const std::string owner = "method '" + row.method + "'";
    run.method_settings = settle(owner, method.options, {own_part(preset), row.options}, "");
    run.pretrain = settle(owner + ", [pretrain]", catalog_.find("stage", "pretrain").options,
                          {preset.value("pretrain", none), suite_.pretrain, row.pretrain}, kPretrainPrefix);
    // Weights to start from concern who trains.
    if (!method.facts.value("trains", true))
      std::erase_if(run.files, [](const auto& file) { return file.first.starts_with(kPretrainPrefix); });
    run.views = with_normalisation(
        resolve(owner + ", [views]", catalog_.find("stage", "views").options,
                {views_with_recipe({preset.value("views", none), suite_.views, row.views}, catalog_)}),
        run.files);
  }

  const Suite& suite_;
  const Catalog& catalog_;
  const DatasetDigest& digest_;
  const PlanPlace& place_;
  Sameness sameness_;
  std::vector<ProtocolSpec> protocols_;
  NamedFiles named_files_;
  SharedParts parts_;
  Mistakes mistakes_;
};

}  // namespace

std::string preset_for(int view_size) { return view_size <= kLargestCifarView ? "cifar" : "imagenet"; }

Plan make_plan(const Suite& suite, const Catalog& catalog, const DatasetDigest& digest, const PlanPlace& place) {
  Plan plan{suite.name, suite.question, suite.file.string(), suite.text, suite.sets, place.jobs, place.threads, {}};
  const std::vector<int64_t>& seeds = place.seeds.empty() ? suite.seeds : place.seeds;
  expect_plannable(suite.methods.size() * seeds.size(), "suite '" + suite.name + "'");
  Planner planner(suite, catalog, digest, place);
  plan.runs.reserve(suite.methods.size() * seeds.size());
  for (const MethodRow& row : suite.methods) planner.add_runs(row, seeds, plan.runs);
  planner.expect_all_there();
  return plan;
}

bool row_matches(const std::string& row, const std::vector<std::string>& patterns) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), row.c_str(), 0) == 0;
         });
}

std::vector<RunSpec> select_runs(const std::vector<RunSpec>& runs, const std::vector<std::string>& patterns) {
  std::vector<std::string> rows;
  for (const RunSpec& run : runs) {
    if (rows.empty() || rows.back() != run.row) rows.push_back(run.row);
  }
  for (const std::string& pattern : patterns) {
    if (std::ranges::any_of(rows, [&](const std::string& row) { return row_matches(row, {pattern}); })) continue;
    std::string message = "--only '" + pattern + "' matches no row" + did_you_mean(pattern, rows) + "; rows:";
    for (const std::string& row : rows) message += " " + row;
    throw UserError(message);
  }
  std::vector<RunSpec> out = runs;
  std::erase_if(out, [&](const RunSpec& run) { return !row_matches(run.row, patterns); });
  return out;
}

}  // namespace sslbench
