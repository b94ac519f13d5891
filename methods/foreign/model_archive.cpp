// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/model_archive.h"

#include <c10/util/Exception.h>
#include <caffe2/serialize/inline_container.h>

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFacts = "extra/sslbench.json";
constexpr int64_t kMostFactBytes = int64_t{64} << 20;
constexpr size_t kMostRecords = 200'000;

}  // namespace

struct ModelArchive::Reader {
  explicit Reader(const std::string& file) : zip(file) {}
  caffe2::serialize::PyTorchStreamReader zip;
};

ModelArchive::ModelArchive(const fs::path& file, const std::string& what) : file_(file.string()) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    refuse(fs::exists(file, error) ? "not a regular file; expected " + what : "no such file; expected " + what);
  }
  try {
    reader_ = std::make_unique<Reader>(file_);
    records_ = reader_->zip.getAllRecords();
  } catch (const c10::Error& failure) {
    refuse("expected " + what + ", which is a zip archive: " + first_line(failure.what_without_backtrace()));
  }
  if (records_.size() > kMostRecords) refuse("an archive of " + std::to_string(records_.size()) + " files");
}

ModelArchive::~ModelArchive() = default;

void ModelArchive::refuse(const std::string& why) const { throw UserError(file_ + ": " + why); }

int64_t ModelArchive::size(const std::string& record) const {
  try {
    return static_cast<int64_t>(reader_->zip.getRecordSize(record));
  } catch (const c10::Error&) {
    refuse("lacks " + short_value(record));
  }
}

std::string ModelArchive::text(const std::string& record, int64_t most) const {
  const int64_t bytes = size(record);
  if (bytes < 0 || bytes > most) refuse(short_value(record) + " in it has " + std::to_string(bytes) + " bytes");
  try {
    std::string out(static_cast<size_t>(bytes), '\0');
    out.resize(reader_->zip.getRecord(record, out.data(), out.size()));
    return out;
  } catch (const c10::Error& failure) {
    refuse(short_value(record) + " in it cannot be read: " + first_line(failure.what_without_backtrace()));
  }
}

ModelFacts ModelArchive::facts() const {
  if (std::find(records_.begin(), records_.end(), kFacts) == records_.end()) {
    refuse("carries no example to prove itself by; write it with scripts/export-model");
  }
  return model_facts(text(kFacts, kMostFactBytes), file_);
}

}  // namespace sslbench
