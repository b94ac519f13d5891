// SPDX-License-Identifier: Apache-2.0
// The zip archive of a model from elsewhere, as far as it is looked at before LibTorch may load it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "methods/foreign/model_facts.h"

namespace sslbench {

class ModelArchive {
 public:
  // UserError when `file` is no regular file or no archive that LibTorch reads; `what` says what was expected there.
  ModelArchive(const std::filesystem::path& file, const std::string& what);
  ~ModelArchive();
  ModelArchive(const ModelArchive&) = delete;
  ModelArchive& operator=(const ModelArchive&) = delete;

  const std::string& file() const { return file_; }
  // Names without the archive's root folder.
  const std::vector<std::string>& records() const { return records_; }
  int64_t size(const std::string& record) const;
  // UserError when there is none of that name, or when it is longer than `most` bytes.
  std::string text(const std::string& record, int64_t most) const;
  // What scripts/export-model wrote.
  ModelFacts facts() const;
  // UserError that names the file.
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  struct Reader;
  std::string file_;
  std::unique_ptr<Reader> reader_;
  std::vector<std::string> records_;
};

}  // namespace sslbench
