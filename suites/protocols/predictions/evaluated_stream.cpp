// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/evaluated_stream.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "suites/tensors/aten.h"
#include "suites/tensors/library_threads.h"
#include "suites/tensors/to_device.h"
#include "suites/training/train_settings.h"

namespace sslbench {
namespace {

// None where the network has the processors.
int workers(at::Device device, int64_t batch_bytes) {
  return device.is_cpu() ? 0 : workers_beside_a_device(at::get_num_threads(), locked_bytes(batch_bytes));
}

}  // namespace

EvaluatedStream::EvaluatedStream(int64_t begin, int64_t end, int64_t batch, int64_t image_bytes, at::Device device,
                                 TakeItems take, Prepare prepare)
    : device_(device),
      batches_((std::max(begin, end) - begin + batch - 1) / batch),
      stream_(
          workers(device, batch * image_bytes), 0, batches_,
          [=, take = std::move(take), prepare = std::move(prepare)](int64_t number, const std::stop_token&) {
            const int64_t first = begin + number * batch;
            EvaluatedImages out{first, take(first, std::min(batch, end - first)), {}};
            out.x = prepare(out.items);
            if (!device.is_cpu()) out.x = out.x.pin_memory();
            return out;
          },
          thread_by_itself) {}

EvaluatedImages EvaluatedStream::next() {
  ++next_;
  EvaluatedImages out = stream_.next();
  out.x = to_device(out.x, device_);
  return out;
}

}  // namespace sslbench
