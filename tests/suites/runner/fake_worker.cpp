// SPDX-License-Identifier: Apache-2.0
// How a worker of shell publishes: it starts this program again, which writes the record under its run's name and ends
// before any test.
#include "tests/suites/runner/fake_worker.h"

#include <unistd.h>

namespace sslbench {
namespace {

// "simclr-s0-0123456789ab"
void name_after(const std::string& run, Record& record) {
  const size_t id = run.rfind('-'), seed = run.rfind("-s", id - 1);
  record.run = run;
  record.row = run.substr(0, seed);
  record.seed = std::stoll(run.substr(seed + 2, id - seed - 2));
}

const bool published = [] {
  const char* target = std::getenv("FAKE_PUBLISH");
  if (target == nullptr) return false;
  Record record = read_record(std::filesystem::path(std::getenv("FAKE")) / "record.h5");
  name_after(std::getenv("FAKE_RUN"), record);
  write_record(record, target);
  ::_exit(0);
}();

}  // namespace
}  // namespace sslbench
