// SPDX-License-Identifier: Apache-2.0
// Mistakes of a file, collected so that a person hears of all of them at once and not of one a try.
#pragma once

#include <string>
#include <vector>

#include "suites/ground/error.h"

namespace sslbench {

// Several of them at once; what() holds all, each but the first after "error: " on a line of its own.
class SeveralMistakes : public UserError {
 public:
  explicit SeveralMistakes(std::vector<std::string> texts);  // one at least
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
};

class Mistakes {
 public:
  // Keeps what `read` throws as a UserError; true: it threw none.
  template <class Read>
  bool keep(Read&& read) {
    try {
      read();
      return true;
    } catch (const SeveralMistakes& errors) {
      for (const std::string& text : errors.texts()) add(text);
      return false;
    } catch (const UserError& error) {
      add(error.what());
      return false;
    }
  }
  // Said once, however often it is met.
  void add(const std::string& text);
  // All that was kept, in order: a UserError of one, SeveralMistakes of more.
  void throw_any() const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace sslbench
