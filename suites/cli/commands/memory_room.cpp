// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/memory_room.h"

#include <algorithm>
#include <string>

#include "reports/text/number_text.h"
#include "suites/ground/error.h"
#include "suites/ground/memory/machine_memory.h"
#include "suites/runner/device_choice.h"

namespace sslbench {
namespace {

constexpr int64_t kBatchStep = 8;

struct Need {
  const RunSpec* run;
  int64_t bytes;
  RunEstimate estimate;
};

std::string bytes_of(int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

// 0: none.
int64_t largest_batch(const Need& need, int64_t room, int64_t other_bytes) {
  const BatchMemory& batch = need.estimate.batch;
  if (batch.image_bytes <= 0 || other_bytes > room) return 0;
  return std::max<int64_t>(0, (room - need.bytes + batch.bytes) / batch.image_bytes) / kBatchStep * kBatchStep;
}

// The fewest parts of which each is at most as large as a part of that batch; 0: none.
int64_t fitting_parts(const RunSpec& run, int64_t fitting_batch) {
  const auto batch = run.pretrain.value("batch_size", int64_t{0}), parts = run.pretrain.value("accumulate", int64_t{1});
  for (int64_t more = parts + 1; more <= batch / 2; ++more) {
    if (batch % more == 0 && batch / more <= fitting_batch / parts) return more;
  }
  return 0;
}

std::string ways_out(const RunSpec& run, int64_t batch, int jobs) {
  std::string out;
  if (batch > 0) {
    out = "the largest batch that fits is pretrain.batch_size = " + std::to_string(batch);
    if (const int64_t parts = fitting_parts(run, batch); parts > 0) {
      out += ", or take this one in parts (pretrain.accumulate = " + std::to_string(parts) + ")";
    }
    if (run.pretrain.value("recompute", "none") == "none") out += R"(, or set pretrain.recompute = "blocks")";
  } else {
    out = "no smaller batch fits: take a smaller backbone or smaller views";
  }
  return out + (jobs > 1 ? ", or fewer --jobs" : "");
}

void expect_machine(std::vector<Need> needs, size_t jobs, int64_t room, const RowPlaces& places) {
  std::ranges::stable_sort(needs, std::greater(), &Need::bytes);
  needs.resize(std::min(needs.size(), jobs));
  int64_t sum = 0;
  for (const Need& need : needs) sum += need.bytes;
  if (sum <= room) return;
  const Need& most = needs.front();
  const bool on_cpu = most.run->device == "cpu";
  const int64_t batch = on_cpu ? largest_batch(most, room - (sum - most.bytes), most.estimate.other_bytes) : 0;
  const std::string others =
      needs.size() > 1 ? " of the " + bytes_of(sum) + " of " + std::to_string(needs.size()) + " runs at a time" : "";
  throw UserError(row_label(places, most.run->row) + " needs " + bytes_of(most.bytes) + " of memory" + others +
                  ", and there is " + bytes_of(room) + "; " +
                  ways_out(*most.run, batch, static_cast<int>(needs.size())));
}

void expect_device(const Need& need, int64_t room, const RowPlaces& places) {
  if (need.bytes <= room) return;
  throw UserError(row_label(places, need.run->row) + " needs " + bytes_of(need.bytes) + " of the memory of " +
                  need.run->device + ", and there is " + bytes_of(room) + "; " +
                  ways_out(*need.run, largest_batch(need, room, 0), 1));
}

}  // namespace

MemoryRoom memory_room(const SuiteRequest& request) {
  MemoryRoom out{machine_memory().value_or(0), device_memory(request.selected.at(0).device)};
  for (const Device& device : request.devices) out.device = std::min(out.device, device.bytes);
  return out;
}

void expect_room(const std::vector<RunSpec>& runs, const StageCosts& costs, int jobs, const MemoryRoom& room,
                 const RowPlaces& places) {
  std::vector<Need> needs;
  for (const RunSpec& run : runs) {
    if (run.ranks > 1) continue;
    const RunEstimate estimate = costs.estimate(run);
    needs.push_back({&run, estimate.process_bytes, estimate});
    if (estimate.device_bytes < 0 || room.device == 0) continue;
    expect_device({&run, estimate.device_bytes + kDeviceContextBytes, estimate}, room.device, places);
  }
  if (room.machine > 0) expect_machine(std::move(needs), static_cast<size_t>(jobs), room.machine, places);
}

}  // namespace sslbench
