// SPDX-License-Identifier: Apache-2.0
#include "methods/safetensors.h"

#include <cstring>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

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

at::Tensor tensor_from(const StoredTensor& stored, const std::filesystem::path& file) {
  for (const auto& [type, name] : kTypes) {
    if (stored.dtype != name) continue;
    at::Tensor out = at::empty(stored.shape, type);
    if (!stored.bytes.empty()) std::memcpy(out.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
    return out;
  }
  refuse(file, "unknown dtype " + stored.dtype);
}

TensorFile parse(std::string_view bytes, const std::filesystem::path& file) {
  StoredTensors stored = parse_safetensors(bytes);
  TensorFile out;
  for (const StoredTensor& tensor : stored.tensors) out.tensors.emplace_back(tensor.name, tensor_from(tensor, file));
  out.metadata = std::move(stored.metadata);
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
  write_atomically(file, safetensors_file(header.dump(), data));
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  try {
    return parse(read_regular_file(file, kMostTensorBytes), file);
  } catch (const BadSafetensors& error) {
    refuse(file, error.what());
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::checkpoint, std::string("cannot read ") + error.what());
  }
}

}  // namespace sslbench
