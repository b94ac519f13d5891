// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// Copies a backbone's safetensors file (schema sslbench.backbone/1) to `to`, with or without the classification head
// that training left in it; published atomically. RunFailure(checkpoint) when `from` is no such file, or has no head to
// keep; RunFailure(storage) when `to` cannot be written.
void export_weights(const std::filesystem::path& from, const std::filesystem::path& to, bool with_head);

// RunFailure(checkpoint) when `file` is no such file.
void expect_weights(const std::filesystem::path& file);

}  // namespace sslbench
