// SPDX-License-Identifier: Apache-2.0
// safetensors: u64 header length, JSON header, tensors without holes. Written so that Python's safetensors reads it;
// read as untrusted: header capped, offsets and sizes checked before anything is allocated.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

struct TensorFile {
  std::vector<NamedTensor> tensors;  // in file order, contiguous; read ones share the memory that the file was read to
  std::map<std::string, std::string> metadata;
};

// Publishes atomically. A SHA-256 over all tensor bytes is added to the metadata as "sha256". RunFailure(storage).
void write_safetensors(const TensorFile& content, const std::filesystem::path& file);

// Throws RunFailure(checkpoint) that names the file and what is wrong with it, a wrong "sha256" included.
TensorFile read_safetensors(const std::filesystem::path& file);

}  // namespace sslbench
