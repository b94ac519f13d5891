// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/pack_file.h"

#include <hdf5.h>

#include "suites/ground/error.h"

namespace sslbench {

int64_t pack_memory_type(PackType type) {
  switch (type) {
    case PackType::uint8: return H5T_NATIVE_UINT8;
    case PackType::int32: return H5T_NATIVE_INT32;
    case PackType::int64: return H5T_NATIVE_INT64;
    case PackType::float32: return H5T_NATIVE_FLOAT;
  }
  throw InternalError("internal error: a type of the packed store without its memory type");
}

Hdf5Handle pack_file_access() {
  H5dont_atexit();  // its end waits for ever for what it could not open for want of memory; handles close themselves
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG);
  return access;
}

}  // namespace sslbench
