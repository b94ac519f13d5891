// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "datasets/data_source.h"

namespace sslbench {

// Fetches `from.url` into FOLDER/<from.file>, checked by its SHA-256. What an interrupted download left
// (<file>.part) is gone on with; a whole file is not fetched again. `progress` gets bytes so far and in all (0:
// unknown). UserError naming the address and the reason, or both sums when the file is another than expected (it is
// removed) or has more bytes than it should, which are not taken. RunFailure(storage) when it cannot be written.
void download(const Download& from, const std::filesystem::path& folder,
              const std::function<void(int64_t done, int64_t total)>& progress = {});

}  // namespace sslbench
