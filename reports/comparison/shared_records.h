// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

// The records behind a comparison, which its parts share.
class SharedRecords {
 public:
  SharedRecords() = default;
  explicit SharedRecords(std::vector<Record> records)
      : records_(std::make_shared<std::vector<Record>>(std::move(records))) {}

  operator const std::vector<Record>&() const { return *records_; }
  const Record& operator[](size_t i) const { return (*records_)[i]; }
  auto begin() const { return std::as_const(*records_).begin(); }
  auto end() const { return std::as_const(*records_).end(); }
  size_t size() const { return records_->size(); }

  // To add what only pages show, before anything reads it.
  Record& change(size_t i) { return (*records_)[i]; }

 private:
  std::shared_ptr<std::vector<Record>> records_ = std::make_shared<std::vector<Record>>();
};

}  // namespace sslbench
