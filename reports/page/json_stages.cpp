// SPDX-License-Identifier: Apache-2.0
// Texts are put together here, since as values of nlohmann's they take several times as long: a report of ten thousand
// runs has nearly a million measurements.
#include "reports/page/json_stages.h"
#include "reports/text/json_text.h"

#include <cmath>

namespace sslbench {
namespace {

using nlohmann::json;

std::string measurement_text(const Measurement& m) {
  JsonObjectText out(5);
  out.add_name("dataset", m.dataset);
  out.add_name("direction", m.direction);
  out.add_name("metric", m.metric);
  out.add("n", m.n);
  out.add_name("reason", m.reason);
  out.add_name("split", m.split);
  out.add_name("unit", m.unit);
  out.add("value", number_or_null(m.value));
  out.add("version", m.version);
  return out.end();
}

std::string measurements_text(const std::vector<Measurement>& measurements) {
  std::string out;
  for (const Measurement& m : measurements) {
    out += out.empty() ? "[\n    " : ",\n    ";
    out += measurement_text(m);
  }
  return out.empty() ? "[]" : out + "\n   ]";
}

std::string stage_text(const Record& record, const StageRecord& stage) {
  // Nobody measured a stage that failed.
  const auto cost = [&](auto value) {
    return !stage.finished() || !std::isfinite(static_cast<double>(value)) ? json(nullptr) : json(value);
  };
  JsonObjectText out(3);
  out.add("cpu_seconds", cost(stage.cpu_seconds));
  if (!record.ended.empty()) out.add_name("ended", record.ended);
  out.add("energy_joules", cost(stage.energy_joules));
  out.add("images", cost(stage.images));
  out.add("images_per_second", cost(stage.images_per_second));
  out.add_text("measurements", measurements_text(stage.measurements));
  out.add("peak_device_bytes", cost(stage.peak_device_bytes));
  out.add("peak_process_bytes", cost(stage.peak_process_bytes));
  out.add("peak_tensor_bytes", cost(stage.peak_tensor_bytes));
  out.add_name("revision", stage.revision);
  out.add_name("run", record.run);
  out.add("setup_seconds", cost(stage.setup_seconds));
  out.add_name("stage", stage.name);
  out.add_name("status", stage.status);
  out.add_name("taken_from", stage.taken_from);
  out.add("wall_seconds", cost(stage.wall_seconds));
  return out.end();
}

}  // namespace

void put_stages(const std::vector<Record>& records, JsonObjectText& out) {
  bool first = true;
  for (const Record& record : records) {
    for (const StageRecord& stage : record.stages) {
      out.put((first ? "[\n  " : ",\n  ") + stage_text(record, stage));
      first = false;
    }
  }
  out.put(first ? "[]" : "\n ]");
}

}  // namespace sslbench
