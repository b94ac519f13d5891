// SPDX-License-Identifier: Apache-2.0
#include <hdf5.h>

#include <algorithm>
#include <array>

#include "datasets/readers/arrays/stored_array.h"
#include "suites/files/hdf5_handle.h"
#include "suites/files/safetensors_header.h"

namespace sslbench {
namespace {

constexpr int kMostSides = 8;
constexpr hsize_t kMostObjects = 100'000;

struct Kind {
  const char* dtype;
  hid_t memory;
};

Kind kind_of(const std::string& name, hid_t type) {
  const size_t width = H5Tget_size(type);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_FLOAT && width == 8) return {"F64", H5T_NATIVE_DOUBLE};
  if (kind == H5T_FLOAT && width <= 4) return {"F32", H5T_NATIVE_FLOAT};  // float16 as float32
  if (kind == H5T_INTEGER && width == 1 && H5Tget_sign(type) == H5T_SGN_NONE) return {"U8", H5T_NATIVE_UINT8};
  if (kind == H5T_INTEGER && width <= 8) return {"I64", H5T_NATIVE_INT64};
  throw BadArrays("'" + name + "' holds neither integers nor floats");
}

// Only what the library brings itself: a filter from elsewhere would be code.
void expect_own_filters(const std::string& name, hid_t dataset) {
  const Hdf5Handle layout(H5Dget_create_plist(dataset), H5Pclose);
  if (H5Pget_external_count(layout.id()) > 0 || H5Pget_layout(layout.id()) == H5D_VIRTUAL) {
    throw BadArrays("'" + name + "' lies in other files, which are not followed");
  }
  for (int i = 0; i < H5Pget_nfilters(layout.id()); ++i) {
    unsigned flags = 0;
    size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(layout.id(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
      throw BadArrays("'" + name + "' is compressed by a filter that is not read; gzip is");
    }
  }
}

StoredArray read_dataset(const std::string& name, hid_t dataset) {
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose), type(H5Dget_type(dataset), H5Tclose);
  const int sides = H5Sget_simple_extent_ndims(space.id());
  if (sides < 0 || sides > kMostSides) throw BadArrays("'" + name + "' has a shape that is not read");
  std::array<hsize_t, kMostSides> shape{};
  H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr);
  expect_own_filters(name, dataset);
  const Kind kind = kind_of(name, type.id());
  StoredArray out{kind.dtype, {}, {}};
  for (int i = 0; i < sides; ++i) {
    if (shape[static_cast<size_t>(i)] > kMostArrayBytes) throw BadArrays("'" + name + "' is too large to be read");
    out.shape.push_back(static_cast<int64_t>(shape[static_cast<size_t>(i)]));
  }
  const auto bytes = static_cast<uint64_t>(checked_numel(name, out.dtype, out.shape)) * element_size(out.dtype);
  // What is not stored would be filled with zeros; deflate makes at most about a thousand bytes of one.
  if (bytes > 0 && H5Dget_storage_size(dataset) < bytes / 1'100) {
    throw BadArrays("'" + name + "' claims more numbers than the file stores");
  }
  out.bytes.resize(bytes);
  if (bytes > 0 && H5Dread(dataset, kind.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.bytes.data()) < 0) {
    throw BadArrays("'" + name + "' is damaged");
  }
  return out;
}

bool is_dataset_here(hid_t file, const std::string& name) {
  H5L_info_t link;
  if (H5Lget_info(file, name.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) return false;
  H5O_info_t object;
  return H5Oget_info_by_name(file, name.c_str(), &object, H5P_DEFAULT) >= 0 && object.type == H5O_TYPE_DATASET;
}

std::string name_at(hid_t file, hsize_t i) {
  std::array<char, 256> out{};
  H5Lget_name_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC, i, out.data(), out.size(), H5P_DEFAULT);
  return out.data();
}

}  // namespace

StoredArrays read_hdf5_arrays(const std::filesystem::path& file, const std::vector<std::string>& wanted,
                              std::vector<std::string>& seen) {
  const std::lock_guard lock(hdf5_mutex());
  H5PLset_loading_state(0);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Hdf5Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (opened.id() < 0) throw BadArrays("is a damaged HDF5 file");
  H5G_info_t group;
  if (H5Gget_info(opened.id(), &group) < 0 || group.nlinks > kMostObjects) throw BadArrays("is a damaged HDF5 file");
  StoredArrays out;
  for (hsize_t i = 0; i < group.nlinks; ++i) {
    const std::string name = name_at(opened.id(), i);
    seen.push_back(name);
    if (std::ranges::find(wanted, name) == wanted.end()) continue;
    if (!is_dataset_here(opened.id(), name)) throw BadArrays("'" + name + "' is no array of this file");
    const Hdf5Handle dataset(H5Dopen2(opened.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
    if (dataset.id() < 0) throw BadArrays("'" + name + "' is damaged");
    out[name] = read_dataset(name, dataset.id());
  }
  return out;
}

}  // namespace sslbench
