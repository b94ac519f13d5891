// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/archive_filter.h"

#include <archive.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using Support = int (*)(archive*);

constexpr Support kFilters[] = {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                                archive_read_support_filter_xz,   archive_read_support_filter_lzma,
                                archive_read_support_filter_lzip, archive_read_support_filter_zstd,
                                archive_read_support_filter_lz4,  archive_read_support_filter_compress};

}  // namespace

bool add_own_filter(archive* reader, int (*support)(archive*)) {
  archive* trial = archive_read_new();  // what was added cannot be taken back
  const bool own = trial != nullptr && support(trial) == ARCHIVE_OK;
  archive_read_free(trial);
  return own && support(reader) == ARCHIVE_OK;
}

void add_own_filters(archive* reader) {
  for (const Support support : kFilters) add_own_filter(reader, support);
}

void CloseArchive::operator()(archive* reader) const { archive_read_free(reader); }

ArchiveReader make_archive_reader() {
  ArchiveReader out(archive_read_new());
  require(out != nullptr, "libarchive could not be started");
  add_own_filters(out.get());
  archive_read_support_format_tar(out.get());
  archive_read_support_format_gnutar(out.get());
  archive_read_support_format_zip(out.get());
  archive_read_support_format_7zip(out.get());
  return out;
}

}  // namespace sslbench
