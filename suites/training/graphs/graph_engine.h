// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace sslbench {

// Work that was captured: what is queued for the device once more at every replay, on the same memory.
class CapturedWork {
 public:
  CapturedWork() = default;
  CapturedWork(const CapturedWork&) = delete;
  CapturedWork& operator=(const CapturedWork&) = delete;
  virtual ~CapturedWork() = default;
  virtual void replay() = 0;
};

// Who captures: CUDA's graphs, or a test's.
class GraphEngine {
 public:
  GraphEngine() = default;
  GraphEngine(const GraphEngine&) = delete;
  GraphEngine& operator=(const GraphEngine&) = delete;
  virtual ~GraphEngine() = default;
  // Runs `work` as always, but where capture() will: libraries set themselves up there before.
  virtual void warm_up(const std::function<void()>& work) = 0;
  // Goes through `work` without anything happening on the device. What it throws, or what the device objects to, leaves
  // nothing captured.
  virtual std::unique_ptr<CapturedWork> capture(const std::function<void()>& work) = 0;
};

// Those of the CUDA plugin, which must be loaded (load_cuda).
std::unique_ptr<GraphEngine> cuda_graphs(at::Device device);

// What the plugin exports as sslbench_graph_calls: plain C but for what `work` throws.
struct GraphCalls {
  void (*warm_up)(int device, void (*work)(void*), void* argument);
  void* (*capture)(int device, void (*work)(void*), void* argument);  // a graph
  void (*replay)(void* graph);                                        // on the current stream of its device
  void (*release)(void* graph);
};

}  // namespace sslbench
