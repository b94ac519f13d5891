// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_store.h"

#include <map>

#include "reports/record/brief_record.h"
#include "reports/record/declared_metrics.h"
#include "reports/record/hdf5/hdf5_reader.h"
#include "reports/record/hdf5/hdf5_writer.h"
#include "reports/record/hdf5/record_json.h"
#include "reports/record/hdf5/record_seal.h"
#include "reports/record/hdf5/record_table.h"
#include "reports/record/hdf5/record_tail.h"
#include "reports/record/measurement_table.h"
#include "reports/record/packed_record.h"
#include "reports/record/record_facts.h"
#include "reports/record/record_samples.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kRecordSchema = "sslbench.record/1";
constexpr const char* kMeasurementsSchema = "sslbench.measurements/1";
constexpr size_t kMostMeasurements = 1 << 15;  // a suite of ours makes some hundred, of a thousand classes thousands
constexpr size_t kOriginWidth = 256;           // a run's name and a revision

const std::vector<TableField<StageRecord>>& stage_fields() {
  using S = StageRecord;
  static const std::vector<TableField<S>> fields{{"name", &S::name, kTextWidth},
                                                 {"plugin", &S::plugin, kTextWidth},
                                                 {"key", &S::key, kTextWidth},
                                                 {"status", &S::status, kTextWidth},
                                                 {"wall_seconds", &S::wall_seconds},
                                                 {"cpu_seconds", &S::cpu_seconds},
                                                 {"setup_seconds", &S::setup_seconds},
                                                 {"images", &S::images},
                                                 {"images_per_second", &S::images_per_second},
                                                 {"peak_process_bytes", &S::peak_process_bytes},
                                                 {"peak_tensor_bytes", &S::peak_tensor_bytes},
                                                 {"peak_device_bytes", &S::peak_device_bytes},
                                                 {"energy_joules", &S::energy_joules},
                                                 {"taken_from", &S::taken_from, kOriginWidth},
                                                 {"revision", &S::revision, kOriginWidth, true}};
  return fields;
}

const std::vector<TableField<StateHash>>& hash_fields() {
  static const std::vector<TableField<StateHash>> fields{{"step", &StateHash::step},
                                                         {"state", &StateHash::state, kTextWidth}};
  return fields;
}

struct TextAttribute {
  const char* name;
  std::string Record::*member;
};

constexpr TextAttribute kTexts[] = {{"suite", &Record::suite},       {"question", &Record::question},
                                    {"row", &Record::row},           {"method", &Record::method},
                                    {"backbone", &Record::backbone}, {"dataset", &Record::dataset},
                                    {"run", &Record::run},           {"status", &Record::status}};

struct JsonDataset {
  const char* path;
  json Record::*member;
};

constexpr JsonDataset kJsons[] = {{"/settings/requested", &Record::requested},
                                  {"/settings/effective", &Record::effective},
                                  {"/environment", &Record::environment}};

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

void write_stage(Hdf5Writer& writer, const StageRecord& stage) {
  const std::string name = link_name(stage.name);
  for (const auto& [curve, points] : stage.curves) {
    writer.table("/curves/" + name + "/" + link_name(curve), {{"step", points.step}, {"value", points.value}});
  }
  for (const auto& [metric, values] : stage.replicates) {
    writer.reals("/replicates/" + name + "/" + link_name(metric), values.all());
  }
  if (!stage.hashes.empty()) writer.table("/hashes/" + name, to_table(stage.hashes, hash_fields()));
  write_samples(writer, "/samples/" + name, stage);
  write_features(writer, "/features/" + name, stage.features);
}

Curve read_curve(const Hdf5Reader& reader, const std::string& path) {
  struct Point {
    int64_t step = 0;
    double value = 0;
  };
  Curve curve;
  for (const Point& point :
       from_table<Point>(reader.table(path), {{"step", &Point::step}, {"value", &Point::value}}, path)) {
    curve.step.push_back(point.step);
    curve.value.push_back(point.value);
  }
  return curve;
}

void read_stage(const Hdf5Reader& reader, const std::string& where, RecordParts parts, StageRecord& stage) {
  const std::string name = link_name(stage.name);
  const std::string curves = "/curves/" + name, replicates = "/replicates/" + name, hashes = "/hashes/" + name;
  if (parts.curves) {
    for (const std::string& curve : reader.names(curves)) {
      stage.curves[original_name(curve)] = read_curve(reader, curves + "/" + curve);
    }
  } else if (parts.loss && reader.has(curves + "/loss")) {
    stage.curves["loss"] = read_curve(reader, curves + "/loss");
  }
  if (parts.replicates) {
    for (const std::string& metric : reader.names(replicates)) {
      stage.replicates[original_name(metric)] = reader.reals(replicates + "/" + metric);
    }
  }
  if (parts.hashes && reader.has(hashes)) stage.hashes = from_table(reader.table(hashes), hash_fields(), where);
  if (parts.features) stage.features = read_features(reader, "/features/" + name);
  if (parts.samples > 0) read_samples(reader, "/samples/" + name, where, parts.samples, stage);
}

void take_measurements(const Hdf5Reader& reader, const std::string& where,
                       const std::map<std::string, StageRecord*>& stage_of) {
  std::vector<Measurement> measurements = measurements_of(reader.table("/measurements", kMostMeasurements), where);
  for (const Measurement& row : measurements) {
    const auto stage = stage_of.find(row.protocol);
    if (stage != stage_of.end()) stage->second->measurements.push_back(row);
  }
}

Record record_in(const Hdf5Reader& reader, const std::string& where, RecordParts parts) {
  if (reader.text_attribute("schema") != kRecordSchema) reader.refuse("expected schema " + std::string(kRecordSchema));
  Record record;
  for (const TextAttribute& text : kTexts) record.*text.member = reader.text_attribute(text.name);
  record.seed = reader.integer_attribute("seed");
  record.attempts = reader.integer_attribute("attempts");
  if (reader.has_attribute("ended")) record.ended = reader.text_attribute("ended");
  for (const JsonDataset& part : kJsons) {
    const bool requested = part.member == &Record::requested;
    if (requested && (!parts.settings || !parts.numbers)) continue;
    record.*part.member = read_object(reader, part.path);
  }
  if (!parts.settings) record.effective = conditions_in(record.effective);
  record.failure = reader.text("/failure");
  record.stages = from_table(reader.table("/stages"), stage_fields(), where);
  thread_local FactsReader facts;
  if (parts.numbers) facts.read(reader, record);
  std::map<std::string, StageRecord*> stage_of;
  for (StageRecord& stage : record.stages) {
    if (!stage_of.emplace(stage.name, &stage).second) reader.refuse("two stages have the name '" + stage.name + "'");
  }
  if (parts.numbers) take_measurements(reader, where, stage_of);
  for (StageRecord& stage : record.stages) read_stage(reader, where, parts, stage);
  return record;
}

void add_measurements(const Record& record, std::vector<const Measurement*>& rows) {
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& row : stage.measurements) {
      require(row.protocol == stage.name, "measurement of '" + row.protocol + "' in stage '" + stage.name + "'");
      rows.push_back(&row);
    }
  }
}

// One stage of each name, which says each declaration once.
std::vector<StageRecord> stages_by_name(const std::vector<Record>& records) {
  std::map<std::string, StageRecord> by_name;
  for (const Record& record : records) {
    for (const StageRecord& stage : record.stages) {
      if (!stage.metrics.empty())
        by_name.try_emplace(stage.name, StageRecord{.name = stage.name, .metrics = stage.metrics});
    }
  }
  std::vector<StageRecord> out;
  for (auto& [name, stage] : by_name) out.push_back(std::move(stage));
  return out;
}

}  // namespace

void write_record(const Record& record, const std::filesystem::path& file) {
  write_atomically(file, record_bytes(record));
}

std::string record_bytes(const Record& record) {
  Hdf5Writer writer;
  writer.attribute("schema", kRecordSchema);
  for (const TextAttribute& text : kTexts) writer.attribute(text.name, record.*text.member);
  writer.attribute("seed", record.seed);
  writer.attribute("attempts", record.attempts);
  if (!record.ended.empty()) writer.attribute("ended", record.ended);
  for (const JsonDataset& part : kJsons) {
    writer.text(part.path, dump(record.*part.member));
  }
  writer.text(kFacts, dump(facts_with_metrics(record)));
  writer.text("/failure", record.failure);
  writer.table("/stages", to_table(record.stages, stage_fields()));
  std::vector<const Measurement*> measurements;
  add_measurements(record, measurements);
  writer.table("/measurements", measurement_table(measurements));
  for (const StageRecord& stage : record.stages) write_stage(writer, stage);
  return with_seal(
      with_tail(with_packed(writer.finish(), record), RecordTail::brief, brief_text(brief_record(record)), build_id()));
}

Record read_record(const std::filesystem::path& file, RecordParts parts) {
  return record_in(Hdf5Reader(file), file.string(), parts);
}

Record read_checked_record(const std::filesystem::path& file, RecordParts parts) {
  const Hdf5Reader reader(file);
  const Seal seal = seal_of(file);
  if (seal == Seal::broken) reader.refuse("its checksum does not match: a byte is not the one that was written");
  if (seal == Seal::none) record_in(reader, file.string(), RecordParts::all);
  return record_in(reader, file.string(), parts);
}

size_t write_measurements(const std::vector<Record>& records, const std::filesystem::path& file) {
  std::vector<const Measurement*> rows;
  for (const Record& record : records) add_measurements(record, rows);
  Hdf5Writer writer;
  writer.attribute("schema", kMeasurementsSchema);
  writer.table("/measurements", rows.size(), [&](size_t first, size_t count) {
    const auto from = rows.begin() + static_cast<int64_t>(first);
    return measurement_table({from, from + static_cast<int64_t>(count)});
  });
  if (const json metrics = declarations_of(stages_by_name(records)); !metrics.is_null())
    writer.text("/metrics", dump(metrics));
  write_atomically(file, writer.finish());
  return rows.size();
}

std::vector<Measurement> read_measurements(const std::filesystem::path& file) {
  return measurements_of(Hdf5Reader(file).table("/measurements"), file.string());
}

json read_declarations(const std::filesystem::path& file) {
  const Hdf5Reader reader(file);
  return reader.has("/metrics") ? read_json(reader, "/metrics") : json();
}

}  // namespace sslbench
