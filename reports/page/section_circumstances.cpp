// SPDX-License-Identifier: Apache-2.0
// What failed, where everything ran, and how to run it again.
#include <map>

#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kMostNames = 12;    // of runs that share a value
constexpr size_t kMostListed = 200;  // runs in a list; report.json holds them all

std::string value_text(const std::string& key, const json& value) {
  if (key == "memory_bytes" && value.is_number()) return bytes_text(value.get<double>());
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string out;
  for (const json& part : value) out += (out.empty() ? "" : " ") + value_text("", part);
  return out.empty() ? kNone : out;
}

void add_rest(size_t all, Document& document) {
  if (all <= kMostListed) return;
  add(document, Paragraph{Text::own("The first " + std::to_string(kMostListed) + " of " + std::to_string(all) +
                                    "; report.json holds all.")});
}

void add_names(const char* title, const std::vector<std::string>& names, Document& document) {
  if (names.empty()) return;
  Bullets list;
  for (size_t i = 0; i < names.size() && i < kMostListed; ++i) list.items.push_back(Text::name(names[i]));
  add(document, Paragraph{title});
  add(document, std::move(list));
  add_rest(names.size(), document);
}

Text some_of(const std::vector<std::string>& runs) {
  std::vector<Text> names;
  for (size_t i = 0; i < runs.size() && i < kMostNames; ++i) names.push_back(Text::name(runs[i]));
  const Text more =
      runs.size() > kMostNames ? Text::own(" and " + std::to_string(runs.size() - kMostNames) + " more") : Text();
  return listed(names) + more;
}

}  // namespace

void add_failures(const Comparison& comparison, Document& document) {
  add(document, Heading{2, "Failures"});
  if (comparison.failures.empty()) add(document, Paragraph{"None."});
  if (!comparison.failures.empty()) {
    DocumentTable table({"run", "status", "message", "what to do"}, 4);
    for (size_t i = 0; i < comparison.failures.size() && i < kMostListed; ++i) {
      const Failure& failure = comparison.failures[i];
      table.add({Text::name(failure.run), Text(failure.status),
                 failure.message.empty() ? Text("no message") : Text(failure.message), Text(failure.advice)});
    }
    add(document, std::move(table));
    add_rest(comparison.failures.size(), document);
  }
  add_names("Planned but not run; the same command goes on with them:", comparison.not_run, document);
  add_names("Superseded: records that no plan asks for any more, counted nowhere above:", comparison.superseded,
            document);
}

void add_environment(const Comparison& comparison, Document& document) {
  std::map<std::string, std::map<std::string, std::vector<std::string>>> runs_by_value;
  for (const Record& record : comparison.records) {
    if (!record.environment.is_object()) continue;
    for (const auto& [key, value] : record.environment.items()) {
      runs_by_value[key][value_text(key, value)].push_back(record.run);
    }
  }
  if (runs_by_value.empty()) return;
  DocumentTable same({"", "value"}, 2), different({"", "value", "runs"}, 3);
  for (const auto& [key, values] : runs_by_value) {
    if (values.size() == 1) same.add({Text::name(key), Text(values.begin()->first)});
    if (values.size() == 1) continue;
    for (const auto& [value, runs] : values) different.add({Text::name(key), Text(value), some_of(runs)});
  }
  add(document, Heading{2, "Environment"});
  if (!same.empty()) add(document, std::move(same));
  if (different.empty()) return;
  add(document, Heading{3, "What differs between the runs"});
  add(document, std::move(different));
}

void add_commands(const Comparison& comparison, Document& document) {
  if (comparison.commands.empty()) return;
  add(document, Heading{2, "How to reproduce"});
  add(document, Code{comparison.commands});
}

}  // namespace sslbench
