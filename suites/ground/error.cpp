// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/error.h"

#include <array>
#include <utility>

namespace sslbench {
namespace {

constexpr std::array<std::pair<FailureKind, std::string_view>, 9> kNames{{
    {FailureKind::oom, "oom"},
    {FailureKind::non_finite, "non_finite"},
    {FailureKind::data, "data"},
    {FailureKind::checkpoint, "checkpoint"},
    {FailureKind::storage, "storage"},
    {FailureKind::timeout, "timeout"},
    {FailureKind::signal, "signal"},
    {FailureKind::ranks, "ranks"},
    {FailureKind::internal, "internal"},
}};

}  // namespace

std::string_view failure_name(FailureKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  throw InternalError("internal error: failure kind without a name");
}

FailureKind failure_from_name(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return FailureKind::internal;
}

}  // namespace sslbench
