// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/exported_graph.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "methods/foreign/model_archive.h"
#include "methods/foreign/operator_rule.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kMostGraphBytes = int64_t{256} << 20;
const std::regex kRecord(  // what torch.export.save writes of one program; sample inputs are never read
    R"(archive_format|archive_version|byteorder|\.data/(version|serialization_id)|\.storage_alignment|)"
    R"(models/[\w.-]+\.json|data/weights/(weight_\d+|[\w.-]+_weights_config\.json)|data/sample_inputs/[\w.-]+\.pt|)"
    R"(data/constants/(tensor_\d+|[\w.-]+_constants_config\.json)|extra/sslbench\.json)");
// Bytes of an element, by the number of the dtype in torch/_export/serde/schema.py; 0: not read here.
constexpr int64_t kElementBytes[] = {0, 1, 1, 2, 4, 8, 2, 4, 8, 0, 0, 0, 1, 2};
constexpr int64_t kStrided = 7;

int64_t whole(const json& value) {
  const json& number = value.is_object() && value.contains("as_int") ? value.at("as_int") : value;
  const auto out = number.is_number_integer() ? number.get<int64_t>() : -1;
  if (out < 0 || out > int64_t{1} << 40) throw UserError("a size of " + short_value(value.dump()));
  return out;
}

// Bytes from the start of a weight's file to the last that the tensor reads.
int64_t extent(const json& meta) {
  const int64_t dtype = whole(meta.at("dtype"));
  const auto types = static_cast<int64_t>(std::size(kElementBytes));
  const int64_t element = dtype < types ? kElementBytes[dtype] : 0;
  if (element == 0) throw UserError("a dtype of number " + std::to_string(dtype));
  if (meta.at("device").at("type") != "cpu" || whole(meta.at("layout")) != kStrided) {
    throw UserError("another device or layout than the processor's strided one; export the model on the processor");
  }
  const json &sizes = meta.at("sizes"), &strides = meta.at("strides");
  if (sizes.size() != strides.size() || sizes.size() > 16) throw UserError("sizes and strides that do not fit");
  __int128 last = whole(meta.at("storage_offset"));
  for (size_t d = 0; d < sizes.size(); ++d) {
    const int64_t size = whole(sizes[d]);
    if (size == 0) return 0;
    last += static_cast<__int128>(size - 1) * whole(strides[d]);
  }
  const __int128 bytes = (last + 1) * element;
  return bytes > int64_t{1} << 50 ? int64_t{1} << 50 : static_cast<int64_t>(bytes);
}

void expect_plain_weights(const ModelArchive& archive, const std::string& folder, const json& table) {
  for (const auto& [name, entry] : table.at("config").items()) {
    if (entry.at("use_pickle").get<bool>()) throw UserError(short_value(name) + " is pickled");
    if (!entry.at("tensor_meta").is_object()) throw UserError(short_value(name) + " is no tensor");
    const int64_t there = archive.size(folder + entry.at("path_name").get<std::string>());
    if (extent(entry.at("tensor_meta")) > there) {
      throw UserError(short_value(name) + " reads beyond its " + std::to_string(there) + " bytes");
    }
  }
}

void expect_tensor_operators(const json& graph) {
  constexpr std::string_view kOperators = "torch.ops.";
  for (const json& node : graph.at("nodes")) {
    const auto target = node.at("target").get<std::string>();
    const bool known = target.starts_with(kOperators) ? is_tensor_operator(target.substr(kOperators.size()))
                                                      : is_size_operator(target);
    if (!known) throw UserError("calls " + short_value(target) + ": only tensor operators may stand in a model");
  }
  if (const auto objects = graph.find("custom_obj_values"); objects != graph.end() && !objects->empty()) {
    throw UserError("holds objects of C++ classes");
  }
}

}  // namespace

std::string expect_plain_graph(const ModelArchive& archive) {
  std::string model;
  try {
    for (const std::string& record : archive.records()) {
      if (!std::regex_match(record, kRecord))
        throw UserError("holds " + short_value(record) + ", which no exported model does");
      if (!record.ends_with(".json") || record.starts_with("extra/")) continue;
      const json content = parse_foreign_json(archive.text(record, kMostGraphBytes));
      if (record.starts_with("models/")) {
        if (!model.empty()) throw UserError("holds more than one model");
        model = record.substr(7, record.size() - 7 - 5);
        expect_tensor_operators(content.at("graph_module").at("graph"));
      } else {
        expect_plain_weights(archive, record.substr(0, record.rfind('/') + 1), content);
      }
    }
    if (model.empty()) throw UserError("holds no graph");
    return model;
  } catch (const json::exception& error) {
    archive.refuse("not what torch.export writes: " + json_mistake(error) +
                   "; write it again with scripts/export-model");
  } catch (const UserError& error) {
    const std::string text = error.what();
    archive.refuse((text.starts_with(archive.file()) ? text.substr(archive.file().size() + 2) : text) +
                   "; write it again with scripts/export-model");
  }
}

}  // namespace sslbench
