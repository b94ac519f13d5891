// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_index.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "reports/record/hdf5/record_guard.h"
#include "reports/record/hdf5/record_tail.h"
#include "reports/record/index_file.h"
#include "reports/record/record_store.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t kSettled = 2'000'000'000;  // ns since its last change, after which a time of change is one's own

struct Listed {
  fs::path file;
  FileStamp stamp;
  bool regular = false;
};

std::vector<Listed> listed(const fs::path& folder, std::map<std::string, int64_t>& weights) {
  std::vector<Listed> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool record = name.ends_with(".h5") && name[0] != '.', backbone = name.ends_with(".safetensors");
    struct stat status {};
    if (!(record || backbone) || ::stat(entry.path().c_str(), &status) != 0) continue;
    if (backbone) weights[entry.path().stem().string()] = status.st_size;
    if (!record) continue;
    const int64_t changed = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    out.push_back({entry.path(), {status.st_size, changed}, S_ISREG(status.st_mode)});
  }
  std::sort(out.begin(), out.end(), [](const Listed& a, const Listed& b) { return a.file < b.file; });
  return out;
}

// In a child.
std::string read_brief(const fs::path& file) { return brief_text(brief_record(read_record(file, RecordParts::brief))); }

// Whoever reads a file from elsewhere may come to harm and send nonsense.
BriefRecord heard(const std::string& text, const fs::path& file, SettingsTexts& texts) {
  try {
    const size_t end = text.find('\n');
    BriefRecord out = brief_from_json(parse_foreign_json(std::string_view(text).substr(end + 1)));
    if (end != std::string::npos && end > 0) out.settings = texts.one(text.substr(0, end));
    if (out.run != file.stem()) throw UserError(file.string() + " is the record of another run, " + printable(out.run));
    return out;
  } catch (const json::exception&) {
    throw UserError(file.string() + " is not a record that this build can read");
  }
}

// What a record of this build says of itself; none sends to the record.
std::optional<BriefRecord> told_by_itself(const fs::path& file, const std::string& build, SettingsTexts& texts) {
  const std::optional<std::string> text = tail_of(file, RecordTail::brief, build);
  if (!text) return {};
  try {
    return heard(*text, file, texts);
  } catch (const UserError&) {
    return {};
  }
}

int64_t now() {
  struct timespec time {};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

RecordIndex index_records(const fs::path& out) {
  RecordIndex index;
  std::map<std::string, int64_t> weights;
  const std::vector<Listed> files = listed(out / "runs", weights);
  const IndexFile kept(out, files.size() >= kFewestKept);
  SettingsTexts texts;
  KnownRecords known = kept.read(texts);
  const int64_t settled = now() - kSettled;

  std::vector<fs::path> unknown;
  std::map<std::string, BriefRecord> told;
  const std::string build = build_id();
  for (const Listed& each : files) {
    if (!each.regular || known.find(each.file.stem().string(), each.stamp) != nullptr) continue;
    ++index.opened;
    if (auto brief = told_by_itself(each.file, build, texts)) {
      told.emplace(each.file.stem().string(), std::move(*brief));
    } else {
      unknown.push_back(each.file);
    }
  }
  RecordGuard guard(unknown, [&](size_t i) { return read_brief(unknown[i]); });
  KnownRecords next;
  for (const Listed& each : files) {
    const std::string stem = each.file.stem().string();
    try {
      if (!each.regular) throw UserError(each.file.string() + " is no regular file; remove it");
      const BriefRecord* brief = known.find(stem, each.stamp);
      const auto own = told.find(stem);
      if (brief == nullptr && own != told.end()) brief = &own->second;
      IndexedRecord record{each.file, brief != nullptr ? *brief : heard(guard.take(), each.file, texts),
                           each.stamp.bytes};
      if (weights.contains(stem)) record.weights_bytes = weights.at(stem);
      if (each.stamp.changed < settled) next.add(stem, each.stamp, record.brief);
      index.records.push_back(std::move(record));
    } catch (const UserError& error) {
      index.refused.emplace_back(error.what());
    }
  }
  if (index.opened > 0 || next.size() != known.size()) kept.write(next);
  return index;
}

}  // namespace sslbench
