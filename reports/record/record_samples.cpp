// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_samples.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "reports/record/hdf5/record_json.h"
#include "reports/record/hdf5/record_table.h"
#include "suites/files/half_float.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kMostBeside = 16;

// SampleBox in the column types of a table.
struct BoxRow {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  int64_t label = 0;
  double score = 1;
};

const std::vector<TableField<BoxRow>>& box_fields() {
  static const std::vector<TableField<BoxRow>> fields{{"x0", &BoxRow::x0},       {"y0", &BoxRow::y0},
                                                      {"x1", &BoxRow::x1},       {"y1", &BoxRow::y1},
                                                      {"label", &BoxRow::label}, {"score", &BoxRow::score}};
  return fields;
}

void write_boxes(Hdf5Writer& writer, const std::string& path, const std::vector<SampleBox>& boxes) {
  if (boxes.empty()) return;
  std::vector<BoxRow> rows;
  for (const SampleBox& box : boxes) rows.push_back({box.x0, box.y0, box.x1, box.y1, box.label, box.score});
  writer.table(path, to_table(rows, box_fields()));
}

std::vector<SampleBox> read_boxes(const Hdf5Reader& reader, const std::string& path, const std::string& where) {
  std::vector<SampleBox> boxes;
  if (!reader.has(path)) return boxes;
  const auto real = [](double value) { return static_cast<float>(value); };
  for (const BoxRow& row : from_table(reader.table(path), box_fields(), where)) {
    boxes.push_back(
        {real(row.x0), real(row.y0), real(row.x1), real(row.y1), static_cast<int32_t>(row.label), real(row.score)});
  }
  return boxes;
}

void write_mask(Hdf5Writer& writer, const std::string& path, const Sample& sample, const std::vector<uint8_t>& mask) {
  if (mask.empty()) return;
  writer.bytes(path, {static_cast<uint64_t>(sample.height), static_cast<uint64_t>(sample.width)}, mask);
}

std::vector<uint8_t> read_mask(const Hdf5Reader& reader, const std::string& path, const Sample& sample) {
  if (!reader.has(path)) return {};
  std::vector<uint64_t> shape(2);
  std::vector<uint8_t> mask = reader.bytes(path, shape);
  if (shape[0] != static_cast<uint64_t>(sample.height) || shape[1] != static_cast<uint64_t>(sample.width)) {
    reader.refuse(path + " has another size than its picture");
  }
  return mask;
}

// The label of the picture itself (first row) and of each one beside it.
struct PictureRow {
  int64_t label = -1;
};

const std::vector<TableField<PictureRow>>& picture_fields() {
  static const std::vector<TableField<PictureRow>> fields{{"label", &PictureRow::label}};
  return fields;
}

void write_picture(Hdf5Writer& writer, const std::string& path, const SamplePicture& picture) {
  writer.bytes(path, {static_cast<uint64_t>(picture.height), static_cast<uint64_t>(picture.width), 3}, picture.image);
}

void read_picture(const Hdf5Reader& reader, const std::string& path, SamplePicture& picture) {
  std::vector<uint64_t> shape(3);
  picture.image = reader.bytes(path, shape);
  const auto fits = [](uint64_t side) { return side >= 1 && side <= static_cast<uint64_t>(kMostSampleSide); };
  if (shape[2] != 3 || !fits(shape[0]) || !fits(shape[1])) {
    reader.refuse(path + " is not a colour picture of at most 256 px");
  }
  picture.height = static_cast<int32_t>(shape[0]);
  picture.width = static_cast<int32_t>(shape[1]);
}

void write_beside(Hdf5Writer& writer, const std::string& path, const Sample& sample) {
  if (sample.beside.empty() && sample.label < 0) return;
  std::vector<PictureRow> rows{{sample.label}};
  for (size_t i = 0; i < sample.beside.size(); ++i) {
    rows.push_back({sample.beside[i].label});
    write_picture(writer, path + "/beside/" + std::to_string(i), sample.beside[i]);
  }
  writer.table(path + "/labels", to_table(rows, picture_fields()));
}

void read_beside(const Hdf5Reader& reader, const std::string& path, const std::string& where, Sample& sample) {
  if (!reader.has(path + "/labels")) return;
  const std::vector<PictureRow> rows = from_table(reader.table(path + "/labels"), picture_fields(), where);
  if (rows.empty() || rows.size() - 1 > kMostBeside) reader.refuse(path + "/labels does not fit its pictures");
  sample.label = static_cast<int32_t>(rows[0].label);
  for (size_t i = 1; i < rows.size(); ++i) {
    sample.beside.emplace_back().label = static_cast<int32_t>(rows[i].label);
    read_picture(reader, path + "/beside/" + std::to_string(i - 1), sample.beside.back());
  }
}

Sample read_sample(const Hdf5Reader& reader, const std::string& path, const std::string& where) {
  Sample sample;
  read_picture(reader, path + "/image", sample);
  read_beside(reader, path, where, sample);
  sample.truth_boxes = read_boxes(reader, path + "/truth_boxes", where);
  sample.found_boxes = read_boxes(reader, path + "/found_boxes", where);
  sample.truth_mask = read_mask(reader, path + "/truth_mask", sample);
  sample.found_mask = read_mask(reader, path + "/found_mask", sample);
  return sample;
}

}  // namespace

std::string link_name(const std::string& name) {
  require(!name.empty(), "a stage, curve or metric without a name");
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool escape = name[i] == '/' || name[i] == '%' || (i == 0 && name[i] == '.');
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(name[i])));
    out += escape ? std::string(code) : std::string(1, name[i]);
  }
  return out;
}

std::string original_name(const std::string& link) {
  std::string out;
  for (size_t i = 0; i < link.size(); ++i) {
    if (link[i] == '%' && i + 2 < link.size()) {
      out += static_cast<char>(std::strtol(link.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += link[i];
    }
  }
  return out;
}

void write_samples(Hdf5Writer& writer, const std::string& group, const StageRecord& stage) {
  if (!stage.class_names.empty()) writer.text(group + "/class_names", json(stage.class_names).dump());
  for (size_t i = 0; i < stage.samples.size(); ++i) {
    const Sample& sample = stage.samples[i];
    const std::string path = group + (i < 10 ? "/0" : "/") + std::to_string(i);
    write_picture(writer, path + "/image", sample);
    write_beside(writer, path, sample);
    write_boxes(writer, path + "/truth_boxes", sample.truth_boxes);
    write_boxes(writer, path + "/found_boxes", sample.found_boxes);
    write_mask(writer, path + "/truth_mask", sample, sample.truth_mask);
    write_mask(writer, path + "/found_mask", sample, sample.found_mask);
  }
}

void read_samples(const Hdf5Reader& reader, const std::string& group, const std::string& where, size_t most,
                  StageRecord& stage) {
  for (const std::string& name : reader.names(group)) {
    if (name != "class_names") {
      if (stage.samples.size() < most) stage.samples.push_back(read_sample(reader, group + "/" + name, where));
      continue;
    }
    const json names = read_json(reader, group + "/class_names");
    if (!names.is_array()) reader.refuse(group + "/class_names is not a list");
    for (const json& entry : names) stage.class_names.push_back(entry.is_string() ? entry.get<std::string>() : "");
  }
}

std::vector<double> values_of(const KeptFeatures& features) {
  require(features.fits(), "kept features of another size than they say");
  std::vector<double> out;
  out.reserve(features.halves.size() / 2);
  for (size_t i = 0; i < features.halves.size(); i += 2) {
    out.push_back(half_value(static_cast<uint16_t>(features.halves[i] | features.halves[i + 1] << 8)));
  }
  return out;
}

void write_features(Hdf5Writer& writer, const std::string& path, const KeptFeatures& features) {
  require(features.fits(), "kept features of another size than they say");
  if (features.images == 0) return;
  writer.bytes(path, {static_cast<uint64_t>(features.images), static_cast<uint64_t>(features.dimensions), 2},
               features.halves);
}

KeptFeatures read_features(const Hdf5Reader& reader, const std::string& path) {
  if (!reader.has(path)) return {};
  std::vector<uint64_t> shape(3);
  KeptFeatures out;
  out.halves = reader.bytes(path, shape);
  if (shape[0] > static_cast<uint64_t>(kMostKeptImages) || shape[1] > static_cast<uint64_t>(kMostKeptDimensions) ||
      shape[2] != 2) {
    reader.refuse(path + " are not the features of at most 1,024 images");
  }
  out.images = static_cast<int64_t>(shape[0]);
  out.dimensions = static_cast<int64_t>(shape[1]);
  if (!out.fits()) reader.refuse(path + " are no features");
  return out;
}

}  // namespace sslbench
