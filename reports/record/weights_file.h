// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace sslbench {

// What an exported file's metadata says beside the run's; classes: of the classifier in it, 0: it has none.
using ExtraMetadata = std::function<std::map<std::string, std::string>(int64_t classes)>;

// Copies a backbone's safetensors file (schema sslbench.backbone/1) to `to`, with or without the classification head
// that training left in it, and with `extra` in its metadata; published atomically. RunFailure(checkpoint) when `from`
// is no such file, or has no head to keep; RunFailure(storage) when `to` cannot be written.
void export_weights(const std::filesystem::path& from, const std::filesystem::path& to, bool with_head,
                    const ExtraMetadata& extra = {});

// RunFailure(checkpoint) when `file` is no such file.
void expect_weights(const std::filesystem::path& file);

}  // namespace sslbench
