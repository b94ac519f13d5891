// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/hdf5_layout.h"

#include <hdf5.h>

#include <cstring>
#include <fstream>
#include <set>
#include <system_error>

#include "reports/record/hdf5/record_seal.h"
#include "reports/record/hdf5/record_tail.h"
#include "suites/files/hdf5_handle.h"

namespace sslbench {
namespace {

constexpr uint64_t kLargestChunk = uint64_t{1} << 20;
constexpr int kMostRank = 3;

bool has_small_chunks(int64_t dataset, int64_t layout) {
  hsize_t sides[kMostRank] = {};
  const int rank = H5Pget_chunk(layout, kMostRank, sides);
  if (rank < 1 || rank > kMostRank) return false;
  const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
  uint64_t bytes = H5Tget_size(type.id());
  for (int i = 0; i < rank; ++i) {
    if (sides[i] > kLargestChunk || bytes > kLargestChunk) return false;
    bytes *= sides[i];
  }
  return bytes <= kLargestChunk;
}

bool has_plain_filters(int64_t layout) {
  std::set<int> seen;
  for (int i = 0; i < H5Pget_nfilters(layout); ++i) {
    unsigned flags = 0;
    size_t values = 0;
    const int filter = H5Pget_filter2(layout, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    const bool known = filter == H5Z_FILTER_SHUFFLE || filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_FLETCHER32;
    if (!known || !seen.insert(filter).second) return false;
  }
  return true;
}

}  // namespace

std::string why_not_ours(const std::filesystem::path& file) {
  constexpr size_t kVersion = 8, kEndOfFile = 28, kSuperblock = 48;
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none)) return "it is no file";  // a pipe would be waited for
  std::ifstream in(file, std::ios::binary);
  std::string head(kSuperblock, '\0');
  if (!in.read(head.data(), static_cast<std::streamsize>(head.size()))) return "it cannot be read or is too short";
  if (head.compare(0, kVersion, "\x89HDF\r\n\x1a\n") != 0) return "it is no HDF5 file";
  if (head[kVersion] != 2 && head[kVersion] != 3) return "it is HDF5 of another format version";
  uint64_t end = 0;
  std::memcpy(&end, head.data() + kEndOfFile, sizeof end);
  const auto size = static_cast<uint64_t>(in.seekg(0, std::ios::end).tellg());
  if (size == end || (has_seal(in) && size == end + tail_bytes(in) + kSealBytes)) return "";
  if (size > end) return "behind its content lie " + std::to_string(size - end) + " bytes that are no seal";
  return "it holds " + std::to_string(size) + " of " + std::to_string(end) + " bytes";
}

std::string why_costly(int64_t dataset) {
  const Hdf5Handle layout(H5Dget_create_plist(dataset), H5Pclose);
  if (H5Pget_layout(layout.id()) != H5D_CHUNKED) return "is not chunked";
  if (!has_small_chunks(dataset, layout.id())) return "has chunks of more than 1 MiB";
  return has_plain_filters(layout.id()) ? "" : "passes filters that no record has";
}

}  // namespace sslbench
