// SPDX-License-Identifier: Apache-2.0
#include "reports/history/history.h"

#include <fnmatch.h>

#include <algorithm>
#include <system_error>
#include <tuple>

#include "reports/text/escape.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/sha256.h"
#include "suites/ground/wall_clock.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kAcceptedSchema = "sslbench.accepted/1";
constexpr size_t kCommitDigits = 12, kDigestDigits = 12;
constexpr uintmax_t kLargestFile = 64 << 20;

// 2026-11-23T04:10:00Z -> 20261123T041000Z
std::string compact(std::string utc) {
  std::erase_if(utc, [](char c) { return c == '-' || c == ':'; });
  return utc;
}

std::string digest_of(json content) {
  content.erase("created");
  return sha256_hex(content.dump()).substr(0, kDigestDigits);
}

// The file in `folder` that ends with this digest, or an empty path.
fs::path with_digest(const fs::path& folder, const std::string& digest) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().filename().string().ends_with("-" + digest + ".json")) return entry.path();
  }
  return {};
}

Acceptance acceptance_from(const json& j) {
  return {.suite = j.at("suite"),
          .created = j.at("created"),
          .row = j.at("row"),
          .measure = j.at("measure"),
          .reason = j.at("reason"),
          .by = j.at("by"),
          .asked = j.value("asked", "")};
}

json acceptance_json(const Acceptance& a) {
  json out = {
      {"schema", kAcceptedSchema}, {"suite", a.suite}, {"created", a.created}, {"row", a.row}, {"measure", a.measure},
      {"reason", a.reason},        {"by", a.by}};
  if (!a.asked.empty()) out["asked"] = a.asked;
  return out;
}

fs::path accept_at(const fs::path& store, Acceptance acceptance, std::time_t when) {
  acceptance.created = utc_text(when);
  const json content = acceptance_json(acceptance);
  const fs::path below = fs::path(file_name(acceptance.suite)) / "accepted" /
                         (compact(acceptance.created) + "-" + digest_of(content) + ".json");
  expect_no_link_below(store, below);
  const fs::path file = store / below;
  write_atomically(file, content.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  return file;
}

void read_one(const fs::path& file, const std::string& suite, History& out) {
  std::error_code none;
  if (fs::file_size(file, none) > kLargestFile)
    throw UserError(file.string() + ": over 64 MB: not a record of history");
  const json content = parse_foreign_json(read_file(file));
  if (content.is_object() && content.value("schema", json()) == kAcceptedSchema) {
    Acceptance read = acceptance_from(content);
    if (suite.empty() || read.suite == suite) out.accepted.push_back(std::move(read));
    return;
  }
  Snapshot read = snapshot_from_json(content, file.string());
  if (suite.empty() || read.suite == suite) out.runs.push_back(std::move(read));
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(folder, error); at != fs::recursive_directory_iterator();
       at.increment(error)) {
    if (error) break;
    if (at->is_regular_file(error) && at->path().extension() == ".json") out.push_back(at->path());
  }
  std::sort(out.begin(), out.end(), [](const fs::path& a, const fs::path& b) {
    return a.filename() != b.filename() ? a.filename() < b.filename() : a < b;
  });
  return out;
}

}  // namespace

bool Acceptance::matches(const SnapshotCell& cell) const {
  return ::fnmatch(row.c_str(), cell.row.c_str(), 0) == 0 && ::fnmatch(measure.c_str(), cell.measure().c_str(), 0) == 0;
}

bool Acceptance::same_request(const Acceptance& other) const {
  const auto content = [](const Acceptance& a) { return std::tie(a.suite, a.row, a.measure, a.reason, a.by, a.asked); };
  return content(*this) == content(other);
}

const Acceptance* History::accepted_of(const SnapshotCell& cell) const {
  const Acceptance* latest = nullptr;
  for (const Acceptance& acceptance : accepted) {
    if (acceptance.matches(cell) && (latest == nullptr || acceptance.created >= latest->created)) latest = &acceptance;
  }
  return latest;
}

void History::accept_for_now(std::vector<Acceptance> asked) {
  for (Acceptance& each : asked) {
    each.created = utc_now();
    each.pending = true;
    accepted.push_back(std::move(each));
  }
}

History read_history(const fs::path& store, const std::string& suite) {
  std::error_code error;
  if (!fs::is_directory(store, error)) {
    throw UserError("no history at '" + store.string() + "'; `sslbench history record DIR --history STORE` starts one");
  }
  History out;
  for (const fs::path& file : files_of(store)) {
    try {
      read_one(file, suite, out);
    } catch (const UserError& mistake) {
      out.warnings.push_back(mistake.what());
    } catch (const json::exception& mistake) {
      out.warnings.push_back(file.string() + ": not a record of history: " + visible_text(json_mistake(mistake)));
    } catch (const std::exception& mistake) {  // unreadable
      out.warnings.push_back(file.string() + ": not a record of history: " + visible_text(mistake.what()));
    }
  }
  const auto earlier = [](const auto& a, const auto& b) { return a.created < b.created; };
  std::stable_sort(out.runs.begin(), out.runs.end(), earlier);
  std::stable_sort(out.accepted.begin(), out.accepted.end(), earlier);
  return out;
}

Recorded record_in_history(const fs::path& store, Snapshot snapshot) {
  if (snapshot.cells.empty()) {
    throw UserError("history record: no finished measurement to record; run the suite to its end first");
  }
  snapshot.created = utc_now();
  const json content = snapshot_to_json(snapshot);
  const std::string digest = digest_of(content), machine = file_name(snapshot.machine_class);
  const fs::path below = fs::path(file_name(snapshot.suite)) / (machine.empty() ? "unknown" : machine);
  const fs::path folder = store / below;
  const fs::path before = with_digest(folder, digest);
  if (!before.empty()) return {before, false};
  const std::string commit = file_name(snapshot.shown_commit().substr(0, kCommitDigits));
  const fs::path file = folder / (compact(snapshot.created) + "-" + commit + "-" + digest + ".json");
  expect_no_link_below(store, below / file.filename());
  write_atomically(file, content.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  return {file, true};
}

fs::path accept_in_history(const fs::path& store, Acceptance acceptance) {
  return accept_at(store, std::move(acceptance), unix_seconds());
}

fs::path accept_before_record(const fs::path& store, Acceptance acceptance) {
  return accept_at(store, std::move(acceptance), unix_seconds() - 1);
}

}  // namespace sslbench
