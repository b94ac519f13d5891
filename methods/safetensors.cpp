// SPDX-License-Identifier: Apache-2.0
#include "methods/safetensors.h"

#include <cstdint>
#include <cstring>
#include <memory>
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
    {at::kFloat, "F32"}, {at::kDouble, "F64"}, {at::kBFloat16, "BF16"}, {at::kHalf, "F16"}, {at::kLong, "I64"},
    {at::kInt, "I32"},   {at::kShort, "I16"},  {at::kChar, "I8"},       {at::kByte, "U8"},  {at::kBool, "BOOL"}};

const char* type_name(at::ScalarType type) {
  for (const auto& [known, name] : kTypes) {
    if (known == type) return name;
  }
  throw InternalError("internal error: tensor type without a safetensors name");
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw RunFailure(FailureKind::checkpoint, file.string() + ": not a valid safetensors file: " + why);
}

// A view of the file's bytes, which live as long as any of its tensors does; a copy where a number would lie across its
// alignment.
at::Tensor tensor_from(const StoredTensor& stored, const std::filesystem::path& file,
                       const std::shared_ptr<std::string>& bytes) {
  for (const auto& [type, name] : kTypes) {
    if (stored.dtype != name) continue;
    if (stored.bytes.empty()) return at::empty(stored.shape, type);
    char* data = bytes->data() + (stored.bytes.data() - bytes->data());
    if (reinterpret_cast<uintptr_t>(data) % element_size(name) == 0) {
      return at::from_blob(
          data, stored.shape, [bytes](void*) {}, type);
    }
    at::Tensor out = at::empty(stored.shape, type);
    std::memcpy(out.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
    return out;
  }
  refuse(file, "unknown dtype " + stored.dtype);
}

TensorFile parse(const std::shared_ptr<std::string>& bytes, const std::filesystem::path& file) {
  StoredTensors stored = parse_safetensors(*bytes);
  TensorFile out;
  for (const StoredTensor& tensor : stored.tensors) {
    out.tensors.emplace_back(tensor.name, tensor_from(tensor, file, bytes));
  }
  out.metadata = std::move(stored.metadata);
  return out;
}

}  // namespace

void write_safetensors(const TensorFile& content, const std::filesystem::path& file) {
  nlohmann::ordered_json header;
  std::vector<at::Tensor> flat;
  Sha256 hash;
  header["__metadata__"] = content.metadata;
  size_t begin = 0;
  for (const auto& [name, tensor] : content.tensors) {
    const at::Tensor& plain = flat.emplace_back(tensor.detach().to(at::kCPU).contiguous());
    const size_t end = begin + plain.nbytes();
    hash.update(plain.const_data_ptr(), plain.nbytes());
    header[name] = {
        {"dtype", type_name(plain.scalar_type())}, {"shape", plain.sizes().vec()}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  header["__metadata__"]["format"] = "pt";
  header["__metadata__"]["sha256"] = hash.hex();
  AtomicFile out(file);
  out.write(safetensors_file(header.dump(), ""));
  for (const at::Tensor& plain : flat) {
    out.write({static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()});
  }
  out.publish();
}

TensorFile read_safetensors(const std::filesystem::path& file) {
  try {
    return parse(std::make_shared<std::string>(read_regular_file(file, kMostTensorBytes)), file);
  } catch (const BadSafetensors& error) {
    refuse(file, error.what());
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::checkpoint, std::string("cannot read ") + error.what());
  }
}

}  // namespace sslbench
