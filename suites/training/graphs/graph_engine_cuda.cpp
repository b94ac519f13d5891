// SPDX-License-Identifier: Apache-2.0
// The CUDA side of suites/training/graphs/graph_engine.h.
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <map>
#include <memory>

#include "suites/training/graphs/graph_engine.h"

namespace sslbench {
namespace {

struct DeviceGraph {
  explicit DeviceGraph(int of_device) : device(of_device) {}
  int device;
  at::cuda::CUDAGraph graph;
};

void wait(const c10::cuda::CUDAStream& waiting, const c10::cuda::CUDAStream& first) {
  at::cuda::CUDAEvent event;
  event.record(first);
  event.block(waiting);
}

// Graphs cannot be captured from the stream that all work is queued on; on this one libraries have been set up before.
c10::cuda::CUDAStream side_stream(int device) {
  static std::map<int, c10::cuda::CUDAStream> streams;
  const auto index = static_cast<c10::DeviceIndex>(device);
  return streams.try_emplace(device, c10::cuda::getStreamFromPool(/*isHighPriority=*/false, index)).first->second;
}

void warm_up(int device, void (*work)(void*), void* argument) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  const c10::cuda::CUDAStream usual = c10::cuda::getCurrentCUDAStream(), side = side_stream(device);
  wait(side, usual);
  {
    const c10::cuda::CUDAStreamGuard aside(side);
    work(argument);
  }
  wait(usual, side);
}

// Only this thread is forbidden what would spoil a capture: those that prepare batches go on allocating locked memory.
void* capture(int device, void (*work)(void*), void* argument) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  auto out = std::make_unique<DeviceGraph>(device);
  C10_CUDA_CHECK(cudaDeviceSynchronize());
  const c10::cuda::CUDAStreamGuard aside(side_stream(device));
  out->graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
  try {
    work(argument);
  } catch (...) {
    try {
      out->graph.capture_end();
    } catch (const c10::Error&) {  // that it was spoilt, which is known
    }
    cudaGetLastError();  // so that it is not taken for the next call's
    throw;
  }
  out->graph.capture_end();
  return out.release();
}

void replay(void* graph) {
  auto& replayed = *static_cast<DeviceGraph*>(graph);
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(replayed.device));
  replayed.graph.replay();
}

void release(void* graph) { delete static_cast<DeviceGraph*>(graph); }

constexpr GraphCalls kCalls{warm_up, capture, replay, release};

}  // namespace
}  // namespace sslbench

extern "C" const sslbench::GraphCalls* sslbench_graph_calls() { return &sslbench::kCalls; }
