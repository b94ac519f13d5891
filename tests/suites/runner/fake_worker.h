// SPDX-License-Identifier: Apache-2.0
// A worker of a few lines of shell whose behaviour each test chooses per method row, for everything the front end has
// to survive.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "reports/record/record_store.h"
#include "suites/plan/run_spec.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {

// Answers catalog, check (no, where there is a file `refuse`) and calibrate (1 EiB, where there is a file `huge`); as a
// worker it reads its row's behaviour from a file of that name:
//   ok        publishes record.h5 (prepared below) as its run and ends well      silent   ends well without a record
//   fail      leaves failure.json (non_finite) and exits 10           odd      writes a last word to its log, exits 9
//   crash     dies of SIGSEGV                                         killed   dies of SIGKILL
//   hang      reports progress once, then sleeps                      patient  works until SIGTERM, then exits 75
//   stubborn  as hang, and ignores SIGTERM
//   slow      waits for another such worker (3 s), writes how many there are now into `at_once`, then as ok
//   teardown  publishes record.h5, then dies of SIGSEGV               lingers  publishes record.h5, then as hang
//   careful   as patient, and takes a while to write `saved` before it exits
//   impatient works until SIGTERM, then exits as one that a second signal ended
inline constexpr const char* kFakeWorkerScript = R"sh(#!/bin/sh
case "$1" in
  catalog) cat "$FAKE/catalog.json"; exit 0 ;;
  check)
    echo check >> "$FAKE/asked"
    if [ -e "$FAKE/refuse" ]; then echo "$2: batch of 8 is larger than the queue"; exit 2; fi
    exit 0 ;;
  calibrate)
    echo calibrate >> "$FAKE/calibrated"
    process=1048576
    if [ -e "$FAKE/huge" ]; then process=1152921504606846976; fi
    echo '{"stages": {"pretrain": {"seconds": 50, "device_bytes": -1, "process_bytes": '$process'},'
    echo '"slow": {"seconds": null, "process_bytes": 0, "device_bytes": -1},'
    echo '"knn": {"seconds": 10, "process_bytes": 2097152, "device_bytes": -1}}, "step_seconds": 0.5, "steps": 100,'
    echo '"disk_bytes": 1000000, "batch_bytes": 900000, "image_bytes": 9000}'
    exit 0 ;;
esac
work=$(dirname "$1"); run=$(basename "$work"); runs=$(dirname "$(dirname "$work")")/runs; row=${run%%-s[0-9]*}
echo "$run" >> "$FAKE/started"; echo $$ >> "$FAKE/pids"
echo "$OMP_NUM_THREADS" > "$FAKE/threads"
progress() {
  printf '{"stage":"pretrain","step":%s,"steps":10,"images_per_second":100,' "$1" > "$work/p"
  printf '"stages_done":[],"stages":["pretrain","knn"]}' >> "$work/p"
  mv "$work/p" "$work/progress.json"
}
publish() { mkdir -p "$runs"; FAKE_PUBLISH="$runs/$run.h5" FAKE_RUN="$run" "$FAKE_PROGRAM"; exit 0; }
case "$(cat "$FAKE/$row" 2>/dev/null || echo ok)" in
  ok) publish ;;
  silent) exit 0 ;;
  fail)
    printf '{"kind":"non_finite","message":"loss is not finite","stage":"pretrain","step":7}' > "$work/failure.json"
    exit 10 ;;
  odd) echo "last words"; exit 9 ;;
  crash) progress 3; kill -SEGV $$ ;;
  killed) kill -KILL $$ ;;
  hang) progress 4; exec sleep 60 ;;
  stubborn) trap '' TERM; progress 4; exec sleep 60 ;;
  patient) trap 'exit 75' TERM; progress 5; while :; do sleep 0.02; done ;;
  careful)
    trap 'sleep 1; echo whole >> "$FAKE/saved"; exit 75' TERM; progress 5; while :; do sleep 0.02; done ;;
  slow)
    progress 1; : > "$FAKE/now.$$"; tries=0
    while now=$(ls "$FAKE" | grep -c '^now[.]'); [ "$now" -lt 2 ] && [ $tries -lt 60 ]; do
      sleep 0.05; tries=$((tries + 1))
    done
    echo "$now" >> "$FAKE/at_once"; sleep 0.3; rm "$FAKE/now.$$"; publish ;;
  teardown) ( publish ); kill -SEGV $$ ;;
  lingers) ( publish ); progress 9; exec sleep 60 ;;
  impatient) trap 'exit 143' TERM; progress 5; while :; do sleep 0.02; done ;;
esac
)sh";

class FakeWorker {
 public:
  FakeWorker() {
    path_ = folder_.write("worker", kFakeWorkerScript);
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    folder_.write("catalog.json", catalog_to_json(small_catalog()).dump());
    Record record;
    record.run = "any";
    record.status = "ok";
    write_record(record, folder_.path() / "record.h5");
    ::setenv("FAKE", folder_.path().c_str(), 1);
    ::setenv("FAKE_PROGRAM", std::filesystem::read_symlink("/proc/self/exe").c_str(), 1);  // fake_worker.cpp
    ::setenv("SSLBENCH_WORKER", path_.c_str(), 1);
    ::setenv("XDG_CACHE_HOME", (folder_.path() / "cache").c_str(), 1);
  }
  ~FakeWorker() {
    for (const char* name : {"FAKE", "FAKE_PROGRAM", "SSLBENCH_WORKER", "XDG_CACHE_HOME"}) ::unsetenv(name);
  }

  void behave(const std::string& row, const std::string& how) const { folder_.write(row, how); }
  // What record.h5 will hold for the runs from here on.
  void publishes(const Record& record) const { write_record(record, folder_.path() / "record.h5"); }
  // Names of the runs that workers were started for, in order.
  std::vector<std::string> started() const { return lines("started"); }
  size_t checks() const { return lines("asked").size(); }
  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream in(folder_.path() / file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }
  const std::filesystem::path& program() const { return path_; }

 private:
  ScratchFolder folder_;
  std::filesystem::path path_;
};

inline RunSpec small_run(const std::string& row, const std::filesystem::path& out, int64_t seed = 0) {
  RunSpec run;
  run.suite = "mine";
  run.row = row;
  run.method = "simclr";
  run.seed = seed;
  run.id = "0123456789ab";
  run.dataset = {"shapes", nlohmann::json::object(), "digest"};
  run.backbone = "resnet18";
  run.pretrain = {{"epochs", 1}};
  run.pretrain_key = "pretrain-key-" + row;
  ProtocolSpec knn{"knn", "knn", 1, run.dataset};
  knn.key = "knn-key-" + row;
  run.protocols.push_back(knn);
  run.out = out;
  return run;
}

// A stage that ended well, with one measurement.
inline StageRecord small_stage(const std::string& name, const std::string& key, double seconds = 2) {
  StageRecord stage;
  stage.name = stage.plugin = name;
  stage.key = key;
  stage.status = "ok";
  stage.wall_seconds = seconds;
  stage.peak_process_bytes = 1 << 20;
  stage.measurements.push_back(
      {"mine", "shapes", "simclr", "resnet18", 0, name, name, 1, "top1", "test", 0.5, "1", "higher", 10, "any"});
  return stage;
}

}  // namespace sslbench
