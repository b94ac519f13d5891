// SPDX-License-Identifier: Apache-2.0
#include "reports/record/weights_file.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw RunFailure(FailureKind::checkpoint, file.string() + ": " + why);
}

StoredTensors parse(std::string_view bytes, const std::filesystem::path& file) {
  try {
    StoredTensors out = parse_safetensors(bytes);
    const auto schema = out.metadata.find("schema");
    if (schema == out.metadata.end() || schema->second != "sslbench.backbone/1") {
      refuse(file, "not weights of a run of sslbench");
    }
    if (!out.metadata.contains("sha256")) refuse(file, "checksum is missing: the file was changed");
    return out;
  } catch (const BadSafetensors& error) {
    refuse(file, std::string("not a safetensors file: ") + error.what());
  }
}

// Rows of the classifier's weight; 0 without one.
int64_t classes_of(const StoredTensors& weights, const std::string& head) {
  const StoredTensor* weight = head.empty() ? nullptr : weights.find(head + ".weight");
  return weight == nullptr || weight->shape.empty() ? 0 : weight->shape[0];
}

// The file with more metadata; where `dropped` is not empty, without the tensors of that head.
std::string rewritten(const StoredTensors& weights, const std::string& dropped,
                      const std::map<std::string, std::string>& extra) {
  ordered_json header;
  std::string data;
  header["__metadata__"] = weights.metadata;
  if (!dropped.empty()) header["__metadata__"].erase("head");
  for (const auto& [key, value] : extra) header["__metadata__"][key] = value;
  for (const StoredTensor& tensor : weights.tensors) {
    if (!dropped.empty() && tensor.name.starts_with(dropped + ".")) continue;
    header[tensor.name] = {{"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  header["__metadata__"]["sha256"] = sha256_hex(data);
  return safetensors_file(header.dump(), data);
}

std::string bytes_of(const std::filesystem::path& file) {
  try {
    return read_regular_file(file, kMostWeightBytes);
  } catch (const std::system_error& error) {
    refuse(file, std::string("cannot be read: ") + error.code().message());
  }
}

}  // namespace

void expect_weights(const std::filesystem::path& file) { parse(bytes_of(file), file); }

void export_weights(const std::filesystem::path& from, const std::filesystem::path& to, bool with_head,
                    const ExtraMetadata& extra) {
  const std::string file = bytes_of(from);
  const StoredTensors weights = parse(file, from);
  const auto named = weights.metadata.find("head");
  const std::string head = named == weights.metadata.end() ? "" : named->second;
  if (with_head && head.empty()) {
    refuse(from, "this run trained no classification head (supervised and supcon-like rows do); leave out --with-head");
  }
  const int64_t classes = with_head ? classes_of(weights, head) : 0;
  write_atomically(
      to, rewritten(weights, with_head ? "" : head, extra ? extra(classes) : std::map<std::string, std::string>()));
}

}  // namespace sslbench
