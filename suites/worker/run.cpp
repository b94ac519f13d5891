// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <system_error>

#include "reports/record/record_store.h"
#include "reports/record/run_identity.h"
#include "suites/files/abandoned_files.h"
#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/printable.h"
#include "suites/ground/process_limits.h"
#include "suites/ground/wall_clock.h"
#include "suites/handover/failure_file.h"
#include "suites/handover/finished_stage.h"
#include "suites/handover/work_files.h"
#include "suites/plan/plan_keys.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/c10d_ranks.h"
#include "suites/worker/log/log.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/pretraining_metrics.h"
#include "suites/worker/process/run_lock.h"
#include "suites/worker/process/stop_signal.h"
#include "suites/worker/process/thread_count.h"
#include "suites/worker/run_facts.h"
#include "suites/worker/run_features.h"
#include "suites/worker/run_images.h"
#include "suites/worker/run_leaks.h"
#include "suites/worker/run_predictions.h"
#include "suites/worker/run_weights.h"
#include "suites/worker/stage_runner.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> stage_rows(const RunSpec& spec) {
  std::vector<std::string> rows{"pretrain"};
  for (const ProtocolSpec& protocol : spec.protocols) rows.push_back(protocol.row);
  return rows;
}

// A pretraining without its weights cannot be taken over: it is done again.
RunSpec without_lost_weights(RunSpec spec) {
  if (reusable_weights(spec).empty()) spec.reuse.erase("pretrain");
  return spec;
}

class Run {
 public:
  explicit Run(const RunSpec& spec)
      : spec_(without_lost_weights(spec)),
        device_(spec.device),
        data_(run_images(spec, group_.is_first() ? spec.work_folder() / "pretrain.skipped" : fs::path())),
        progress_(group_.is_first() ? progress_file(spec) : fs::path(), stage_rows(spec)),
        stages_(spec_, device_, run_environment(spec_), progress_) {}

  void execute() {
    expect_planned_model(spec_);
    record_.stages.push_back(stages_.run("pretrain", "pretrain", 1, spec_.dataset.name, spec_.pretrain_key,
                                         pretraining_metrics(), [&](StageContext& context) {
                                           const auto method = pretrain(spec_, data_, context);
                                           for (const auto& note : method->backbone().notes()) context.note(note);
                                           if (group_.is_first()) save_backbone(*method, spec_);
                                         }));
    if (group_.is_first() && !fs::exists(weights_file(spec_))) take_over_weights(spec_);
    group_.wait_for_all();
    evaluate();
    if (group_.is_first()) publish();
  }

  const StageRunner& stages() const { return stages_; }

 private:
  void evaluate() {
    const auto backbone = frozen(load_backbone(spec_, device_));
    input_ = backbone->input_facts();
    const auto features_of = [&](Backbone& network, const DatasetSpec& set, Split split) {
      return run_features(spec_, network, data_, set, split, device_, [&] { return stages_.should_stop(); });
    };
    FeatureCache features([&](const DatasetSpec& set, Split split) { return features_of(*backbone, set, split); });
    std::unique_ptr<Backbone> initial;
    const auto untrained = [&]() -> Backbone& {
      if (!initial) initial = frozen(initial_backbone(spec_));
      return *initial;
    };
    FeatureCache before([&](const DatasetSpec& set, Split split) { return features_of(untrained(), set, split); });
    Subject subject{*backbone,
                    [&] { return load_backbone(spec_, device_); },
                    run_normalisation(spec_, input_),
                    data_,
                    features,
                    [&](Backbone& network, const ImageSet& images) {
                      return image_features(spec_, network, data_, images, device_,
                                            [&] { return stages_.should_stop(); });
                    },
                    starts_from_weights(spec_) ? &before : nullptr};
    if (Registry<MethodEntry>::find(spec_.method).trains) subject.untrained = untrained;
    const auto between = [&] {
      if (stages_.should_stop()) throw Interrupted{};
    };
    const auto progress = [&](int64_t done, int64_t total) { stages_.step(done, total, 0); };
    RunLeaks leaks(spec_, data_, {.threads = spec_.threads, .between = between, .progress = progress});
    if (looks_for_leaks(spec_)) {
      subject.leaked = [&](const DatasetSpec& set) -> const LeakedImages& { return leaks.of(set); };
    }
    for (const ProtocolSpec& protocol : spec_.protocols) {
      const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
      const auto body = [&](StageContext& context) {
        const Settings settings("protocol '" + protocol.row + "'", entry.options, protocol.settings);
        entry.make(settings)->measure(subject, protocol.dataset, context);
      };
      record_.stages.push_back(stages_.run(protocol.row, protocol.protocol, protocol.version, protocol.dataset.name,
                                           protocol.key, entry.metrics, body));
    }
  }

  std::unique_ptr<Backbone> frozen(std::unique_ptr<Backbone> backbone) const {
    backbone->place(device_);
    backbone->freeze();
    backbone->train(false);
    return backbone;
  }

  void publish() {
    set_identity(spec_, record_);
    record_.attempts = spec_.attempt;
    record_.ended = utc_now();
    record_.status = record_.stages[0].status;
    record_.requested = spec_.requested.value();
    record_.effective = run_spec_to_json(spec_);
    record_.facts = run_facts(spec_, record_.stages[0], input_);
    if (!stages_.notes_of_stages().empty()) record_.facts[kStageNotes] = stages_.notes_of_stages();
    for (const std::string& note : stages_.notes()) record_.facts["notes"].push_back(note);
    record_.environment = run_environment(spec_);
    write_atomically(spec_.backbone_file(), read_regular_file(weights_file(spec_), kMostWeightBytes));
    publish_predictions(spec_);
    write_record(record_, spec_.record_file());
  }

  RunSpec spec_;
  Ranks& group_ = ranks();  // the first one writes, all others carry out the same
  at::Device device_;
  ImageSets data_;
  ProgressFile progress_;
  StageRunner stages_;
  InputFacts input_;  // of the backbone's weights
  Record record_;
};

int report_failure(const RunSpec& spec, const StageRunner* stages, FailureKind kind, const std::string& message) {
  const std::string stage = stages != nullptr ? stages->current() : "";
  const int64_t step = stages != nullptr ? stages->current_step() : 0;
  log_error(RunStatus::failed(kind).text() + " in stage '" + stage + "' after step " + std::to_string(step) + ": " +
            message);
  try {
    write_failure(spec, {kind, message, stage, step});
    return kWorkerFailed;
  } catch (const RunFailure& error) {
    log_error(error.what());
    return kWorkerFailedMute;
  }
}

// An echo: where there is a cause, it is told of by the rank that failed, or by who saw it die.
int report_lost_peer(const RunSpec& spec, const StageRunner* stages, const std::string& message) {
  if (stop_requested()) {
    log_info("interrupted; the same command goes on");
    return kWorkerInterrupted;
  }
  std::error_code none;
  if (fs::exists(failure_file(spec), none)) {
    log_error(message);
  } else {
    report_failure(spec, stages, FailureKind::ranks, message);
  }
  return kWorkerLostPeer;
}

void clear_leftovers(const RunSpec& spec) {
  std::error_code ignored;
  fs::remove(failure_file(spec), ignored);
  remove_abandoned(spec.work_folder());
}

// A program that was built anew while its suite ran would record its numbers as those of the old one. A program that
// SSLBENCH_WORKER names may start this one, and is then what the digest is of.
void expect_started_program(const RunSpec& spec) {
  if (spec.worker.empty() || std::getenv("SSLBENCH_WORKER") != nullptr) return;
  if (spec.worker == own_worker_digest()) return;
  throw RunFailure(
      FailureKind::checkpoint,
      "the worker program is not the one that this suite was started with: it was built anew; run the same "
      "command again");
}

// LibTorch and libraries below it have no type of their own for every allocation, map or thread that failed, and
// neither has what went on without what it could not have.
FailureKind kind_of(const std::string& text, FailureKind otherwise) {
  const bool unexplained = otherwise == FailureKind::internal;
  return tells_of_lack_of_memory(text) || (unexplained && came_near_memory_limit()) ? FailureKind::oom : otherwise;
}

}  // namespace

int carry_out(const RunSpec& spec, const Meeting& meeting) {
  std::unique_ptr<Ranks> group;
  std::unique_ptr<RanksInUse> in_use;
  std::unique_ptr<Run> run;
  const auto stages = [&] { return run ? &run->stages() : nullptr; };
  try {
    const auto lock = meeting.rank == 0 ? take_run_lock(spec) : std::nullopt;
    if (meeting.rank == 0) {
      if (!lock) return kWorkerDone;
      clear_leftovers(spec);
    }
    expect_started_program(spec);
    use_threads(spec.threads);
    if (meeting.size > 1) {
      group = meet(meeting, spec.name() + "/" + meeting.key, at::Device(spec.device));
      in_use = std::make_unique<RanksInUse>(*group);
    }
    run = std::make_unique<Run>(spec);
    run->execute();
    return kWorkerDone;
  } catch (const Interrupted&) {
    log_info("interrupted; the same command goes on");
    return kWorkerInterrupted;
  } catch (const PeerLost& error) {
    return report_lost_peer(spec, stages(), error.what());
  } catch (const RunFailure& error) {
    return report_failure(spec, stages(), error.kind(), error.what());
  } catch (const UserError& error) {
    return report_failure(spec, stages(), FailureKind::data, error.what());
  } catch (const c10::OutOfMemoryError& error) {
    return report_failure(spec, stages(), FailureKind::oom, first_line(error.what_without_backtrace()));
  } catch (const std::system_error& error) {
    return report_failure(spec, stages(), kind_of(error.what(), FailureKind::storage), error.what());
  } catch (const std::bad_alloc&) {
    return report_failure(spec, stages(), FailureKind::oom, "out of memory");
  } catch (const c10::Error& error) {
    const std::string what = first_line(error.what_without_backtrace());
    return report_failure(spec, stages(), kind_of(what, FailureKind::internal), what);
  } catch (const std::exception& error) {
    return report_failure(spec, stages(), kind_of(error.what(), FailureKind::internal), error.what());
  }
}

}  // namespace sslbench
