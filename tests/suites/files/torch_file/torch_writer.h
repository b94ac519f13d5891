// SPDX-License-Identifier: Apache-2.0
// Files as torch.save writes them, and such as it never would.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sslbench {

using ZipContent = std::vector<std::pair<std::string, std::string>>;  // name, bytes

inline std::string zip_of(const ZipContent& entries, bool compressed = false) {
  size_t size = 1 << 16;
  for (const auto& [name, bytes] : entries) size += 2 * (bytes.size() + name.size() + 512);
  std::string out(size, '\0');
  size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  if (!compressed) archive_write_zip_set_compression_store(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const auto& [name, bytes] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

// Pieces of a pickle of protocol 2.
inline std::string pickled(const std::string& body) { return "\x80\x02" + body + "."; }
inline std::string little(uint64_t value, size_t bytes) {
  return std::string(reinterpret_cast<const char*>(&value), bytes);
}
inline std::string p_text(const std::string& text) { return "X" + little(text.size(), 4) + text; }
inline std::string p_int(int64_t value) { return "\x8A\x08" + little(static_cast<uint64_t>(value), 8); }
inline std::string p_flag(bool value) { return value ? "\x88" : "\x89"; }
inline std::string p_name(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string p_tuple(const std::vector<std::string>& items) {
  std::string out = "(";
  for (const std::string& item : items) out += item;
  return out + "t";
}
inline std::string p_ints(const std::vector<int64_t>& values) {
  std::vector<std::string> items;
  for (const int64_t value : values) items.push_back(p_int(value));
  return p_tuple(items);
}
inline std::string p_call(const std::string& callable, const std::string& arguments) {
  return callable + arguments + "R";
}
inline std::string p_dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string out = "}(";
  for (const auto& [key, value] : items) out += p_text(key) + value;
  return out + "u";
}
inline std::string p_ordered_dict() { return p_call(p_name("collections", "OrderedDict"), ")"); }

struct PickledTensor {
  std::string key = "0";
  int64_t numel = 0;  // of the storage
  std::vector<int64_t> sizes, strides;
  int64_t offset = 0;
  std::string type = "FloatStorage";
  bool requires_grad = false;
};
inline std::string p_tensor(const PickledTensor& tensor) {
  const std::string storage = p_tuple({p_text("storage"), p_name("torch", tensor.type), p_text(tensor.key),
                                       p_text("cpu"), p_int(tensor.numel)}) +
                              "Q";
  return p_call(p_name("torch._utils", "_rebuild_tensor_v2"),
                p_tuple({storage, p_int(tensor.offset), p_ints(tensor.sizes), p_ints(tensor.strides),
                         p_flag(tensor.requires_grad), p_ordered_dict()}));
}

template <class Value>
std::string raw_bytes(const std::vector<Value>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
}

// The file of torch.save around a pickle and its storages by key.
inline ZipContent torch_content(const std::string& pickle,
                                const std::vector<std::pair<std::string, std::string>>& storages) {
  ZipContent out = {{"net/data.pkl", pickle}, {"net/byteorder", "little"}};
  for (const auto& [key, bytes] : storages) out.emplace_back("net/data/" + key, bytes);
  out.emplace_back("net/version", "3\n");
  return out;
}

}  // namespace sslbench
