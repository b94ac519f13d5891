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

// The file without the tensors whose names begin with `head`.
std::string without_head(const StoredTensors& weights, const std::string& head) {
  ordered_json header;
  std::string data;
  header["__metadata__"] = weights.metadata;
  header["__metadata__"].erase("head");
  for (const StoredTensor& tensor : weights.tensors) {
    if (tensor.name.starts_with(head + ".")) continue;
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

void export_weights(const std::filesystem::path& from, const std::filesystem::path& to, bool with_head) {
  const std::string file = bytes_of(from);
  const StoredTensors weights = parse(file, from);
  if (const auto model = weights.metadata.find("model"); model != weights.metadata.end()) {
    refuse(from,
           "holds no weights, since the row is a model from elsewhere that was evaluated as it is: take its file, " +
               model->second);
  }
  const auto named = weights.metadata.find("head");
  const std::string head = named == weights.metadata.end() ? "" : named->second;
  if (with_head && head.empty()) {
    refuse(from, "this run trained no classification head (supervised and supcon-like rows do); leave out --with-head");
  }
  write_atomically(to, with_head || head.empty() ? file : without_head(weights, head));
}

}  // namespace sslbench
