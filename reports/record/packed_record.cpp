// SPDX-License-Identifier: Apache-2.0
#include "reports/record/packed_record.h"

#include <zlib.h>

#include <cstring>

#include "reports/record/hdf5/record_seal.h"
#include "reports/record/hdf5/record_tail.h"
#include "reports/record/record_pack.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"

namespace sslbench {

using nlohmann::json;

namespace {

constexpr uint64_t kMostExpanded = uint64_t{256} << 20;  // bytes, as of the HDF5 file itself

// A changed tree keeps its build's name when its records gain a member.
std::string build_and_layout() {
  std::string out = build_id();
  for (const size_t size : {sizeof(Record), sizeof(StageRecord), sizeof(Measurement), sizeof(Metric)}) {
    out += " " + std::to_string(size);
  }
  return out;
}

// RecordParts::reported of it.
Record reported(const Record& record) {
  Record out = record;
  out.requested = nlohmann::json::object();
  out.effective = conditions_in(record.effective);
  for (StageRecord& stage : out.stages) {
    std::erase_if(stage.curves, [](const auto& curve) { return curve.first != "loss"; });
    stage.hashes.clear();
    stage.samples.clear();
    stage.class_names.clear();
    stage.features = {};
  }
  return out;
}

// The length in front.
std::string deflated(std::string_view bytes) {
  const uint64_t size = bytes.size();
  uLongf space = ::compressBound(bytes.size());
  std::string out(sizeof size + space, '\0');
  std::memcpy(out.data(), &size, sizeof size);
  const int status = ::compress(reinterpret_cast<Bytef*>(out.data() + sizeof size), &space,
                                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  require(status == Z_OK, "a record cannot be deflated");
  out.resize(sizeof size + space);
  return out;
}

std::optional<std::string> inflated(std::string_view bytes) {
  uint64_t size = 0;
  if (bytes.size() < sizeof size) return {};
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (size > kMostExpanded) return {};
  std::string out(size, '\0');
  uLongf filled = size;
  const int status = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &filled,
                                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  return status == Z_OK && filled == size ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

json conditions_in(const json& effective) {
  json out{{"protocols", json::array()}};
  if (!effective.is_object() || !effective.contains("protocols") || !effective.at("protocols").is_array()) return out;
  for (const json& each : effective.at("protocols")) {
    json& kept = out["protocols"].emplace_back(json::object());
    for (const char* key : {"row", "protocol", "preset", "settings"}) {
      if (each.is_object() && each.contains(key)) kept[key] = each.at(key);
    }
    const json dataset = each.is_object() ? each.value("dataset", json()) : json();
    for (const char* key : {"name", "settings", "digest"}) {
      if (dataset.is_object() && dataset.contains(key)) kept["dataset"][key] = dataset.at(key);
    }
  }
  return out;
}

std::string with_packed(std::string content, const Record& record) {
  return with_tail(std::move(content), RecordTail::packed, deflated(pack_record(reported(record))), build_and_layout());
}

std::optional<std::string> packed_parts(const std::filesystem::path& file) {
  const auto tail = tail_of(file, RecordTail::packed, build_and_layout());
  return tail && seal_of(file) == Seal::intact ? inflated(*tail) : std::nullopt;
}

}  // namespace sslbench
