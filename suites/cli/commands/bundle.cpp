// SPDX-License-Identifier: Apache-2.0
// sslbench bundle DIR -o FILE: one archive with all that another machine needs to check and to report these results:
// plan, records and weights, and nothing else that lies under such a name.
// The same results give the same bytes.
#include <archive.h>
#include <archive_entry.h>

#include <iostream>
#include <map>
#include <memory>
#include <system_error>

#include "reports/record/environment.h"
#include "reports/record/planned_records.h"
#include "reports/record/record_store.h"
#include "reports/record/weights_file.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/results_place.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".tar.gz";

struct FreeArchive {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

// A gzip-compressed tar whose entries carry neither times nor owners.
class TarWriter {
 public:
  explicit TarWriter(int descriptor) : writer_(archive_write_new()) {
    archive_write_set_format_pax_restricted(writer_.get());
    archive_write_add_filter_gzip(writer_.get());
    check(archive_write_set_filter_option(writer_.get(), "gzip", "timestamp", nullptr));
    check(archive_write_open_fd(writer_.get(), descriptor));
  }
  void add(const std::string& name, const std::string& bytes) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    check(archive_write_header(writer_.get(), entry.get()));
    if (archive_write_data(writer_.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) {
      check(ARCHIVE_FATAL);
    }
  }
  void finish() { check(archive_write_close(writer_.get())); }

 private:
  void check(int status) {
    if (status == ARCHIVE_OK) return;
    const char* reason = archive_error_string(writer_.get());
    throw UserError(std::string("bundle: the archive cannot be written: ") +
                    (reason == nullptr ? "no reason" : reason));
  }
  std::unique_ptr<archive, FreeArchive> writer_;
};

// Without what only a person who trained the run needs; where it was carried out is nobody else's business.
std::string small_record(const fs::path& file) {
  Record record = read_record(file);
  for (const char* key : {"out", "data_root"}) {
    if (record.effective.is_object() && record.effective.contains(key)) record.effective[key] = ".";
  }
  for (StageRecord& stage : record.stages) {
    stage.samples.clear();
    stage.class_names.clear();
    stage.features = {};
    stage.hashes.clear();
    std::erase_if(stage.curves, [](const auto& curve) { return curve.first != "loss"; });
  }
  return record_bytes(record);
}

std::string small_plan(Plan plan) {
  for (RunSpec& run : plan.runs) run.out = run.data_root = ".";
  return plan_to_json(plan).dump(1) + "\n";
}

// A folder from elsewhere may hold links to what is nobody else's business.
void expect_own_file(const fs::path& file) {
  std::error_code none;
  if (fs::is_regular_file(fs::symlink_status(file, none))) return;
  throw UserError("bundle: " + file.string() + " is no regular file, and links are not followed; remove it");
}

// UserError about the first file under a run's name that is no record of that run, or no weights.
void expect_results_only(const Plan& plan, const BundleOptions& options) {
  const fs::path folder = options.folder;
  expect_no_link(folder / "runs");
  expect_own_file(folder / "plan.json");
  std::error_code none;
  for (const RunSpec& run : plan.runs) {
    if (fs::exists(fs::symlink_status(run.record_file(), none))) expect_own_file(run.record_file());
    if (!options.weights || !fs::exists(fs::symlink_status(run.backbone_file(), none))) continue;
    expect_own_file(run.backbone_file());
    try {
      expect_weights(run.backbone_file());
    } catch (const RunFailure& failure) {
      throw UserError(std::string("bundle: ") + failure.what());
    }
  }
  const auto take = [](const RunSpec&, const std::optional<Record>&, const std::string& refused) {
    if (!refused.empty()) throw UserError("bundle: " + refused);
  };
  read_planned_records(folder, plan, {RecordParts::headline, RecordParts::headline}, take);
}

// Every file of the bundle but the checksums: where from, or its content.
struct Content {
  fs::path file;  // "" = `text`
  std::string text;
  std::string bytes() const { return file.empty() ? text : read_file(file); }
};

std::map<std::string, Content> contents_of(const Plan& plan, const BundleOptions& options) {
  std::map<std::string, Content> out;
  out["plan.json"] = {fs::path(options.folder) / "plan.json", ""};
  out["environment.json"] = {"", environment().dump(1) + "\n"};
  if (options.small) out["plan.json"] = {"", small_plan(plan)};
  if (!plan.suite_text.empty()) out["suite.toml"] = {"", plan.suite_text};
  std::error_code none;
  for (const RunSpec& run : plan.runs) {
    if (fs::exists(run.record_file(), none)) {
      Content& record = out["runs/" + run.record_file().filename().string()];
      if (options.small) {
        record.text = small_record(run.record_file());
      } else {
        record.file = run.record_file();
      }
    }
    if (options.weights && fs::exists(run.backbone_file(), none)) {
      out["runs/" + run.backbone_file().filename().string()] = {run.backbone_file(), ""};
    }
  }
  return out;
}

}  // namespace

ExitCode bundle_results(const BundleOptions& options) {
  const Plan plan = plan_in(options.folder, "bundle");
  const fs::path out = options.out;
  const std::string name = out.filename().string();
  if (!name.ends_with(kSuffix) || name.size() == std::string_view(kSuffix).size()) {
    throw UserError("bundle: '" + options.out + "' does not end in " + kSuffix + "; name it FILE" + kSuffix);
  }
  const std::string top = name.substr(0, name.size() - std::string_view(kSuffix).size()) + "/";
  expect_results_only(plan, options);
  const std::map<std::string, Content> contents = contents_of(plan, options);
  try {
    AtomicFile target(out);
    TarWriter writer(target.descriptor());
    std::string checksums;
    for (const auto& [path, content] : contents) {
      const std::string bytes = content.bytes();
      checksums += sha256_hex(bytes) + "  " + path + "\n";
      writer.add(top + path, bytes);
    }
    writer.add(top + kChecksums, checksums);
    writer.finish();
    target.publish();
  } catch (const std::system_error& error) {
    throw UserError(std::string("bundle: ") + error.what());
  }
  std::cout << out.string() << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
