// SPDX-License-Identifier: Apache-2.0
// What libarchive unpacks by itself. For lrzip, lzop and grzip, and for what it was built without, it runs a program of
// that name from PATH, and it does so because of the first bytes of a file: files that were not made here never start
// a program.
#pragma once

struct archive;

namespace sslbench {

// `support`: an archive_read_support_filter_*. False where this libarchive would run a program; the reader then is
// without that filter.
bool add_own_filter(archive* reader, int (*support)(archive*));

// gzip, bzip2, xz, lzma, lzip, zstd, lz4 and compress, as far as libarchive has them itself.
void add_own_filters(archive* reader);

}  // namespace sslbench
