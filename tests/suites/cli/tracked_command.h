// SPDX-License-Identifier: Apache-2.0
// A folder for commands over made-up results: history, gate, compare, export, verify.
#pragma once

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "tests/reports/tracked_results.h"
#include "tests/suites/cli/cli_process.h"

namespace sslbench {

class TrackedCommand : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  std::string results(const std::string& name, const TrackedResults& content) const {
    content.write(path(name));
    return path(name).string();
  }

  // Four recorded runs of five seeds: 20 values a cell.
  void record_history(TrackedResults content = {}) const {
    content.seeds = 5;
    for (int run = 0; run < 4; ++run) {
      content.first_seed = 100 + 5 * run;
      CliProcess record({"history", "record", results("past" + std::to_string(run), content), "--history", store()});
      ASSERT_EQ(record.code(), 0) << record.errors();
    }
  }

  // Five seeds of which one row lost a point of accuracy.
  static TrackedResults one_point_drop() {
    TrackedResults out;
    out.seeds = 5;
    out.changed_row = "byol";
    out.top1_drop = 0.01;
    return out;
  }

  std::string store() const { return path("store").string(); }

  // The gate's exit code; its JSON in `said`.
  int gate(const TrackedResults& content, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"gate", results("now", content), "--history", store(), "--json"});
    CliProcess process(more);
    const int code = process.code();
    errors = process.errors();
    said = nlohmann::json::parse(process.output(), nullptr, false);
    return code;
  }

  std::string verdict(const std::string& row, const std::string& metric) const {
    for (const nlohmann::json& cell : said.at("cells")) {
      if (cell.at("row") == row && cell.at("metric") == metric) return cell.at("verdict");
    }
    return "none";
  }

  nlohmann::json said;
  std::string errors;

 private:
  ScratchFolder folder_;
};

}  // namespace sslbench
