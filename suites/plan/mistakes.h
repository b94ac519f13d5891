// SPDX-License-Identifier: Apache-2.0
// Mistakes of a file, collected so that a person hears of all of them at once and not of one a try.
#pragma once

#include <string>
#include <vector>

#include "suites/ground/error.h"

namespace sslbench {

class Mistakes {
 public:
  // Keeps what `read` throws as a UserError; true: it threw none.
  template <class Read>
  bool keep(Read&& read) {
    try {
      read();
      return true;
    } catch (const UserError& error) {
      add(error.what());
      return false;
    }
  }
  // Said once, however often it is met.
  void add(const std::string& text);
  // UserError with all that was kept, in order, each but the first after "error: " on a line of its own.
  void throw_any() const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace sslbench
