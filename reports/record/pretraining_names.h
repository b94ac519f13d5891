// SPDX-License-Identifier: Apache-2.0
// Under which names pretraining records what reports look for.
#pragma once

#include <array>

namespace sslbench {

// Curves of what features were worth while pretraining went on are called so, then as the metric of protocol "value".
inline constexpr const char* kValueCurves = "value_";
// The metric of pretraining that says how many images every point of value_knn_top1 is over.
inline constexpr const char* kValueAsked = "value_images";
// Images a second over all steps, beside the median of windows that is judged.
inline constexpr const char* kMeanThroughput = "throughput_mean";
// What a step computes: 10^9 operations a source image.
inline constexpr const char* kMatrixWork = "matrix_gigaflop";
// What all steps after set-up took, by what they did (suites/training/meters/step_phases.h, in its order); n: the
// steps.
inline constexpr std::array kStepTimes = {"views_time", "forward_time", "backward_time", "update_time", "other_time"};
// What the peak memory consists of, in bytes.
inline constexpr std::array kMemorySources = {"memory_kept", "memory_gradients", "memory_batch", "memory_images"};

}  // namespace sslbench
