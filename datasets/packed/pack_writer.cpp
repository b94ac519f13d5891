// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/pack_writer.h"

#include <hdf5.h>

#include <algorithm>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr hsize_t kChunkBytes = 1 << 20;

hid_t disk_type(PackType type) {
  switch (type) {
    case PackType::uint8: return H5T_STD_U8LE;
    case PackType::int32: return H5T_STD_I32LE;
    case PackType::int64: return H5T_STD_I64LE;
    case PackType::float32: return H5T_IEEE_F32LE;
  }
  throw InternalError("internal error: a type of the packed store without its HDF5 type");
}

Hdf5Handle timeless(hid_t list_class) {
  Hdf5Handle list(H5Pcreate(list_class), H5Pclose);
  H5Pset_obj_track_times(list.id(), false);
  return list;
}

}  // namespace

PackWriter::PackWriter(const std::filesystem::path& file) : lock_(hdf5_mutex()), name_(file.string()) {
  const Hdf5Handle access = pack_file_access(), creation = timeless(H5P_FILE_CREATE);
  file_ = Hdf5Handle(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose);
  if (file_.id() < 0) throw RunFailure(FailureKind::storage, "cannot create '" + name_ + "'");
}

// One level below the root. Not left to the library, whose groups would hold the time.
void PackWriter::make_group(const std::string& path) {
  if (path.empty() || H5Lexists(file_.id(), path.c_str(), H5P_DEFAULT) > 0) return;
  const Hdf5Handle list = timeless(H5P_GROUP_CREATE);
  const Hdf5Handle made(H5Gcreate2(file_.id(), path.c_str(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Gclose);
  if (made.id() < 0) throw RunFailure(FailureKind::storage, "cannot write '" + name_ + "' at " + path);
}

void PackWriter::write(const std::string& path, PackType type, const void* values, size_t count, bool whole) {
  const auto check = [&](bool fine) {
    if (!fine) throw RunFailure(FailureKind::storage, "cannot write '" + name_ + "' at " + path + " (disk full?)");
  };
  auto found = open_.find(path);
  if (found == open_.end()) {
    const hsize_t none = 0, limit = H5S_UNLIMITED, most = kChunkBytes / H5Tget_size(disk_type(type));
    const hsize_t chunk = whole ? std::clamp<hsize_t>(count, 1, most) : most;
    const Hdf5Handle space(H5Screate_simple(1, &none, &limit), H5Sclose), layout = timeless(H5P_DATASET_CREATE);
    make_group(path.substr(0, path.rfind('/')));
    // Filled, or what memory held before would stand behind the end of the last chunk.
    check(H5Pset_chunk(layout.id(), 1, &chunk) >= 0 && H5Pset_fletcher32(layout.id()) >= 0 &&
          H5Pset_fill_time(layout.id(), H5D_FILL_TIME_ALLOC) >= 0);
    Hdf5Handle made(
        H5Dcreate2(file_.id(), path.c_str(), disk_type(type), space.id(), H5P_DEFAULT, layout.id(), H5P_DEFAULT),
        H5Dclose);
    check(made.id() >= 0);
    found = open_.emplace(path, std::pair(std::move(made), uint64_t{0})).first;
  }
  auto& [dataset, length] = found->second;
  const hsize_t first = length, more = count, total = length + count;
  if (count > 0) {
    check(H5Dset_extent(dataset.id(), &total) >= 0);
    const Hdf5Handle target(H5Dget_space(dataset.id()), H5Sclose),
        memory(H5Screate_simple(1, &more, nullptr), H5Sclose);
    check(H5Sselect_hyperslab(target.id(), H5S_SELECT_SET, &first, nullptr, &more, nullptr) >= 0 &&
          H5Dwrite(dataset.id(), pack_memory_type(type), memory.id(), target.id(), H5P_DEFAULT, values) >= 0);
  }
  length = total;
  if (whole) open_.erase(found);
}

void PackWriter::text(const std::string& path, std::string_view bytes) {
  write(path, PackType::uint8, bytes.data(), bytes.size(), true);
}

void PackWriter::append(const std::string& path, const uint8_t* bytes, size_t count) {
  std::vector<uint8_t>& pending = pending_[path];
  pending.insert(pending.end(), bytes, bytes + count);
  if (pending.size() >= kChunkBytes) flush(path);
}

void PackWriter::flush(const std::string& path) {
  std::vector<uint8_t>& pending = pending_[path];
  // Little data needs no large chunk: a dataset that was never flushed is written as a whole.
  const bool whole = !open_.contains(path) && pending.size() < kChunkBytes;
  write(path, PackType::uint8, pending.data(), pending.size(), whole);
  pending.clear();
}

void PackWriter::close() {
  for (auto& [path, bytes] : pending_) {
    if (!bytes.empty() || !open_.contains(path)) flush(path);
  }
  open_.clear();
  if (H5Fflush(file_.id(), H5F_SCOPE_GLOBAL) < 0 || H5Fclose(file_.release()) < 0) {
    throw RunFailure(FailureKind::storage, "cannot finish '" + name_ + "' (disk full?)");
  }
}

}  // namespace sslbench
