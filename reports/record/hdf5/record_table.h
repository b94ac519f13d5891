// SPDX-License-Identifier: Apache-2.0
// Rows of a struct as a compound table and back: a column is a name and a pointer to a member. Which columns a
// measurement has: record_store.cpp.
#pragma once

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "reports/record/hdf5/hdf5_table.h"
#include "suites/ground/error.h"
#include "suites/ground/shared_text.h"

namespace sslbench {

template <class Row>
struct TableField {
  const char* name;
  std::variant<std::string Row::*, SharedText Row::*, int64_t Row::*, double Row::*> member;
  size_t width = 0;       // bytes, text only
  bool optional = false;  // younger than the first files of its schema
};

// What a table holds of a member of type T.
template <class T>
using InTable = std::conditional_t<std::is_same_v<T, SharedText>, std::string, T>;

template <class Row>
Table to_table(const std::vector<const Row*>& rows, const std::vector<TableField<Row>>& fields) {
  Table table;
  for (const TableField<Row>& field : fields) {
    std::visit(
        [&](auto member) {
          std::vector<InTable<std::decay_t<decltype(Row().*member)>>> values;
          values.reserve(rows.size());
          for (const Row* row : rows) values.push_back(row->*member);
          table.push_back({field.name, std::move(values), field.width});
        },
        field.member);
  }
  return table;
}

template <class Row>
Table to_table(const std::vector<Row>& rows, const std::vector<TableField<Row>>& fields) {
  std::vector<const Row*> pointers;
  for (const Row& row : rows) pointers.push_back(&row);
  return to_table(pointers, fields);
}

// Columns are found by name, in any order; others are left alone. A missing one that is not optional, or one of another
// type, is a UserError.
template <class Row>
std::vector<Row> from_table(const Table& table, const std::vector<TableField<Row>>& fields, const std::string& where) {
  std::vector<Row> rows;
  for (const TableField<Row>& field : fields) {
    const auto column =
        std::find_if(table.begin(), table.end(), [&](const TableColumn& c) { return c.name == field.name; });
    if (column == table.end() && field.optional) continue;
    if (column == table.end()) throw UserError(where + ": no column '" + field.name + "'");
    std::visit(
        [&](auto member) {
          const auto* values =
              std::get_if<std::vector<InTable<std::decay_t<decltype(Row().*member)>>>>(&column->values);
          if (values == nullptr) throw UserError(where + ": column '" + field.name + "' has another type");
          rows.resize(values->size());
          for (size_t i = 0; i < rows.size(); ++i) rows[i].*member = (*values)[i];
        },
        field.member);
  }
  return rows;
}

}  // namespace sslbench
