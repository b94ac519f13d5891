// SPDX-License-Identifier: Apache-2.0
#include "reports/weights_file.h"

#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>

#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw RunFailure(FailureKind::checkpoint, file.string() + ": " + why);
}

// Header and tensor bytes of a safetensors file.
struct Weights {
  ordered_json header;
  std::string_view data;
};

Weights parse(std::string_view bytes, const std::filesystem::path& file) {
  uint64_t length = 0;
  if (bytes.size() < 8) refuse(file, "not a safetensors file: shorter than its header");
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8) refuse(file, "not a safetensors file: header length " + std::to_string(length));
  Weights out{ordered_json::parse(bytes.substr(8, length)), bytes.substr(8 + length)};
  if (out.header.at("__metadata__").value("schema", "") != "sslbench.backbone/1") {
    refuse(file, "not weights of a run of sslbench");
  }
  if (out.header.at("__metadata__").value("sha256", "") != sha256_hex(out.data)) {
    refuse(file, "checksum differs: the file was damaged");
  }
  return out;
}

// The file without the tensors whose names begin with `head`.
std::string without_head(const Weights& weights, const std::string& head) {
  ordered_json header;
  std::string data;
  header["__metadata__"] = weights.header.at("__metadata__");
  header["__metadata__"].erase("head");
  for (const auto& [name, entry] : weights.header.items()) {
    if (name == "__metadata__" || name.starts_with(head + ".")) continue;
    const auto from = entry.at("data_offsets").at(0).get<size_t>(), to = entry.at("data_offsets").at(1).get<size_t>();
    if (from > to || to > weights.data.size())
      throw ordered_json::other_error::create(501, "offsets of " + name, nullptr);
    header[name] = entry;
    header[name]["data_offsets"] = {data.size(), data.size() + (to - from)};
    data += weights.data.substr(from, to - from);
  }
  header["__metadata__"]["sha256"] = sha256_hex(data);
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + text + data;
}

}  // namespace

void export_weights(const std::filesystem::path& from, const std::filesystem::path& to, bool with_head) {
  std::string bytes;
  try {
    const std::string file = read_file(from);
    const Weights weights = parse(file, from);
    const std::string head = weights.header.at("__metadata__").value("head", "");
    if (with_head && head.empty()) {
      refuse(from,
             "this run trained no classification head (supervised and supcon-like rows do); leave out --with-head");
    }
    bytes = with_head || head.empty() ? file : without_head(weights, head);
  } catch (const nlohmann::json::exception& error) {
    refuse(from, std::string("not a safetensors file: ") + error.what());
  } catch (const std::system_error& error) {
    refuse(from, std::string("cannot be read: ") + error.what());
  }
  write_atomically(to, bytes);
}

}  // namespace sslbench
