// SPDX-License-Identifier: Apache-2.0
#include "reports/history/acceptance_file.h"

#include <algorithm>
#include <ctime>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/wall_clock.h"
#include "suites/plan/table_reader.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTable = "accept";
constexpr const char* kHead =
    "# Shifts that are meant. `sslbench history accept --into FILE` appends; `sslbench gate` and `sslbench history "
    "record`\n# read them by --accepted FILE.\n";

// A TOML basic string: JSON escapes what TOML wants escaped.
std::string toml_string(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Acceptance read_one(const TomlNode& node, const std::string& date) {
  TableReader reader(node, "[accept.\"" + date + "\"]", "`sslbench history accept --into FILE` writes such a table");
  Acceptance out;
  out.suite = reader.take_text("suite", "");
  out.row = reader.take_text("cell", "");
  out.measure = reader.take_text("metric", "*");
  out.reason = reader.take_text("reason", "");
  out.by = reader.take_text("by", "");
  out.asked = date;
  reader.finish();
  if (out.suite.empty() || out.row.empty() || out.reason.empty()) {
    fail_at(node.place, "[accept.\"" + date + "\"]: expected suite, cell and reason, each a text");
  }
  return out;
}

}  // namespace

std::vector<Acceptance> read_acceptance_file(const fs::path& file) {
  const TomlNode root = read_toml_file(file);
  std::vector<Acceptance> out;
  for (const std::string& name : root.keys()) {
    const TomlNode& dates = root.table.at(name);
    if (name != kTable)
      fail_at(dates.place, "unknown '" + name + "': a file of accepted shifts holds [accept.\"DATE\"] alone");
    require_table(dates, "[accept]", "write [accept.\"2026-12-02T05:50:00Z\"]");
    for (const std::string& date : dates.keys()) out.push_back(read_one(dates.table.at(date), date));
  }
  return out;
}

void add_to_acceptance_file(const fs::path& file, const Acceptance& acceptance) {
  std::error_code none;
  std::vector<Acceptance> before;
  std::string text = kHead;
  if (fs::exists(file, none)) {
    before = read_acceptance_file(file);
    text = read_file(file);
  }
  const auto taken = [&](const std::string& date) {
    return std::any_of(before.begin(), before.end(), [&](const Acceptance& each) { return each.asked == date; });
  };
  std::time_t now = unix_seconds();
  while (taken(utc_text(now))) ++now;
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += "\n[accept.\"" + utc_text(now) + "\"]\n";
  text += "suite = " + toml_string(acceptance.suite) + "\ncell = " + toml_string(acceptance.row) +
          "\nmetric = " + toml_string(acceptance.measure) + "\nreason = " + toml_string(acceptance.reason) + "\n";
  if (!acceptance.by.empty()) text += "by = " + toml_string(acceptance.by) + "\n";
  write_atomically(file, text);
}

std::vector<Acceptance> pending(const std::vector<Acceptance>& asked, const History& history,
                                const std::string& suite) {
  std::vector<Acceptance> out;
  for (const Acceptance& each : asked) {
    const bool held = std::any_of(history.accepted.begin(), history.accepted.end(),
                                  [&](const Acceptance& known) { return known.same_request(each); });
    if (!held && each.suite == suite) out.push_back(each);
  }
  return out;
}

}  // namespace sslbench
