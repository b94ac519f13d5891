// SPDX-License-Identifier: Apache-2.0
// What makes two runs the same, over everything that is registered.
#include "suites/plan/sameness.h"

#include <gtest/gtest.h>

#include "reports/comparison/comparison.h"
#include "reports/history/snapshot.h"
#include "suites/plan/plan_keys.h"
#include "suites/worker/build_catalog.h"

namespace sslbench {
namespace {

using nlohmann::json;

const Catalog& catalog() {
  static const Catalog built = build_catalog();
  return built;
}

json defaults(const std::string& kind, const std::string& name) {
  json out = json::object();
  for (const Option& option : catalog().find(kind, name).options) out[option.name] = canonical(option, option.fallback);
  return out;
}

// What programs did before the options that came later.
json as_before(const std::string& kind, const std::string& name) {
  json out = defaults(kind, name);
  for (const Option& option : catalog().find(kind, name).options) {
    if (!option.neutral.is_null()) out[option.name] = canonical(option, option.neutral);
  }
  return out;
}

json another_value(const Option& option) {
  if (option.type == OptionType::flag) return !option.fallback.get<bool>();
  if (option.type == OptionType::choice) {
    return option.choices.front() == option.fallback ? option.choices.back() : option.choices.front();
  }
  return option.fallback.get<double>() == option.low ? option.low + 1 : option.low;
}

// A run with every protocol at its defaults.
RunSpec whole_run() {
  RunSpec run;
  run.row = run.method = "simclr";
  run.backbone = "resnet18";
  run.dataset.name = "shapes";
  run.pretrain = defaults("stage", "pretrain");
  run.views = defaults("stage", "views");
  for (const std::string& name : catalog().names("protocol")) {
    run.protocols.push_back({name, name, 1, {"shapes", json::object(), "d"}, defaults("protocol", name), ""});
  }
  set_keys(run, Sameness(catalog()));
  run.id = run_id(run, Sameness(catalog()));
  return run;
}

Record record_of(const RunSpec& run, int64_t seed) {
  Record out;
  out.row = out.method = run.method;
  out.backbone = run.backbone;
  out.seed = seed;
  out.run = "run " + std::to_string(seed);
  out.status = "ok";
  out.effective = run_spec_to_json(run);
  out.counting = Sameness(catalog()).counting(out.effective);
  for (const ProtocolSpec& protocol : run.protocols) {
    StageRecord stage{.name = protocol.row, .plugin = protocol.protocol, .status = "ok"};
    stage.measurements.push_back({.dataset = "shapes",
                                  .stage = protocol.protocol,
                                  .protocol = protocol.row,
                                  .version = 1,
                                  .metric = "top1",
                                  .split = "test",
                                  .value = 0.5,
                                  .unit = "1",
                                  .direction = "higher",
                                  .n = 10});
    out.stages.push_back(std::move(stage));
  }
  return out;
}

// One id, one column a protocol, one entry of history.
void expect_same(const RunSpec& a, const RunSpec& b, const std::string& what) {
  EXPECT_EQ(run_id(a, Sameness(catalog())), run_id(b, Sameness(catalog()))) << what;
  ComparisonInput input;
  input.records = {record_of(a, 0), record_of(b, 1)};
  input.planned = {{"simclr", 0, "run 0"}, {"simclr", 1, "run 1"}};
  const Comparison comparison = compare(input);
  EXPECT_EQ(comparison.columns.size(), a.protocols.size()) << what;
  EXPECT_EQ(comparison.rows.at(0).cells.at(0).values.size(), 2u) << what << ": a seed drops out of the mean";
  const Snapshot one = snapshot_of("s", {input.records[0]}, {}), other = snapshot_of("s", {input.records[1]}, {});
  for (size_t i = 0; i < one.cells.size(); ++i) EXPECT_EQ(one.cells[i].config, other.cells.at(i).config) << what;
}

size_t try_circumstances(const std::string& kind, const std::string& name,
                         const std::function<json&(RunSpec&)>& settings) {
  const RunSpec run = whole_run();
  size_t tried = 0;
  for (const Option& option : catalog().find(kind, name).options) {
    if (!option.circumstance) continue;
    RunSpec other = run;
    settings(other)[option.name] = another_value(option);
    expect_same(run, other, kind + " " + name + ": " + option.name);
    ++tried;
  }
  return tried;
}

TEST(SamenessContractTest, NoCircumstanceOfAStageOrProtocolMakesAnotherRunColumnOrEntry) {
  EXPECT_GE(try_circumstances("stage", "pretrain", [](RunSpec& run) -> json& { return run.pretrain.own(); }), 4u);
  try_circumstances("stage", "views", [](RunSpec& run) -> json& { return run.views.own(); });
  size_t of_protocols = 0;
  for (size_t i = 0; i < whole_run().protocols.size(); ++i) {
    of_protocols += try_circumstances("protocol", whole_run().protocols[i].protocol,
                                      [i](RunSpec& run) -> json& { return run.protocols[i].settings.own(); });
  }
  EXPECT_GE(of_protocols, 2u);
}

TEST(SamenessContractTest, AllOtherSettingsCount) {
  const RunSpec run = whole_run();
  RunSpec other = run;
  other.pretrain["epochs"] = 3;
  EXPECT_NE(run_id(run, Sameness(catalog())), run_id(other, Sameness(catalog())));
  other = run;
  other.protocols[0].settings.own().begin().value() = "changed";
  EXPECT_NE(run_id(run, Sameness(catalog())), run_id(other, Sameness(catalog())));
}

// Options of one name mean one thing.
TEST(SamenessContractTest, AnOptionThatIsACircumstanceSomewhereIsOneEverywhere) {
  std::map<std::string, bool> known;
  for (const auto& [kind, entries] : catalog().kinds) {
    for (const auto& [name, entry] : entries) {
      for (const Option& option : entry.options) {
        const auto [found, fresh] = known.emplace(option.name, option.circumstance);
        EXPECT_TRUE(fresh || found->second == option.circumstance) << kind << " " << name << ": " << option.name;
      }
    }
  }
}

// These records were made before some options existed. A run of today that does the same has these options, too, and
// must be the same to history.
// Fault matrix: 66
TEST(SamenessContractTest, RecordsOfAnOlderProgramAreTheSameAsTodays) {
  const Sameness sameness(catalog());
  const auto folder = std::filesystem::path(SSLBENCH_SOURCE_DIR) / "tests/contracts/older_records/quickstart";
  const ResultsFolder results = read_results(folder, RecordParts::headline, sameness);
  ASSERT_EQ(results.records.size(), 6u);
  size_t added = 0;
  const auto fill = [&](const std::string& kind, const std::string& name, json& settings) {
    const size_t before = settings.size();
    json all = as_before(kind, name);
    all.update(settings);
    settings = all;
    added += settings.size() - before;
  };
  std::vector<Record> today = results.records;
  for (Record& record : today) {
    fill("stage", "pretrain", record.effective["pretrain"]);
    fill("stage", "views", record.effective["views"]);
    fill("method", record.method, record.effective["method_settings"]);
    fill("backbone", record.backbone, record.effective["backbone_settings"]);
    for (json& each : record.effective["protocols"]) fill("protocol", each.at("protocol"), each["settings"]);
    record.counting = sameness.counting(record.effective);
  }
  EXPECT_GE(added, 6u * 20) << "the records are from before these options";
  const Snapshot then = results.snapshot(), now = snapshot_of(results.suite, today, results.runs);
  for (size_t i = 0; i < then.cells.size(); ++i) {
    EXPECT_EQ(then.cells[i].config, now.cells.at(i).config)
        << then.cells[i].name() << ": " << what_differs(then.settings_of(then.cells[i]), now.settings_of(now.cells[i]));
  }
}

}  // namespace
}  // namespace sslbench
