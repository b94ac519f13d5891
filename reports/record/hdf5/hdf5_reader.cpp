// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/hdf5_reader.h"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "reports/record/hdf5/hdf5_layout.h"
#include "reports/record/hdf5/hdf5_library.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr size_t kLargestText = size_t{4} << 20;
constexpr size_t kLargestAttribute = 1 << 16;
constexpr uint64_t kBytesOfCell = 64;  // a text's or number's own, beside what it says
constexpr size_t kMostRank = 3;

std::string library_reason() {
  const std::string reason = hdf5_reason();
  return reason.empty() ? "HDF5 gives no reason" : reason;
}

std::string until_nul(const char* text, size_t width) { return std::string(text, strnlen(text, width)); }

// What H5Literate finds; an exception waits until the library has returned.
struct Names {
  std::vector<std::string> found;
  std::exception_ptr failed;
};

herr_t collect_name(hid_t, const char* name, const H5L_info_t* info, void* into) noexcept {
  auto& names = *static_cast<Names*>(into);
  try {
    if (info->type == H5L_TYPE_HARD) names.found.emplace_back(name);
    return 0;
  } catch (...) {
    names.failed = std::current_exception();
    return -1;
  }
}

bool is_hard_link(int64_t group, const std::string& name) {
  H5L_info_t info;
  return group >= 0 && H5Lexists(group, name.c_str(), H5P_DEFAULT) > 0 &&
         H5Lget_info(group, name.c_str(), &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

TableColumn empty_column(const std::string& name, hid_t type, size_t rows) {
  TableColumn column{name, std::vector<double>(rows), 0};
  if (H5Tget_class(type) == H5T_INTEGER) column.values = std::vector<int64_t>(rows);
  if (H5Tget_class(type) == H5T_STRING) {
    column.values = std::vector<std::string>(rows);
    column.width = H5Tget_size(type);
  }
  return column;
}

void unpack_column(const std::vector<char>& rows, size_t offset, size_t row_bytes, TableColumn& column) {
  if (rows.empty()) return;
  const char* from = rows.data() + offset;
  const auto unpack = [&](auto& values) {
    for (auto& value : values) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
        value = until_nul(from, column.width);
      } else {
        std::memcpy(&value, from, sizeof value);
      }
      from += row_bytes;
    }
  };
  std::visit(unpack, column.values);
}

bool holds_utf8(const TableColumn& column) {
  const auto* texts = std::get_if<std::vector<std::string>>(&column.values);
  return texts == nullptr ||
         std::all_of(texts->begin(), texts->end(), [](const std::string& text) { return is_utf8(text); });
}

}  // namespace

// A dataset with its type and extent.
struct Hdf5Reader::Opened {
  Hdf5Handle dataset, type;
  std::vector<uint64_t> shape;
  uint64_t items = 1;
};

void Hdf5Reader::refuse(const std::string& reason) const {
  throw UserError(name_ + " is not a record that this build can read: " + reason +
                  "; delete the file or take it from a copy");
}

Hdf5Reader::Hdf5Reader(const std::filesystem::path& file) : lock_(hdf5_mutex()), name_(file.string()) {
  const std::string reason = why_not_ours(file);
  if (!reason.empty()) refuse(reason);
  begin_hdf5();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // A published record never changes, so no lock is needed; read-only folders have none to give.
  if (access.id() < 0 || H5Pset_file_locking(access.id(), false, true) < 0 ||
      H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG) < 0) {
    refuse(library_reason());
  }
  file_ = Hdf5Handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  if (file_.id() < 0) refuse(library_reason());
}

int64_t Hdf5Reader::group(const std::string& path) const {
  if (path.empty()) return file_.id();
  const auto known = groups_.find(path);
  if (known != groups_.end()) return known->second.id();
  const auto [parent, name] = place_of(path);
  Hdf5Handle opened;
  if (is_hard_link(parent, name)) opened = Hdf5Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose);
  return groups_.emplace(path, std::move(opened)).first->second.id();
}

Hdf5Reader::Place Hdf5Reader::place_of(const std::string& path) const {
  const size_t slash = path.rfind('/');
  return {group(path.substr(0, slash)), path.substr(slash + 1)};
}

bool Hdf5Reader::has(const std::string& path) const {
  const auto [parent, name] = place_of(path);
  return is_hard_link(parent, name);
}

std::vector<std::string> Hdf5Reader::names(const std::string& path) const {
  Names names;
  if (!has(path)) return names.found;
  const herr_t status = H5Literate(group(path), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names);
  if (names.failed) std::rethrow_exception(names.failed);
  if (status < 0) refuse("group " + path + ": " + library_reason());
  for (const std::string& name : names.found) {
    if (!is_utf8(name)) refuse("group " + path + ": the name '" + name + "' is not UTF-8");
  }
  return names.found;
}

bool Hdf5Reader::has_attribute(const std::string& name) const { return H5Aexists(file_.id(), name.c_str()) > 0; }

std::string Hdf5Reader::text_attribute(const std::string& name) const {
  const Hdf5Handle attribute(H5Aopen(file_.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  if (attribute.id() < 0) refuse("no attribute '" + name + "'");
  const Hdf5Handle type(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) != 0) refuse("'" + name + "' is no text");
  if (H5Aget_storage_size(attribute.id()) != H5Tget_size(type.id())) refuse("'" + name + "' is not one text");
  if (H5Tget_size(type.id()) > kLargestAttribute) refuse("'" + name + "' is longer than 64 KiB");
  std::string value(H5Tget_size(type.id()), '\0');
  if (H5Aread(attribute.id(), type.id(), value.data()) < 0) refuse("attribute '" + name + "': " + library_reason());
  value = until_nul(value.data(), value.size());
  if (!is_utf8(value)) refuse("'" + name + "' is not UTF-8");
  return value;
}

int64_t Hdf5Reader::integer_attribute(const std::string& name) const {
  const Hdf5Handle attribute(H5Aopen(file_.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  int64_t value = 0;
  if (attribute.id() < 0 || H5Aget_storage_size(attribute.id()) != sizeof value) refuse("no integer '" + name + "'");
  if (H5Aread(attribute.id(), H5T_NATIVE_INT64, &value) < 0) refuse("attribute '" + name + "': " + library_reason());
  return value;
}

Hdf5Reader::Opened Hdf5Reader::open(const std::string& path, size_t rank) const {
  const auto [parent, name] = place_of(path);
  if (!is_hard_link(parent, name)) refuse("no " + path);
  Opened out;
  out.dataset = Hdf5Handle(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (out.dataset.id() < 0) refuse(path + ": " + library_reason());
  out.type = Hdf5Handle(H5Dget_type(out.dataset.id()), H5Tclose);
  const Hdf5Handle space(H5Dget_space(out.dataset.id()), H5Sclose);
  const std::string reason = why_costly(out.dataset.id());
  if (!reason.empty()) refuse(path + " " + reason);
  hsize_t dims[kMostRank] = {};
  if (H5Sget_simple_extent_ndims(space.id()) != static_cast<int>(rank) || rank > kMostRank ||
      H5Sget_simple_extent_dims(space.id(), dims, nullptr) < 0) {
    refuse(path + " has another shape");
  }
  out.shape.assign(dims, dims + rank);
  out.items = items_within_room(path, out.type.id(), out.shape);
  return out;
}

uint64_t Hdf5Reader::items_within_room(const std::string& path, int64_t type,
                                       const std::vector<uint64_t>& shape) const {
  uint64_t item_bytes = H5Tget_size(type), items = 1;
  if (H5Tget_class(type) == H5T_COMPOUND) item_bytes += kBytesOfCell * static_cast<uint64_t>(H5Tget_nmembers(type));
  for (const uint64_t side : shape) {
    if (item_bytes == 0 || (side > 0 && items > kMostExpanded / side)) refuse(path + " is larger than 256 MiB");
    items *= side;
  }
  if (!counted_.insert(path).second) return items;
  if (items > room_ / item_bytes) refuse(path + " makes it larger than 256 MiB");
  room_ -= items * item_bytes;
  return items;
}

std::vector<uint8_t> Hdf5Reader::bytes(const std::string& path, std::vector<uint64_t>& shape) const {
  const Opened opened = open(path, shape.size());
  if (H5Tequal(opened.type.id(), H5T_STD_U8LE) <= 0) refuse(path + " is not uint8");
  std::vector<uint8_t> values(opened.items);
  if (!values.empty() &&
      H5Dread(opened.dataset.id(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    refuse(path + ": " + library_reason());
  }
  shape = opened.shape;
  return values;
}

std::string Hdf5Reader::text(const std::string& path) const {
  std::vector<uint64_t> shape(1);
  const std::vector<uint8_t> values = bytes(path, shape);
  if (values.size() > kLargestText) refuse(path + " is a text of more than 4 MiB");
  return std::string(values.begin(), values.end());
}

std::vector<double> Hdf5Reader::reals(const std::string& path) const {
  const Opened opened = open(path, 1);
  if (H5Tequal(opened.type.id(), H5T_IEEE_F64LE) <= 0) refuse(path + " is not float64");
  std::vector<double> values(opened.items);
  if (!values.empty() &&
      H5Dread(opened.dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    refuse(path + ": " + library_reason());
  }
  return values;
}

Table Hdf5Reader::table(const std::string& path, uint64_t most) const {
  const Opened opened = open(path, 1);
  if (opened.items > most) refuse(path + " has more than " + std::to_string(most) + " rows");
  if (H5Tget_class(opened.type.id()) != H5T_COMPOUND) refuse(path + " is no table");
  const size_t row_bytes = H5Tget_size(opened.type.id());
  std::vector<char> rows(opened.items * row_bytes);
  if (!rows.empty() && H5Dread(opened.dataset.id(), opened.type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()) < 0) {
    refuse(path + ": " + library_reason());
  }
  Table out;
  for (int i = 0; i < H5Tget_nmembers(opened.type.id()); ++i) {
    const unsigned member = static_cast<unsigned>(i);
    char* raw = H5Tget_member_name(opened.type.id(), member);
    const std::string name = raw == nullptr ? "" : raw;
    H5free_memory(raw);
    const Hdf5Handle type(H5Tget_member_type(opened.type.id(), member), H5Tclose);
    const bool text = H5Tget_class(type.id()) == H5T_STRING && H5Tis_variable_str(type.id()) == 0;
    const bool number = H5Tequal(type.id(), H5T_STD_I64LE) > 0 || H5Tequal(type.id(), H5T_IEEE_F64LE) > 0;
    if (!text && !number) refuse(path + ": column '" + name + "' is neither text, int64 nor float64");
    TableColumn column = empty_column(name, type.id(), opened.items);
    unpack_column(rows, H5Tget_member_offset(opened.type.id(), member), row_bytes, column);
    if (!is_utf8(name) || !holds_utf8(column)) refuse(path + ": column '" + name + "' is not UTF-8");
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace sslbench
