// SPDX-License-Identifier: Apache-2.0
#include "methods/safetensors.h"

#include <cstring>
#include <system_error>

#include "datasets/batches/aten.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kHeaderLimit = 100'000'000;  // the format's own cap
constexpr std::pair<at::ScalarType, const char*> kTypes[] = {
    {at::kFloat, "F32"}, {at::kDouble, "F64"}, {at::kBFloat16, "BF16"}, {at::kHalf, "F16"},
    {at::kLong, "I64"},  {at::kInt, "I32"},    {at::kByte, "U8"},       {at::kBool, "BOOL"}};

const char* type_name(at::ScalarType type) {
  for (const auto& [known, name] : kTypes) {
    if (known == type) return name;
  }
  throw InternalError("internal error: tensor type without a safetensors name");
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw RunFailure(FailureKind::checkpoint, file.string() + ": not a valid safetensors file: " + why);
}

at::Tensor tensor_from(const json& entry, std::string_view data, size_t& expected, const std::filesystem::path& file) {
  const auto shape = entry.at("shape").get<std::vector<int64_t>>();
  const auto offsets = entry.at("data_offsets").get<std::vector<uint64_t>>();
  const auto dtype = entry.at("dtype").get<std::string>();
  for (const auto& [type, name] : kTypes) {
    if (dtype != name) continue;
    uint64_t bytes = at::elementSize(type);
    for (const int64_t side : shape) {
      if (side < 0 || (side > 0 && bytes > data.size() / static_cast<uint64_t>(side)))
        refuse(file, "a shape is too large");
      bytes *= static_cast<uint64_t>(side);
    }
    if (offsets.size() != 2 || offsets[0] != expected || offsets[1] > data.size() || offsets[1] - offsets[0] != bytes) {
      refuse(file, "offsets overlap, leave holes or do not fit the shape");
    }
    expected = offsets[1];
    at::Tensor out = at::empty(shape, type);
    std::memcpy(out.mutable_data_ptr(), data.data() + offsets[0], bytes);
    return out;
  }
  refuse(file, "unknown dtype " + dtype);
}

TensorFile parse(std::string_view bytes, const std::filesystem::path& file) {
  uint64_t length = 0;
  if (bytes.size() < 8) refuse(file, "shorter than its header");
  std::memcpy(&length, bytes.data(), 8);
  if (length > kHeaderLimit || length > bytes.size() - 8) refuse(file, "header length " + std::to_string(length));
  const auto header = nlohmann::ordered_json::parse(bytes.substr(8, length));
  const std::string_view data = bytes.substr(8 + length);
  TensorFile out;
  if (header.contains("__metadata__")) out.metadata = header.at("__metadata__").get<decltype(out.metadata)>();
  if (const auto sum = out.metadata.find("sha256"); sum != out.metadata.end() && sha256_hex(data) != sum->second) {
    refuse(file, "checksum differs: the file was damaged");
  }
  size_t expected = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") out.tensors.emplace_back(name, tensor_from(json(entry), data, expected, file));
  }
  if (expected != data.size()) refuse(file, "bytes beyond the last tensor");
  return out;
}

}  // namespace

void write_safetensors(const TensorFile& content, const std::filesystem::path& file) {
  nlohmann::ordered_json header;
  std::vector<at::Tensor> flat;
  std::string data;
  header["__metadata__"] = content.metadata;
  for (const auto& [name, tensor] : content.tensors) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    const size_t begin = data.size();
    data.append(static_cast<const char*>(plain.const_data_ptr()), plain.nbytes());
    header[name] = {{"dtype", type_name(plain.scalar_type())},
                    {"shape", plain.sizes().vec()},
                    {"data_offsets", {begin, data.size()}}};
  }
  header["__metadata__"]["format"] = "pt";
  header["__metadata__"]["sha256"] = sha256_hex(data);
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  bytes += text;
  bytes += data;
  write_atomically(file, bytes);
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  try {
    return parse(read_file(file), file);
  } catch (const json::exception& error) {
    refuse(file, error.what());
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::checkpoint, std::string("cannot read ") + error.what());
  }
}

}  // namespace sslbench
