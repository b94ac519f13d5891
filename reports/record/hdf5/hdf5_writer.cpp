// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/hdf5_writer.h"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "reports/record/hdf5/hdf5_library.h"
#include "reports/record/hdf5/hdf5_memory.h"
#include "suites/ground/error.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/process_limits.h"

namespace sslbench {
namespace {

static_assert(std::is_same_v<hid_t, int64_t> && std::is_same_v<herr_t, int>);

constexpr size_t kChunkBytes = 1 << 16;
constexpr hsize_t kChunksAtOnce = 64;
constexpr size_t kAttributeBytes = 60000;  // an object header message holds less than 64 KiB
constexpr unsigned kDeflate = 4;

[[noreturn]] void fail(const std::string& what) {
  const std::string reason = hdf5_reason();
  // It is built in memory, and HDF5 does not always say that it got none ("bad version number for datatype message").
  const bool oom = tells_of_lack_of_memory(reason) || came_near_memory_limit();
  const FailureKind kind = oom ? FailureKind::oom : FailureKind::storage;
  throw RunFailure(kind, "cannot build the HDF5 record at " + what + ": " + reason);
}

void check(herr_t status, const std::string& what) {
  if (status < 0) fail(what);
}

Hdf5Handle own(hid_t id, Hdf5Handle::Close close, const std::string& what) {
  if (id < 0) fail(what);
  return Hdf5Handle(id, close);
}

Hdf5Handle text_type(size_t bytes, const std::string& what) {
  Hdf5Handle type = own(H5Tcopy(H5T_C_S1), H5Tclose, what);
  check(H5Tset_size(type.id(), std::max<size_t>(bytes, 1)), what);
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), what);
  check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), what);
  return type;
}

// A creation property list of that class whose objects carry no time stamps.
Hdf5Handle timeless(hid_t list_class, const std::string& what) {
  Hdf5Handle list = own(H5Pcreate(list_class), H5Pclose, what);
  check(H5Pset_obj_track_times(list.id(), false), what);
  return list;
}

size_t column_bytes(const TableColumn& column) {
  return std::holds_alternative<std::vector<std::string>>(column.values) ? column.width : sizeof(int64_t);
}

size_t column_rows(const TableColumn& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

// Returns the packed row type; the same on disk (little-endian) and in memory.
Hdf5Handle row_type(const Table& columns, size_t row_bytes, const std::string& what) {
  Hdf5Handle row = own(H5Tcreate(H5T_COMPOUND, row_bytes), H5Tclose, what);
  size_t offset = 0;
  for (const TableColumn& column : columns) {
    Hdf5Handle text;
    hid_t type = std::holds_alternative<std::vector<double>>(column.values) ? H5T_IEEE_F64LE : H5T_STD_I64LE;
    if (std::holds_alternative<std::vector<std::string>>(column.values)) {
      text = text_type(column.width, what);
      type = text.id();
    }
    check(H5Tinsert(row.id(), column.name.c_str(), offset, type), what);
    offset += column_bytes(column);
  }
  return row;
}

void pack_text(const std::string& text, const TableColumn& column, char* to) {
  if (text.size() > column.width || text.find('\0') != std::string::npos) {
    throw RunFailure(FailureKind::internal, "column '" + column.name + "' holds " + std::to_string(column.width) +
                                                " bytes without NUL, which '" + text + "' (" +
                                                std::to_string(text.size()) + " bytes) is not");
  }
  text.copy(to, text.size());
}

// `count` rows from `first` on, as they lie in the file.
std::vector<char> pack_rows(const Table& columns, size_t row_bytes, size_t first, size_t count) {
  std::vector<char> rows(count * row_bytes, '\0');
  size_t offset = 0;
  for (const TableColumn& column : columns) {
    const auto pack = [&, start = rows.data() + offset](const auto& values) {
      char* to = start;
      for (size_t i = first; i < first + count; ++i, to += row_bytes) {
        if constexpr (std::is_same_v<std::decay_t<decltype(values[i])>, std::string>) {
          pack_text(values[i], column, to);
        } else {
          std::memcpy(to, &values[i], sizeof values[i]);
        }
      }
    };
    std::visit(pack, column.values);
    offset += column_bytes(column);
  }
  return rows;
}

// Chunks of about kChunkBytes along the first dimension, whole in the others.
std::vector<hsize_t> chunk_shape(const std::vector<uint64_t>& shape, size_t item_bytes) {
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  uint64_t slice = item_bytes;
  for (size_t i = 1; i < chunk.size(); ++i) {
    chunk[i] = std::max<hsize_t>(chunk[i], 1);
    slice *= chunk[i];
  }
  chunk[0] = std::clamp<hsize_t>(kChunkBytes / std::max<uint64_t>(slice, 1), 1, std::max<hsize_t>(chunk[0], 1));
  return chunk;
}

// Byte 28 of a version 3 superblock: the address at which the file ends (HDF5 File Format Specification, II.A).
constexpr size_t kEndOfFile = 28;

}  // namespace

Hdf5Writer::Hdf5Writer() : lock_(hdf5_mutex()) {
  begin_hdf5();
  check(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "the error stack");
  const Hdf5Handle access = own(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "/");
  check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110), "/");
  check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "/");
  check(keep_in(memory_, access.id()), "/");
  const Hdf5Handle root = timeless(H5P_FILE_CREATE, "/");
  file_ = own(H5Fcreate("sslbench", H5F_ACC_TRUNC, root.id(), access.id()), H5Fclose, "/");
}

void Hdf5Writer::attribute(const std::string& name, std::string_view value) {
  if (value.size() > kAttributeBytes) {
    throw RunFailure(FailureKind::internal, "attribute '" + name + "' holds at most " +
                                                std::to_string(kAttributeBytes) + " bytes, not " +
                                                std::to_string(value.size()));
  }
  const Hdf5Handle type = text_type(value.size(), name);
  const Hdf5Handle space = own(H5Screate(H5S_SCALAR), H5Sclose, name);
  const Hdf5Handle attribute =
      own(H5Acreate2(file_.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  const std::string padded = value.empty() ? std::string(1, '\0') : std::string(value);
  check(H5Awrite(attribute.id(), type.id(), padded.data()), name);
}

void Hdf5Writer::attribute(const std::string& name, int64_t value) {
  const Hdf5Handle space = own(H5Screate(H5S_SCALAR), H5Sclose, name);
  const Hdf5Handle attribute =
      own(H5Acreate2(file_.id(), name.c_str(), H5T_STD_I64LE, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  check(H5Awrite(attribute.id(), H5T_NATIVE_INT64, &value), name);
}

void Hdf5Writer::make_parents(const std::string& path) {
  const Hdf5Handle layout = timeless(H5P_GROUP_CREATE, path);
  for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string group = path.substr(0, end);
    if (H5Lexists(file_.id(), group.c_str(), H5P_DEFAULT) > 0) continue;
    own(H5Gcreate2(file_.id(), group.c_str(), H5P_DEFAULT, layout.id(), H5P_DEFAULT), H5Gclose, group);
  }
}

Hdf5Handle Hdf5Writer::make_dataset(const std::string& path, int64_t type, size_t item_bytes,
                                    const std::vector<uint64_t>& shape) {
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  std::vector<hsize_t> limits(dims);
  limits[0] = H5S_UNLIMITED;  // a fixed dimension may not be 0
  const int rank = static_cast<int>(dims.size());
  const Hdf5Handle space = own(H5Screate_simple(rank, dims.data(), limits.data()), H5Sclose, path);
  const Hdf5Handle layout = timeless(H5P_DATASET_CREATE, path);
  check(H5Pset_chunk(layout.id(), rank, chunk_shape(shape, item_bytes).data()), path);
  check(H5Pset_shuffle(layout.id()), path);
  check(H5Pset_deflate(layout.id(), kDeflate), path);
  check(H5Pset_fletcher32(layout.id()), path);
  make_parents(path);
  return own(H5Dcreate2(file_.id(), path.c_str(), type, space.id(), H5P_DEFAULT, layout.id(), H5P_DEFAULT), H5Dclose,
             path);
}

void Hdf5Writer::dataset(const std::string& path, int64_t type, int64_t memory_type, size_t item_bytes,
                         const std::vector<uint64_t>& shape, const void* data) {
  const Hdf5Handle dataset = make_dataset(path, type, item_bytes, shape);
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return;
  check(H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), path);
}

void Hdf5Writer::text(const std::string& path, std::string_view text) {
  dataset(path, H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, {text.size()}, text.data());
}

void Hdf5Writer::bytes(const std::string& path, const std::vector<uint64_t>& shape,
                       const std::vector<uint8_t>& values) {
  uint64_t items = 1;
  for (const uint64_t extent : shape) items *= extent;
  require(!shape.empty() && items == values.size(), path + ": shape and bytes differ");
  dataset(path, H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, shape, values.data());
}

void Hdf5Writer::reals(const std::string& path, const std::vector<double>& values) {
  dataset(path, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, sizeof(double), {values.size()}, values.data());
}

void Hdf5Writer::table(const std::string& path, const Table& columns) {
  require(!columns.empty(), path + ": a table needs columns");
  const size_t rows = column_rows(columns.front());
  for (const TableColumn& column : columns) {
    require(column_rows(column) == rows, path + ": columns of different length");
  }
  write_table(path, columns, rows, [&](size_t row_bytes, size_t first, size_t count) {
    return pack_rows(columns, row_bytes, first, count);
  });
}

void Hdf5Writer::table(const std::string& path, size_t rows, const TableBlock& block) {
  write_table(path, block(0, 0), rows, [&](size_t row_bytes, size_t first, size_t count) {
    return pack_rows(block(first, count), row_bytes, 0, count);
  });
}

void Hdf5Writer::write_table(const std::string& path, const Table& columns, size_t rows, const PackRows& pack) {
  size_t row_bytes = 0;
  for (const TableColumn& column : columns) row_bytes += column_bytes(column);
  const Hdf5Handle type = row_type(columns, row_bytes, path);
  const Hdf5Handle dataset = make_dataset(path, type.id(), row_bytes, {rows});
  const Hdf5Handle place = own(H5Dget_space(dataset.id()), H5Sclose, path);
  // By blocks of whole chunks: the rows of a thousand runs would be as much memory again as all their texts.
  const hsize_t block = kChunksAtOnce * chunk_shape({rows}, row_bytes)[0];
  for (hsize_t first = 0; first < rows; first += block) {
    const hsize_t count = std::min<hsize_t>(block, rows - first);
    const std::vector<char> packed = pack(row_bytes, first, count);
    const Hdf5Handle memory = own(H5Screate_simple(1, &count, nullptr), H5Sclose, path);
    check(H5Sselect_hyperslab(place.id(), H5S_SELECT_SET, &first, nullptr, &count, nullptr), path);
    check(H5Dwrite(dataset.id(), type.id(), memory.id(), place.id(), H5P_DEFAULT, packed.data()), path);
  }
}

std::string Hdf5Writer::finish() {
  check(H5Fflush(file_.id(), H5F_SCOPE_LOCAL), "/");
  check(H5Fclose(file_.release()), "/");
  uint64_t end = 0;
  require(memory_.size() > kEndOfFile + sizeof end, "an HDF5 file without superblock");
  std::memcpy(&end, memory_.data() + kEndOfFile, sizeof end);
  require(end <= memory_.size(), "an HDF5 file longer than its memory");
  return std::string(memory_.data(), end);
}

}  // namespace sslbench
