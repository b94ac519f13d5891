// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "reports/escape.h"
#include "reports/markdown_sections.h"
#include "reports/markdown_table.h"
#include "reports/number_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kNone = "–";

// Returns "–" where a device or meter does not exist.
std::string or_none(double value, std::string (*text)(double)) { return std::isnan(value) ? kNone : text(value); }

std::string joules_text(double joules) { return significant_text(joules) + " J"; }

std::string rate_text(double rate) { return count_text(rate); }

std::string value_text(const std::string& key, const json& value) {
  if (key == "memory_bytes" && value.is_number()) return bytes_text(value.get<double>());
  if (value.is_string()) return escape_markdown(value.get<std::string>());
  if (!value.is_array()) return escape_markdown(value.dump(-1, ' ', false, json::error_handler_t::replace));
  std::string out;
  for (const json& part : value) out += (out.empty() ? "" : " ") + value_text("", part);
  return out.empty() ? kNone : out;
}

std::vector<std::string> stage_cells(const Record& record, const StageRecord& stage) {
  const bool measured = stage.finished();
  const auto positive = [&](double value) { return measured && value > 0 ? value : kUndefined; };
  const auto held = [&](double value) { return measured && value >= 0 ? value : kUndefined; };
  return {markdown_name(record.run),
          markdown_name(stage.name),
          escape_markdown(stage.status),
          or_none(held(stage.wall_seconds), seconds_text),
          or_none(held(stage.cpu_seconds), seconds_text),
          or_none(held(stage.setup_seconds), seconds_text),
          or_none(held(static_cast<double>(stage.images)), rate_text),
          or_none(positive(stage.images_per_second), rate_text),
          or_none(positive(static_cast<double>(stage.peak_process_bytes)), bytes_text),
          or_none(positive(static_cast<double>(stage.peak_tensor_bytes)), bytes_text),
          or_none(held(static_cast<double>(stage.peak_device_bytes)), bytes_text),
          or_none(held(stage.energy_joules), joules_text),
          stage.taken_from.empty() ? kNone : escape_markdown(stage.taken_from)};
}

// A fence longer than any run of back quotes inside.
std::string code_block(const std::vector<std::string>& lines) {
  std::string body;
  for (const std::string& line : lines) {
    body += visible_text(line) + "\n";
  }
  std::string fence = "```";
  while (body.find(fence) != std::string::npos) fence += "`";
  return fence + "sh\n" + body + fence + "\n\n";
}

std::string list_of(const std::string& title, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string out = title + "\n\n";
  for (const std::string& name : names) out += "- " + markdown_name(name) + "\n";
  return out + "\n";
}

}  // namespace

std::string cost_table(const Comparison& comparison) {
  MarkdownTable table({"row", "budget", "pretraining images", "wall time", "CPU time", "images/s",
                       "peak memory, process", "peak memory, tensors", "peak memory, device", "energy"},
                      2);
  for (const Row& row : comparison.rows) {
    const Cost& cost = row.cost;
    const bool measured = !std::isnan(cost.wall_seconds);
    std::string word = "not run";
    if (!row.records.empty()) word = measured ? kNone : comparison.records[row.records.front()].status;
    const auto text = [&](double value, std::string (*print)(double)) {
      return std::isnan(value) ? escape_markdown(word) : print(value);
    };
    table.add({markdown_name(row.name), row.budget.empty() ? kNone : escape_markdown(row.budget),
               text(cost.images, count_text), text(cost.wall_seconds, seconds_text),
               text(cost.cpu_seconds, seconds_text), text(cost.images_per_second, rate_text),
               text(cost.peak_process_bytes, bytes_text), text(cost.peak_tensor_bytes, bytes_text),
               text(cost.peak_device_bytes, bytes_text), text(cost.energy_joules, joules_text)});
  }
  return table.text() + "\nPretraining only; over several seeds the mean. –: nothing of the kind here.\n\n";
}

std::string stages_section(const Comparison& comparison) {
  MarkdownTable table({"run", "stage", "status", "wall time", "CPU time", "set-up", "images", "images/s",
                       "peak memory, process", "peak memory, tensors", "peak memory, device", "energy", "taken from"},
                      3);
  for (const Row& row : comparison.rows) {
    for (const size_t r : row.records) {
      for (const StageRecord& stage : comparison.records[r].stages) {
        table.add(stage_cells(comparison.records[r], stage));
      }
    }
  }
  if (table.empty()) return "";
  return "## Stages\n\n<details><summary>What every stage of every run took</summary>\n\n" + table.text() +
         "\n</details>\n\n";
}

std::string failures_section(const Comparison& comparison) {
  std::string out = "## Failures\n\n";
  if (comparison.failures.empty()) out += "None.\n\n";
  if (!comparison.failures.empty()) {
    MarkdownTable table({"run", "status", "message", "what to do"}, 4);
    for (const Failure& failure : comparison.failures) {
      const std::string message = failure.message.empty() ? "no message" : failure.message;
      table.add({markdown_name(failure.run), escape_markdown(failure.status), escape_markdown(message),
                 escape_markdown(failure.advice)});
    }
    out += table.text() + "\n";
  }
  out += list_of("Planned but not run; the same command goes on with them:", comparison.not_run);
  return out + list_of("Superseded: records of other settings, counted nowhere above:", comparison.superseded);
}

std::string environment_section(const Comparison& comparison) {
  std::map<std::string, std::set<std::string>> values;
  for (const Record& record : comparison.records) {
    if (!record.environment.is_object()) continue;
    for (const auto& [key, value] : record.environment.items()) values[key].insert(value_text(key, value));
  }
  if (values.empty()) return "";
  MarkdownTable table({"", "value"}, 2);
  for (const auto& [key, texts] : values) {
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : "; ") + text;
    table.add({markdown_name(key), joined});
  }
  return "## Environment\n\n" + table.text() + "\nSeveral values in a line: the runs differ.\n\n";
}

std::string reproduce_section(const Comparison& comparison) {
  return comparison.commands.empty() ? "" : "## How to reproduce\n\n" + code_block(comparison.commands);
}

}  // namespace sslbench
