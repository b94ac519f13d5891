// SPDX-License-Identifier: Apache-2.0
// fill_results SUITE OUT RECORD [SEEDS]: a results folder as `sslbench run SUITE -o OUT` would leave it, without
// training: every run's record is RECORD, made by a real run of the same protocols, with the run's own name, settings
// and keys, and with numbers that differ by row and seed.
// fill_results ROWS: prints a suite of so many rows beside floor and ceiling.
// Sizes are measured on such folders (reports/record/README.md).
#include <cstdio>
#include <iostream>
#include <random>

#include "reports/record/record_store.h"
#include "reports/record/run_identity.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/ground/error.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

void print_suite(int rows) {
  std::cout << "# Which temperature?\n"
               "dataset = { name = \"shapes\", size = 48, train_images = 4096, test_images = 2048 }\n"
               "backbone = { name = \"resnet18\", width = 16, stem = \"imagenet\" }\n"
               "seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
               "[pretrain]\nbatch_size = 64\nepochs = 2\n"
               "[methods.random_init]\n[methods.supervised]\n";
  char line[120];
  for (int row = 2; row < rows; ++row) {
    std::snprintf(line, sizeof line, "[methods.simclr_%04d]\nmethod = \"simclr\"\ntemperature = %.4f\n", row,
                  0.05 + 1e-4 * row);
    std::cout << line;
  }
  std::cout << "[protocols.knn]\n[protocols.linear_probe]\n";
}

double between_zero_and_one(double value) { return std::min(1.0, std::max(0.0, value)); }

// The same shift for a number and its bootstrap replicates, so that its interval stays one.
void vary(Record& record, std::mt19937& of_row, std::mt19937& of_run) {
  std::normal_distribution<double> small(0, 0.005), large(0, 0.03);
  for (StageRecord& stage : record.stages) {
    stage.wall_seconds *= 1 + large(of_run);
    stage.cpu_seconds *= 1 + large(of_run);
    std::map<std::string, double> shifts;
    for (Measurement& m : stage.measurements) {
      if (m.unit != "1" || m.split != "test") continue;
      const double shift = shifts[m.metric] = large(of_row) + small(of_run);
      m.value = between_zero_and_one(m.value + shift);
    }
    for (auto& [metric, values] : stage.replicates) {
      for (double& value : values.own()) value = between_zero_and_one(value + shifts[metric]);
    }
  }
}

void name_after(const RunSpec& run, const std::string& role, Record& record) {
  set_identity(run, record);
  record.effective = run_spec_to_json(run);
  record.requested = run.requested.value();
  record.facts["role"] = role;
  for (StageRecord& stage : record.stages) {
    if (stage.plugin == "pretrain") stage.key = run.pretrain_key;
    for (const ProtocolSpec& protocol : run.protocols) {
      if (stage.name == protocol.row) stage.key = protocol.key;
    }
    for (Measurement& m : stage.measurements) {
      m.suite = run.suite, m.method = run.row, m.seed = run.seed, m.run = run.name();
    }
  }
}

void fill(const SuiteOptions& options, const std::filesystem::path& from) {
  const SuiteRequest request = request_from(options);
  const Record base = read_record(from);
  const OutputFolder folder(request.out, request.plan.suite);
  folder.write_plan(request.plan);
  size_t row = 0;
  for (const RunSpec& run : request.plan.runs) {
    if (run.seed == request.plan.runs.front().seed) ++row;
    if (std::filesystem::exists(run.record_file())) continue;
    std::mt19937 of_row(row), of_run(static_cast<uint32_t>(1'000'003 * row + run.seed));
    Record record = base;
    name_after(run, request.catalog.find("method", run.method).facts.value("role", ""), record);
    vary(record, of_row, of_run);
    record.environment["worker"] = run.worker;
    write_record(record, run.record_file());
  }
  std::cout << request.plan.runs.size() << " runs\n";
}

}  // namespace
}  // namespace sslbench

int main(int argc, char** argv) {
  try {
    if (argc == 2) {
      sslbench::print_suite(std::stoi(argv[1]));
    } else if (argc == 4 || argc == 5) {
      sslbench::SuiteOptions options{.suite = argv[1], .out = argv[2]};
      options.device = "cpu";
      if (argc == 5) options.seeds = argv[4];
      sslbench::fill(options, argv[3]);
    } else {
      std::cerr << "usage: fill_results ROWS | fill_results SUITE OUT RECORD [SEEDS]\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
