// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sslbench {

inline constexpr size_t kMostNamesInLine = 40;

// "a, b, c", and how many more than kMostNamesInLine.
inline std::string some_names(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size() && i < kMostNamesInLine; ++i) out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostNamesInLine ? out + " and " + std::to_string(names.size() - kMostNamesInLine) + " more"
                                         : out;
}

// Notes with the rows that each one is about, each note once.
class RowNotes {
 public:
  void add(const std::string& note, const std::string& row) {
    auto& rows = rows_of_[note];
    if (rows.empty()) order_.push_back(note);
    if (known_.emplace(note, row).second) rows.push_back(row);
  }

  // In the order of their first rows; named by row unless all `rows` of them have it.
  std::vector<std::string> texts(size_t rows) const {
    std::vector<std::string> out;
    for (const std::string& note : order_) {
      const std::vector<std::string>& owners = rows_of_.at(note);
      out.push_back(owners.size() == rows ? note : some_names(owners) + ": " + note);
    }
    return out;
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::vector<std::string>> rows_of_;
  std::set<std::pair<std::string, std::string>> known_;  // note, row
};

}  // namespace sslbench
