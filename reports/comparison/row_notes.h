// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace sslbench {

// Notes with the rows that each one is about, each note once.
class RowNotes {
 public:
  void add(const std::string& note, const std::string& row) {
    auto& rows = rows_of_[note];
    if (rows.empty()) order_.push_back(note);
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }

  // In the order of their first rows; named by row unless all `rows` of them have it.
  std::vector<std::string> texts(size_t rows) const {
    std::vector<std::string> out;
    for (const std::string& note : order_) {
      std::string owners;
      for (const std::string& row : rows_of_.at(note)) owners += (owners.empty() ? "" : ", ") + row;
      out.push_back(rows_of_.at(note).size() == rows ? note : owners + ": " + note);
    }
    return out;
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::vector<std::string>> rows_of_;
};

}  // namespace sslbench
