// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/queue.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/capture.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

[[noreturn]] void refuse_batch(int64_t N, int64_t K) {
  throw UserError("queue: a batch brings " + std::to_string(N) + " keys, more than the queue's " + std::to_string(K) +
                  " rows; raise the method's `queue` or lower pretrain.batch_size");
}

int64_t count_in(const Tensor& counter) { return counter.item<int64_t>(); }  // host read: counters lie on the CPU

}  // namespace

int64_t enqueue(const Tensor& queue_KD, const Tensor& keys_ND, int64_t pointer, QueueOverflow overflow) {
  const at::NoGradGuard no_grad;
  const int64_t K = queue_KD.size(0), N = keys_ND.size(0), before_end = std::min(N, K - pointer);
  queue_KD.narrow(0, pointer, before_end).copy_(keys_ND.narrow(0, 0, before_end));
  const int64_t rest = N - before_end;
  if (rest > 0 && overflow == QueueOverflow::truncate) return 0;
  if (rest > 0) queue_KD.narrow(0, 0, rest).copy_(keys_ND.narrow(0, before_end, rest));
  return (pointer + N) % K;
}

FeatureQueue::FeatureQueue(int64_t rows, int64_t features, QueueOverflow overflow, at::Generator& generator)
    : overflow_(overflow) {
  rows_KD_ = add_buffer("rows", unit_rows(at::randn({rows, features}, generator)));
  pointer_ = add_host_buffer("pointer", at::zeros({}, at::kLong));
  pushed_ = add_host_buffer("pushed", at::zeros({}, at::kLong));
}

void FeatureQueue::push(const Tensor& keys_ND) {
  const int64_t K = rows_KD_.size(0), N = keys_ND.size(0);
  if (N > K) refuse_batch(N, K);
  if (auto* capture = Capture::current()) return capture->after_replay([this, keys = keys_ND.detach()] { push(keys); });
  pointer_.fill_(enqueue(rows_KD_, keys_ND.detach(), count_in(pointer_), overflow_));
  pushed_.add_(N);
}

void FeatureQueue::hold(const Tensor& keys_ND) {
  if (keys_ND.size(0) > rows_KD_.size(0)) refuse_batch(keys_ND.size(0), rows_KD_.size(0));
  const Tensor keys = keys_ND.detach();
  if (auto* capture = Capture::current()) return capture->after_replay([this, keys] { held_ND_ = keys; });
  held_ND_ = keys;
}

void FeatureQueue::store() {
  if (auto* capture = Capture::current()) return capture->after_replay([this] { store(); });
  if (held_ND_.defined()) push(held_ND_);
  held_ND_.reset();
}

int64_t FeatureQueue::filled() const { return std::min(count_in(pushed_), rows_KD_.size(0)); }

std::vector<Option> queue_options(int64_t rows) {
  return {integer_option("queue", rows, 1, 1 << 24, "rows of the queue of earlier features"),
          choice_option("queue_overflow", "wrap", {"wrap", "truncate"},
                        "when a batch does not fit at the end: the rest goes to the front, or is dropped (lightly)")};
}

int64_t queue_rows(const Settings& settings, int64_t batch_size) {
  const int64_t rows = settings.integer("queue");
  if (batch_size > rows) refuse_batch(batch_size, rows);
  return rows;
}

QueueOverflow queue_overflow(const Settings& settings) {
  return settings.text("queue_overflow") == "wrap" ? QueueOverflow::wrap : QueueOverflow::truncate;
}

}  // namespace sslbench
