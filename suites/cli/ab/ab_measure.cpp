// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/ab/ab_measure.h"

#include <algorithm>
#include <iostream>
#include <system_error>

#include "reports/text/number_text.h"
#include "suites/cli/commands/output_place.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/sha256.h"
#include "suites/plan/plan.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool has_row(const Suite& suite, const std::string& row) {
  return std::any_of(suite.methods.begin(), suite.methods.end(),
                     [&](const MethodRow& each) { return each.row == row; });
}

// Of both suites and asked for; UserError when there is none, or a pattern that matches none.
std::vector<std::string> rows_of(const Suite& old_suite, const Suite& new_suite,
                                 const std::vector<std::string>& asked) {
  std::vector<std::string> both, out;
  for (const MethodRow& each : old_suite.methods) {
    if (has_row(new_suite, each.row)) both.push_back(each.row);
  }
  std::string names;
  for (const std::string& row : both) names += (names.empty() ? "" : ", ") + row;
  if (both.empty()) throw UserError("ab: the two suites have no row in common");
  for (const std::string& pattern : asked) {
    if (std::none_of(both.begin(), both.end(), [&](const auto& row) { return row_matches(row, {pattern}); })) {
      throw UserError("ab: no row matches --rows " + pattern + "; rows to compare: " + names);
    }
  }
  std::copy_if(both.begin(), both.end(), std::back_inserter(out),
               [&](const std::string& row) { return row_matches(row, asked); });
  return out;
}

json side_json(const AbContestant& side) { return {{"worker", side.build.digest}, {"suite", side.suite_digest}}; }

// A folder belongs to one comparison: rounds and rows may be added, nothing else may change.
void claim(const AbMatch& match) {
  const fs::path file = match.out / "ab.json";
  const json own = {{"schema", "sslbench.ab.folder/1"},
                    {"old", side_json(match.old_side)},
                    {"new", side_json(match.new_side)},
                    {"set", match.options.sets},
                    {"device", match.options.device},
                    {"threads", match.options.threads ? json(*match.options.threads) : json(nullptr)},
                    {"first_seed", match.first_seed}};
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return write_atomically(file, own.dump(1) + "\n");
  json held;
  try {
    held = parse_foreign_json(read_file(file));
  } catch (const json::exception&) {  // none of ours
  }
  if (held == own) return;
  std::string changed;
  for (const auto& [key, value] : own.items()) {
    if (!held.is_object() || held.value(key, json()) != value) changed += (changed.empty() ? "" : ", ") + key;
  }
  throw UserError("ab: " + match.out.string() + " holds another comparison (it differs in: " + changed +
                  "); name a new folder with --output, or delete that one");
}

FileLock lock_of(const fs::path& out) {
  std::string holder;
  std::error_code error;
  fs::create_directories(out, error);
  if (error) throw UserError("ab: " + out.string() + " cannot be written: " + error.message());
  if (auto lock = FileLock::try_take(out / ".lock", holder)) return std::move(*lock);
  throw UserError("ab: " + out.string() + " is in use by " + holder + "; wait for it, or name another with --output");
}

AbMatch match_of(const AbOptions& options, AbInput& input) {
  AbMatch match;
  match.options = options;
  match.rounds = options.rounds;
  match.old_side.build = find_build(options.old_build);
  match.new_side.build = find_build(options.new_build);
  match.old_side.suite = fs::absolute(find_suite(options.suite));
  match.new_side.suite = fs::absolute(find_suite(options.new_suite.empty() ? options.suite : options.new_suite));
  const Catalog catalog = load_catalog();
  const Suite old_suite = read_suite(match.old_side.suite, options.sets, catalog),
              new_suite = read_suite(match.new_side.suite, options.sets, catalog);
  match.old_side.suite_digest = sha256_hex(old_suite.text);
  match.new_side.suite_digest = sha256_hex(new_suite.text);
  match.rows = rows_of(old_suite, new_suite, options.rows);
  match.first_seed = old_suite.seeds.front();
  match.out = fs::absolute(options.out.empty() ? fs::path("results") / "ab" / old_suite.name : fs::path(options.out));
  expect_writable_place(match.out);
  expect_utf8(match.out);
  input.suite = old_suite.name;
  input.old_side.name = options.old_build;
  input.new_side.name = options.new_build;
  if (!options.new_suite.empty()) {
    input.old_side.name += " with " + options.suite;
    input.new_side.name += " with " + options.new_suite;
  }
  input.margin = options.margin;
  input.rules = new_suite.gate;
  return match;
}

}  // namespace

AbMeasured measure_ab(const AbOptions& options) {
  AbMeasured out;
  out.match = match_of(options, out.input);
  const FileLock lock = lock_of(out.match.out);
  claim(out.match);
  std::cerr << "ab: " << counted(out.match.rows.size(), "row") << ", " << out.match.rounds
            << " rounds of two runs that take turns; runs in " << out.match.out.string() << "\n";
  out.ending = carry_out_rounds(out.match, out.input);
  return out;
}

}  // namespace sslbench
