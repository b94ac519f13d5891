// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// Curves of what features were worth while pretraining went on are called so, then as the metric of protocol "value".
inline constexpr const char* kValueCurves = "value_";
// The metric of pretraining that says how many images every point of value_knn_top1 is over.
inline constexpr const char* kValueAsked = "value_images";

}  // namespace sslbench
