// SPDX-License-Identifier: Apache-2.0
// Every struct lists its members once, in `members_of`, for both directions: numbers as they lie in memory, texts and
// lists behind their length, JSON as text.
#include "reports/record/record_pack.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"

namespace sslbench {
namespace {

using nlohmann::json;

template <class T>
constexpr bool kIsNumber = std::is_arithmetic_v<T> || std::is_enum_v<T>;

template <class S, class Of>
concept Is = std::is_same_v<std::remove_const_t<S>, Of>;

template <Is<Curve> S>
void members_of(S& c, auto& part) {
  part(c.step, c.value);
}
template <Is<SampleBox> S>
void members_of(S& b, auto& part) {
  part(b.x0, b.y0, b.x1, b.y1, b.label, b.score);
}
template <Is<SamplePicture> S>
void members_of(S& p, auto& part) {
  part(p.height, p.width, p.image, p.label);
}
template <Is<Sample> S>
void members_of(S& s, auto& part) {
  part(s.height, s.width, s.image, s.label, s.beside, s.truth_boxes, s.found_boxes, s.truth_mask, s.found_mask);
}
template <Is<StateHash> S>
void members_of(S& h, auto& part) {
  part(h.step, h.state);
}
template <Is<KeptFeatures> S>
void members_of(S& f, auto& part) {
  part(f.images, f.dimensions, f.halves);
}
template <Is<Measurement> S>
void members_of(S& m, auto& part) {
  part(m.suite, m.dataset, m.method, m.backbone, m.seed, m.stage, m.protocol, m.version, m.metric, m.split, m.value,
       m.unit, m.direction, m.n, m.run, m.reason, m.method_name);
}
template <Is<Metric> S>
void members_of(S& m, auto& part) {
  part(m.name, m.unit, m.better, m.kind, m.definition, m.constant_answer, m.constant_value, m.undefined_when,
       m.headline);
}
template <Is<StageRecord> S>
void members_of(S& s, auto& part) {
  part(s.name, s.plugin, s.key, s.status, s.wall_seconds, s.cpu_seconds, s.setup_seconds, s.images, s.images_per_second,
       s.peak_process_bytes, s.peak_tensor_bytes, s.peak_device_bytes, s.energy_joules, s.taken_from, s.revision,
       s.metrics, s.measurements, s.curves, s.replicates, s.hashes, s.samples, s.class_names, s.features);
}
template <Is<Record> S>
void members_of(S& r, auto& part) {
  part(r.suite, r.question, r.row, r.method, r.backbone, r.dataset, r.run, r.seed, r.status, r.failure, r.attempts,
       r.ended, r.requested, r.effective, r.facts, r.environment, r.stages);
}

class Packer {
 public:
  template <class... T>
  void operator()(const T&... parts) {
    (pack(parts), ...);
  }
  std::string bytes;

 private:
  void raw(const void* from, size_t size) { bytes.append(static_cast<const char*>(from), size); }
  void pack_size(uint64_t size) { raw(&size, sizeof size); }

  template <class T>
  void pack(const T& value) {
    if constexpr (kIsNumber<T>) {
      raw(&value, sizeof value);
    } else {
      members_of(value, *this);
    }
  }
  void pack(const std::string& text) {
    pack_size(text.size());
    bytes += text;
  }
  void pack(const SharedText& text) { pack(text.text()); }
  void pack(const Replicates& values) { pack(values.all()); }
  void pack(const json& value) { pack(value.dump(-1, ' ', false, json::error_handler_t::replace)); }
  template <class T>
  void pack(const std::vector<T>& list) {
    pack_size(list.size());
    if constexpr (kIsNumber<T>) {
      raw(list.data(), list.size() * sizeof(T));
    } else {
      for (const T& each : list) pack(each);
    }
  }
  template <class T>
  void pack(const SharedList<T>& list) {
    pack(list.all());
  }
  template <class T>
  void pack(const std::map<std::string, T>& list) {
    pack_size(list.size());
    for (const auto& [name, value] : list) {
      pack(name);
      pack(value);
    }
  }
};

// What whoever draws a record relies on, and reading the file has seen to.
bool fits(const SamplePicture& picture) {
  const auto side = [](int32_t pixels) { return pixels >= 1 && pixels <= kMostSampleSide; };
  return side(picture.height) && side(picture.width) &&
         picture.image.size() == 3 * static_cast<size_t>(picture.height) * static_cast<size_t>(picture.width);
}

bool fits(const Sample& sample) {
  const size_t pixels = sample.image.size() / 3;
  const auto mask = [pixels](const std::vector<uint8_t>& labels) { return labels.empty() || labels.size() == pixels; };
  return fits(static_cast<const SamplePicture&>(sample)) && mask(sample.truth_mask) && mask(sample.found_mask) &&
         std::all_of(sample.beside.begin(), sample.beside.end(), [](const SamplePicture& p) { return fits(p); });
}

bool fits(const Metric& metric) { return metric.kind <= MetricKind::cost && metric.better <= Better::none; }

bool fits(const StageRecord& stage) {
  return std::all_of(stage.metrics.begin(), stage.metrics.end(), [](const Metric& m) { return fits(m); }) &&
         std::all_of(stage.curves.begin(), stage.curves.end(),
                     [](const auto& curve) { return curve.second.step.size() == curve.second.value.size(); }) &&
         std::all_of(stage.samples.begin(), stage.samples.end(), [](const Sample& sample) { return fits(sample); }) &&
         stage.features.fits();
}

constexpr uint64_t kMostReserved = 1024;  // of a list whose length nobody vouches for

class Unpacker {
 public:
  Unpacker(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}
  template <class... T>
  void operator()(T&... parts) {
    (unpack(parts), ...);
  }
  void expect_end() const {
    if (!bytes_.empty()) refuse();
  }
  [[noreturn]] void refuse() const {
    throw UserError(file_ +
                    " is not a record that this build can read: reading it gave none; delete the file or take "
                    "it from a copy");
  }

 private:
  std::string_view take(uint64_t size) {
    if (size > bytes_.size()) refuse();
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  // Of as many items, each of which takes at least `item_bytes`.
  uint64_t unpack_size(size_t item_bytes) {
    uint64_t size = 0;
    unpack(size);
    if (size > bytes_.size() / item_bytes) refuse();
    return size;
  }

  template <class T>
  void unpack(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = take(1).front() != 0;
    } else if constexpr (kIsNumber<T>) {
      std::memcpy(&value, take(sizeof value).data(), sizeof value);
    } else {
      members_of(value, *this);
    }
  }
  void unpack(std::string& text) { text = take(unpack_size(1)); }
  void unpack(SharedText& text) { text = take(unpack_size(1)); }
  void unpack(Replicates& values) {
    std::vector<double> list;
    unpack(list);
    values = std::move(list);
  }
  void unpack(json& value) {
    try {
      value = parse_foreign_json(take(unpack_size(1)));
    } catch (const json::exception&) {
      refuse();
    }
  }
  template <class T>
  void unpack(std::vector<T>& list) {
    if constexpr (kIsNumber<T>) {
      const uint64_t size = unpack_size(sizeof(T));
      list.resize(size);
      if (size > 0) std::memcpy(list.data(), take(size * sizeof(T)).data(), size * sizeof(T));
    } else {
      uint64_t left = unpack_size(1);
      list.reserve(std::min(left, kMostReserved));
      for (; left > 0; --left) unpack(list.emplace_back());
    }
  }
  template <class T>
  void unpack(SharedList<T>& list) {
    unpack(list.own());
  }
  template <class T>
  void unpack(std::map<std::string, T>& list) {
    for (uint64_t left = unpack_size(1); left > 0; --left) {
      std::string name;
      unpack(name);
      unpack(list[name]);
    }
  }

  std::string_view bytes_;
  const std::string& file_;
};

}  // namespace

std::string pack_record(const Record& record) {
  Packer packer;
  packer(record);
  return std::move(packer.bytes);
}

Record unpack_record(std::string_view bytes, const std::string& file) {
  Record record;
  Unpacker unpacker(bytes, file);
  unpacker(record);
  unpacker.expect_end();
  for (const StageRecord& stage : record.stages) {
    if (!fits(stage)) unpacker.refuse();
  }
  return record;
}

}  // namespace sslbench
