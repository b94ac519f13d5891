// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/format.h"
#include "suites/files/csv.h"

namespace sslbench {

// Rows of a CSV text, whose fields are separated by the commas, semicolons or tabs of its first line and lose the
// blanks around them; rows without any content are left out. RunFailure(data) naming `file` and line.
std::vector<CsvRow> read_csv(std::string_view text, const std::filesystem::path& file);

inline constexpr int64_t kMaxListBytes = int64_t{1} << 30;

struct ImageList {
  std::filesystem::path file;
  Split split = Split::train;  // of rows that say none
};

// The lists of a folder: its only table, or those of splits where train has one.
std::vector<ImageList> image_lists_in(const std::filesystem::path& folder);

// Whether a folder's lists, and not its folders, are the labels: they name pictures of it (tables of other things may
// lie in any set), and its folders are no classes, or parts by name and number, or the lists hold boxes or other
// labels.
bool lists_label_pictures(const std::filesystem::path& folder);

// RunFailure(data) where lists say other labels than class folders do: either may be meant.
void refuse_two_meanings(const std::filesystem::path& folder);

// Tables of a folder that name pictures of it, whatever they say of them.
std::vector<std::string> tables_of_pictures(const std::filesystem::path& folder);

// How a list names pictures: below one more folder, or without their ending, where nothing else is there.
struct NamingScheme {
  std::string folder, ending;
  // The path below the set's folder that a field means.
  std::string path_of(const std::filesystem::path& root, const std::string& field) const;
};

struct ListColumns {
  size_t path = 0, label = 1, split = 2;
  bool named = false;  // the first row is their names
  bool sure = false;   // it calls the label so
  NamingScheme scheme;
  int64_t found = 0;  // fields of `path`, of the first thousand rows, that are pictures of the folder
};

// The column of boxes that a row of names has, or npos.
size_t box_column(const std::vector<std::string>& header);

// Which columns say what: by their names, else by what is a file. RunFailure(data) where a list holds boxes, or more
// columns than can be told apart.
ListColumns columns_of(const std::vector<CsvRow>& rows, const std::filesystem::path& root,
                       const std::filesystem::path& list);

}  // namespace sslbench
