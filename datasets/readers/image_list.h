// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "datasets/format.h"
#include "suites/spec/csv.h"

namespace sslbench {

// Rows of a CSV text, whose fields are separated by the commas, semicolons or tabs of its first line and lose the
// blanks around them; rows without any content are left out. RunFailure(data) naming `file` and line.
std::vector<CsvRow> read_csv(std::string_view text, const std::filesystem::path& file);

// How a list names pictures: below one more folder, or without their ending, where nothing else is there.
struct NamingScheme {
  std::string folder, ending;
  // The path below the set's folder that a field means.
  std::string path_of(const std::filesystem::path& root, const std::string& field) const;
};

struct ListColumns {
  size_t path = 0, label = 1, split = 2;
  bool named = false;  // the first row is their names
  NamingScheme scheme;
  int64_t found = 0;  // fields of `path`, of the first thousand rows, that are pictures of the folder
};

// Which columns say what: by their names, else by what is a file. RunFailure(data) where a list holds boxes, or more
// columns than can be told apart.
ListColumns columns_of(const std::vector<CsvRow>& rows, const std::filesystem::path& root,
                       const std::filesystem::path& list);

}  // namespace sslbench
