// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/normalize_bytes/normalize_bytes.h"

#include <torch/library.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/normalize_bytes/channel_statistics.h"
#include "suites/tensors/own_operator.h"

namespace sslbench {
namespace {

at::Tensor normalize_bytes_cpu(const at::Tensor& bytes_NHWC, const at::Tensor& mean_3, const at::Tensor& deviation_3) {
  const at::Tensor in = bytes_NHWC.contiguous();
  at::Tensor out = at::empty({in.size(0), 3, in.size(1), in.size(2)}, in.options().dtype(at::kFloat),
                             at::MemoryFormat::ChannelsLast);
  const ChannelStatistics statistics = channel_statistics(mean_3, deviation_3);
  const auto* bytes = in.const_data_ptr<uint8_t>();
  auto* values = out.mutable_data_ptr<float>();
  for (int64_t i = 0; i < in.numel(); ++i) values[i] = normalize_byte(bytes[i], static_cast<int>(i % 3), statistics);
  return out;
}

}  // namespace

TORCH_LIBRARY(sslbench, library) {
  library.def("normalize_bytes(Tensor bytes, Tensor mean, Tensor deviation) -> Tensor");
}
TORCH_LIBRARY_IMPL(sslbench, CPU, library) { library.impl("normalize_bytes", normalize_bytes_cpu); }

at::Tensor normalize_bytes(const at::Tensor& bytes_NHWC, const at::Tensor& mean_3, const at::Tensor& deviation_3) {
  using Signature = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&);
  static const auto operation = own_operator<Signature>("sslbench::normalize_bytes");
  return operation.call(bytes_NHWC, mean_3, deviation_3);
}

}  // namespace sslbench
