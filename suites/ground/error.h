// SPDX-License-Identifier: Apache-2.0
// The three ways in which something can go wrong, and what each one costs.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sslbench {

// A mistake that the person can mend: message = fixed text, then the values, then what to do. Exit code 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why a run could not be finished; the names are the statuses `failed(<name>)` in records and reports.
enum class FailureKind { oom, non_finite, data, checkpoint, storage, timeout, signal, ranks, internal };

// Returns the status name of a failure, for example "non_finite".
std::string_view failure_name(FailureKind kind);

// Reads a status name back; an unknown one is `internal`.
FailureKind failure_from_name(std::string_view name);

// Ends one run, never the suite: becomes a record with status failed(<kind>).
class RunFailure : public std::runtime_error {
 public:
  RunFailure(FailureKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  FailureKind kind() const { return kind_; }

 private:
  FailureKind kind_;
};

// What cannot happen unless the program is wrong. Exit code 70.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws InternalError when `holds` is false.
inline void require(bool holds, std::string_view what) {
  if (!holds) throw InternalError("internal error: " + std::string(what));
}

}  // namespace sslbench
