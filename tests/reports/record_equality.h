// SPDX-License-Identifier: Apache-2.0
// Expectations that two records hold the same, part by part.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

inline void expect_equal(const Measurement& a, const Measurement& b) {
  EXPECT_EQ(a.suite, b.suite);
  EXPECT_EQ(a.dataset, b.dataset);
  EXPECT_EQ(a.method, b.method);
  EXPECT_EQ(a.backbone, b.backbone);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.stage, b.stage);
  EXPECT_EQ(a.protocol, b.protocol);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.metric, b.metric);
  EXPECT_EQ(a.split, b.split);
  EXPECT_TRUE(a.value == b.value || (std::isnan(a.value) && std::isnan(b.value))) << a.value << " and " << b.value;
  EXPECT_EQ(a.unit, b.unit);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.n, b.n);
  EXPECT_EQ(a.run, b.run);
  EXPECT_EQ(a.reason, b.reason);
}

inline void expect_equal(const std::vector<SampleBox>& a, const std::vector<SampleBox>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::tie(a[i].x0, a[i].y0, a[i].x1, a[i].y1), std::tie(b[i].x0, b[i].y0, b[i].x1, b[i].y1));
    EXPECT_EQ(std::tie(a[i].label, a[i].score), std::tie(b[i].label, b[i].score));
  }
}

inline void expect_equal(const SamplePicture& a, const SamplePicture& b) {
  EXPECT_EQ(std::tie(a.height, a.width, a.image, a.label), std::tie(b.height, b.width, b.image, b.label));
}

inline void expect_equal(const Sample& a, const Sample& b) {
  expect_equal(static_cast<const SamplePicture&>(a), static_cast<const SamplePicture&>(b));
  ASSERT_EQ(a.beside.size(), b.beside.size());
  for (size_t i = 0; i < a.beside.size(); ++i) expect_equal(a.beside[i], b.beside[i]);
  EXPECT_EQ(std::tie(a.truth_mask, a.found_mask), std::tie(b.truth_mask, b.found_mask));
  expect_equal(a.truth_boxes, b.truth_boxes);
  expect_equal(a.found_boxes, b.found_boxes);
}

inline void expect_equal(const std::vector<Metric>& a, const std::vector<Metric>& b) {
  EXPECT_EQ(metrics_to_json(a), metrics_to_json(b));
}

inline void expect_same_scalars(const StageRecord& a, const StageRecord& b) {
  expect_equal(a.metrics, b.metrics);
  EXPECT_EQ(std::tie(a.name, a.plugin, a.key, a.status), std::tie(b.name, b.plugin, b.key, b.status));
  EXPECT_EQ(std::tie(a.wall_seconds, a.cpu_seconds, a.setup_seconds, a.images, a.images_per_second),
            std::tie(b.wall_seconds, b.cpu_seconds, b.setup_seconds, b.images, b.images_per_second));
  EXPECT_EQ(std::tie(a.peak_process_bytes, a.peak_tensor_bytes, a.peak_device_bytes, a.energy_joules, a.taken_from),
            std::tie(b.peak_process_bytes, b.peak_tensor_bytes, b.peak_device_bytes, b.energy_joules, b.taken_from));
  EXPECT_EQ(a.revision, b.revision);
  ASSERT_EQ(a.measurements.size(), b.measurements.size());
  for (size_t i = 0; i < a.measurements.size(); ++i) expect_equal(a.measurements[i], b.measurements[i]);
}

inline void expect_same_series(const StageRecord& a, const StageRecord& b) {
  ASSERT_EQ(a.curves.size(), b.curves.size());
  for (const auto& [name, curve] : a.curves) {
    EXPECT_EQ(curve.step, b.curves.at(name).step) << name;
    EXPECT_EQ(curve.value, b.curves.at(name).value) << name;
  }
  EXPECT_EQ(a.replicates, b.replicates);
  ASSERT_EQ(a.hashes.size(), b.hashes.size());
  for (size_t i = 0; i < a.hashes.size(); ++i) {
    EXPECT_EQ(std::tie(a.hashes[i].step, a.hashes[i].state), std::tie(b.hashes[i].step, b.hashes[i].state));
  }
  EXPECT_EQ(a.class_names, b.class_names);
  ASSERT_EQ(a.samples.size(), b.samples.size());
  for (size_t i = 0; i < a.samples.size(); ++i) expect_equal(a.samples[i], b.samples[i]);
  EXPECT_EQ(std::tie(a.features.images, a.features.dimensions, a.features.halves),
            std::tie(b.features.images, b.features.dimensions, b.features.halves));
}

inline void expect_same_head(const Record& a, const Record& b) {
  EXPECT_EQ(std::tie(a.suite, a.question, a.row, a.method, a.backbone, a.dataset, a.run),
            std::tie(b.suite, b.question, b.row, b.method, b.backbone, b.dataset, b.run));
  EXPECT_EQ(std::tie(a.seed, a.status, a.failure, a.attempts, a.ended),
            std::tie(b.seed, b.status, b.failure, b.attempts, b.ended));
  EXPECT_EQ(std::tie(a.requested, a.effective, a.facts, a.environment),
            std::tie(b.requested, b.effective, b.facts, b.environment));
  EXPECT_EQ(a.stages.size(), b.stages.size());
}

}  // namespace sslbench
