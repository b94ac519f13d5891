// SPDX-License-Identifier: Apache-2.0
// What libarchive unpacks by itself. For lrzip, lzop and grzip, and for what it was built without, it runs a program of
// that name from PATH, and it does so because of the first bytes of a file: files that were not made here never start
// a program.
#pragma once

#include <memory>

struct archive;

namespace sslbench {

// `support`: an archive_read_support_filter_*. False where this libarchive would run a program; the reader then is
// without that filter.
bool add_own_filter(archive* reader, int (*support)(archive*));

// gzip, bzip2, xz, lzma, lzip, zstd, lz4 and compress, as far as libarchive has them itself.
void add_own_filters(archive* reader);

struct CloseArchive {
  void operator()(archive* reader) const;
};
using ArchiveReader = std::unique_ptr<archive, CloseArchive>;

// Of a tar, zip or 7z archive that is still to be opened, with these filters.
ArchiveReader make_archive_reader();

}  // namespace sslbench
