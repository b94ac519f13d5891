// SPDX-License-Identifier: Apache-2.0
// Records made up for the tests of this folder.
#pragma once

#include <cmath>
#include <string>

#include "reports/record/record.h"

namespace sslbench {

inline Measurement sample_measurement(const std::string& row, int64_t seed, const std::string& protocol,
                                      const std::string& metric, double value) {
  Measurement m;
  m.suite = "quickstart";
  m.dataset = "shapes";
  m.method = row;
  m.backbone = "resnet18";
  m.seed = seed;
  m.stage = m.protocol = protocol;
  m.version = 1;
  m.metric = metric;
  m.split = "test";
  m.value = value;
  m.unit = "1";
  m.direction = "higher";
  m.n = 2048;
  m.run = row + "-s" + std::to_string(seed) + "-0123456789ab";
  return m;
}

// What detection records of a class that the test images lack.
inline Measurement undefined_measurement(const std::string& row, int64_t seed, const std::string& protocol,
                                         const std::string& metric) {
  Measurement m = sample_measurement(row, seed, protocol, metric, std::nan(""));
  m.reason = "no box of this class in the test images";
  return m;
}

inline Sample sample_picture(int32_t height, int32_t width, uint8_t tint) {
  Sample sample;
  sample.height = height;
  sample.width = width;
  for (int32_t i = 0; i < height * width; ++i) {
    const uint8_t x = static_cast<uint8_t>(i % width * 255 / width), y = static_cast<uint8_t>(i / width * 255 / height);
    sample.image.insert(sample.image.end(), {x, y, tint});
    sample.truth_mask.push_back(i % width < width / 2 ? 0 : 1);
    sample.found_mask.push_back(i % 11 == 0 ? 255 : static_cast<uint8_t>(i / width < height / 2 ? 0 : 1));
  }
  sample.truth_boxes.push_back({4, 5, static_cast<float>(width) / 2, static_cast<float>(height) / 2, 1, 1});
  sample.found_boxes.push_back(
      {5.25f, 4.5f, static_cast<float>(width) / 2 + 3, static_cast<float>(height) / 2, 1, .75f});
  return sample;
}

inline StageRecord sample_probe(const std::string& row, int64_t seed, double top1) {
  StageRecord probe;
  probe.name = probe.plugin = "linear_probe";
  probe.key = std::string(64, 'b');
  probe.status = "ok";
  probe.wall_seconds = 3;
  probe.metrics = {{.name = "top1",
                    .kind = MetricKind::share,
                    .definition = "share of test images whose class has the highest score (ties: the lower class wins)",
                    .constant_answer = "the commonest training class"}};
  probe.taken_from = "simclr-s0-ba9876543210 at abc";
  probe.measurements = {sample_measurement(row, seed, "linear_probe", "top1", top1),
                        sample_measurement(row, seed, "linear_probe", "constant_top1", 0.1)};
  for (int b = 0; b < 200; ++b) probe.replicates["top1"].own().push_back(top1 + 0.0002 * (b - 100));
  return probe;
}

inline StageRecord sample_detection(const std::string& row, int64_t seed, double top1) {
  StageRecord detection;
  detection.name = detection.plugin = "detection";
  detection.key = std::string(64, 'c');
  detection.status = "ok";
  detection.metrics = {
      {.name = "ap",
       .definition = "COCO box AP as pycocotools computes it: mean over IoU 0.50 to 0.95, 101 recalls and classes",
       .undefined_when = "no box to find in the test images"}};
  detection.measurements = {sample_measurement(row, seed, "detection", "ap", top1 / 2)};
  for (int b = 0; b < 200; ++b) detection.replicates["ap"].own().push_back(top1 / 2 + 0.0005 * (b - 100));
  for (uint8_t i = 0; i < 3; ++i) detection.samples.push_back(sample_picture(48, 64, static_cast<uint8_t>(80 * i)));
  detection.class_names = {"ellipse", "star"};
  return detection;
}

// A finished run with every part filled.
inline Record sample_record(const std::string& row = "simclr", int64_t seed = 0, double top1 = 0.5) {
  Record record;
  record.suite = "quickstart";
  record.question = "Which objective gives the most separable features?";
  record.row = record.method = row;
  record.backbone = "resnet18";
  record.dataset = "shapes";
  record.run = row + "-s" + std::to_string(seed) + "-0123456789ab";
  record.seed = seed;
  record.status = "ok";
  record.requested = {{"temperature", 0.2}};
  record.effective = {{"row", row}, {"seed", seed}};
  record.facts = {{"role", ""}, {"uses_labels", false}, {"equal_cost", true}, {"budget", "16 epochs x 4,096 images"}};
  record.ended = "2026-01-02T03:04:05Z";
  record.environment = {
      {"version", "0.1.0"}, {"revision", "abc"}, {"dirty", false}, {"build_type", "Release"}, {"cpu", "Test CPU"}};

  StageRecord pretrain;
  pretrain.name = pretrain.plugin = "pretrain";
  pretrain.key = std::string(64, 'a');
  pretrain.status = "ok";
  pretrain.wall_seconds = 44.5;
  pretrain.cpu_seconds = 80;
  pretrain.setup_seconds = 0.75;
  pretrain.images = 65536;
  pretrain.images_per_second = 1500.5;
  pretrain.peak_process_bytes = int64_t{3} << 30;
  pretrain.peak_tensor_bytes = 123456789;
  pretrain.measurements = {sample_measurement(row, seed, "pretrain", "throughput", 1500.5)};
  pretrain.measurements[0].unit = "images/s";
  for (int64_t step = 0; step < 50; ++step) {
    pretrain.curves["loss"].step.push_back(step * 10);
    pretrain.curves["loss"].value.push_back(5.0 / static_cast<double>(1 + step));
  }
  pretrain.hashes = {{0, std::string(64, '0')}, {500, std::string(64, 'f')}};

  record.stages = {pretrain, sample_probe(row, seed, top1), sample_detection(row, seed, top1)};
  return record;
}

}  // namespace sslbench
