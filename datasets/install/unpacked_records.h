// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace sslbench {

// Record files (NAME.bin, NAME-ubyte) that come packed, with .gz or .xz behind their names, are replaced by what they
// hold: unpacking CIFAR-10 takes seconds, which every process that reads the set would spend again, and the digest is
// the same however the set was handed in. Links are left alone, and so is a file whose plain form lies beside it.
// RunFailure(data) when one is damaged or holds more than 8 GiB, RunFailure(storage) when it cannot be written.
void unpack_records(const std::filesystem::path& folder);

}  // namespace sslbench
