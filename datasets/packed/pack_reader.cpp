// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/pack_reader.h"

#include <hdf5.h>

#include "datasets/install/content_check.h"
#include "datasets/readers/data_file.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr size_t kCacheBytes = size_t{8} << 20;
constexpr uint64_t kMostElements = uint64_t{1} << 40;

}  // namespace

PackReader::PackReader(std::filesystem::path file) : name_(std::move(file)) {
  const std::lock_guard lock(hdf5_mutex());
  const Hdf5Handle access = pack_file_access();
  H5PLset_loading_state(0);
  file_ = Hdf5Handle(H5Fopen(name_.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
  if (file_.id() < 0) throw_bad_data(name_, "is no HDF5 file, or a damaged one");
  check_behind(name_);
}

void PackReader::refuse(const std::string& path, const std::string& what) const {
  throw_bad_data(name_, path + ": " + what);
}

void PackReader::refuse_damaged(const std::string& path, uint64_t place) const {
  refuse(path, "cannot be read at " + std::to_string(place) + ": damaged (a checksum differs, or the file is cut off)");
}

bool PackReader::has(const std::string& path) const {
  const std::lock_guard lock(hdf5_mutex());
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    H5L_info_t link;
    if (H5Lexists(file_.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (H5Lget_info(file_.id(), part.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) {
      refuse(part, "is a link to elsewhere, which is not followed");
    }
    if (end == std::string::npos) return true;
  }
}

const std::pair<Hdf5Handle, uint64_t>& PackReader::dataset(const std::string& path) const {
  const auto found = open_.find(path);
  if (found != open_.end()) return found->second;
  if (!has(path)) refuse(path, "is missing");
  const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  H5Pset_chunk_cache(access.id(), 521, kCacheBytes, 0.75);
  Hdf5Handle made(H5Dopen2(file_.id(), path.c_str(), access.id()), H5Dclose);
  if (made.id() < 0) refuse(path, "is damaged or no dataset");
  const Hdf5Handle space(H5Dget_space(made.id()), H5Sclose), layout(H5Dget_create_plist(made.id()), H5Pclose);
  hsize_t length = 0;
  if (H5Sget_simple_extent_ndims(space.id()) != 1 || H5Sget_simple_extent_dims(space.id(), &length, nullptr) != 1) {
    refuse(path, "has not one dimension");
  }
  for (int i = 0; i < H5Pget_nfilters(layout.id()); ++i) {
    unsigned flags = 0;
    size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(layout.id(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
      refuse(path, "needs a filter that is not allowed");
    }
  }
  const Hdf5Handle type(H5Dget_type(made.id()), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type.id());
  if (length > kMostElements || (kind != H5T_INTEGER && kind != H5T_FLOAT)) refuse(path, "is no list of numbers");
  return open_.emplace(path, std::pair(std::move(made), uint64_t{length})).first->second;
}

uint64_t PackReader::length(const std::string& path) const {
  const std::lock_guard lock(hdf5_mutex());
  const auto& [set, count] = dataset(path);
  // What is not stored (a length without chunks) would be filled with zeros: a claim that costs memory only here.
  const uint64_t width = 8;
  if (count * width > (uint64_t{64} << 20) && H5Dget_storage_size(set.id()) * width < count) {
    refuse(path, "says " + std::to_string(count) + " values and stores less");
  }
  return count;
}

void PackReader::read(const std::string& path, PackType type, uint64_t first, uint64_t count, void* out) const {
  const std::lock_guard lock(hdf5_mutex());
  const auto& [set, length] = dataset(path);
  if (first > length || count > length - first) {
    refuse(path,
           "ends at " + std::to_string(length) + ", values up to " + std::to_string(first + count) + " are needed");
  }
  if (count == 0) return;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // every thread has an error stack of its own
  const hsize_t start = first, size = count;
  const Hdf5Handle from(H5Dget_space(set.id()), H5Sclose), memory(H5Screate_simple(1, &size, nullptr), H5Sclose);
  if (H5Sselect_hyperslab(from.id(), H5S_SELECT_SET, &start, nullptr, &size, nullptr) < 0 ||
      H5Dread(set.id(), pack_memory_type(type), memory.id(), from.id(), H5P_DEFAULT, out) < 0) {
    refuse_damaged(path, first);
  }
}

std::string PackReader::text(const std::string& path) const {
  constexpr uint64_t kMostText = uint64_t{64} << 20;
  std::string out;
  if (length(path) > kMostText) refuse(path, "is longer than 64 MiB");
  out.resize(length(path));
  read(path, PackType::uint8, 0, out.size(), out.data());
  return out;
}

// Null when the bytes lie in the file otherwise than PackWriter puts them there (compressed by h5repack, say).
std::shared_ptr<const StoredChunks> PackReader::chunks_of(const std::string& path) const {
  const auto found = chunks_.find(path);
  if (found != chunks_.end()) return found->second;
  const auto& [set, length] = dataset(path);
  const Hdf5Handle layout(H5Dget_create_plist(set.id()), H5Pclose), type(H5Dget_type(set.id()), H5Tclose);
  const int filters = H5Pget_nfilters(layout.id());
  hsize_t chunk = 0;
  unsigned flags = 0;
  size_t values = 0;
  const Hdf5Handle creation(H5Fget_create_plist(file_.id()), H5Pclose);
  hsize_t user_block = 0;  // chunk addresses do not count it
  const bool plain = H5Pget_userblock(creation.id(), &user_block) >= 0 && user_block == 0 &&
                     H5Tequal(type.id(), H5T_STD_U8LE) > 0 && H5Pget_layout(layout.id()) == H5D_CHUNKED &&
                     H5Pget_chunk(layout.id(), 1, &chunk) == 1 && filters <= 1 &&
                     (filters == 0 || H5Pget_filter2(layout.id(), 0, &flags, &values, nullptr, 0, nullptr, nullptr) ==
                                          H5Z_FILTER_FLETCHER32);
  // HDF5 1.10 looks for each chunk from the first one on, so that many take minutes.
  constexpr hsize_t kLargestChunk = hsize_t{64} << 20, kMostChunks = 1 << 13;
  if (!plain || chunk > kLargestChunk || length / chunk > kMostChunks) return chunks_[path] = nullptr;
  ChunkPlaces places{chunk, filters == 1, {}};
  for (hsize_t first = 0; first < length; first += chunk) {
    unsigned skipped = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t stored = 0;
    const bool known = H5Dget_chunk_info_by_coord(set.id(), &first, &skipped, &address, &stored) >= 0;
    if (!known || address == HADDR_UNDEF || skipped != 0) return chunks_[path] = nullptr;
    if (stored != chunk + (places.checksums ? 4 : 0)) return chunks_[path] = nullptr;
    places.addresses.push_back(address);
  }
  void* descriptor = nullptr;  // an int*; the file's name may by now stand for another file
  if (H5Fget_vfd_handle(file_.id(), H5P_DEFAULT, &descriptor) < 0) return chunks_[path] = nullptr;
  return chunks_[path] = std::make_shared<const StoredChunks>(*static_cast<int*>(descriptor), std::move(places));
}

std::vector<uint8_t> PackReader::bytes(const std::string& path, uint64_t first, uint64_t count) const {
  std::shared_ptr<const StoredChunks> chunks;
  {
    const std::lock_guard lock(hdf5_mutex());
    const uint64_t length = dataset(path).second;
    if (first > length || count > length - first) refuse(path, "an index points behind its end");
    chunks = chunks_of(path);
  }
  std::vector<uint8_t> out(count);
  if (!chunks) {
    read(path, PackType::uint8, first, count, out.data());
  } else if (!chunks->read(first, count, out.data())) {
    refuse_damaged(path, first);
  }
  return out;
}

}  // namespace sslbench
