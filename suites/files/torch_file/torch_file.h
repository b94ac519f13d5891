// SPDX-License-Identifier: Apache-2.0
// Files of torch.save (.pth, .pt, .bin; PyTorch 1.6 or later), read as data: a ZIP archive with one root folder that
// holds data.pkl and, one entry each, the storages data/<key> (torch/serialization.py). Nothing in it is ever called.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "suites/files/torch_file/pickle_nodes.h"

namespace sslbench {

// What the file says, every storage there with the size that its tensors need; no storage is read. BadTorchFile with
// what is wrong and what to do: another kind of file, one that needs code (TorchScript, torch.export, whole modules),
// big-endian, damaged. std::system_error when it cannot be read.
PickleNodes open_torch_file(const std::filesystem::path& file);

// Reads storages in one pass: `place` says where the bytes of storage number i go (PickleNodes::storages), or null to
// leave them out. BadTorchFile when the file has changed or a checksum differs.
void read_torch_storages(const std::filesystem::path& file, const PickleNodes& content,
                         const std::function<char*(size_t)>& place);

// A dictionary's key or a list's index on the way to a value.
using PathStep = std::variant<std::string, int64_t>;

// Calls `visit` for every value that is no container, and for empty containers, in the order of the file; tuples, lists
// and attributes of objects are walked through. BadTorchFile when they are nested or repeated beyond all need.
void walk_leaves(const PickleNodes& content,
                 const std::function<void(const std::vector<PathStep>& path, const PickleNode& leaf)>& visit);

}  // namespace sslbench
