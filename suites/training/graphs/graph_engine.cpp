// SPDX-License-Identifier: Apache-2.0
#include "suites/training/graphs/graph_engine.h"

#include <dlfcn.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

void call(void* work) { (*static_cast<const std::function<void()>*>(work))(); }

void* pointer_to(const std::function<void()>& work) { return const_cast<std::function<void()>*>(&work); }

class CudaWork final : public CapturedWork {
 public:
  CudaWork(const GraphCalls& calls, void* graph) : calls_(calls), graph_(graph) {}
  ~CudaWork() override { calls_.release(graph_); }
  void replay() override { calls_.replay(graph_); }

 private:
  const GraphCalls& calls_;
  void* graph_;
};

class CudaGraphs final : public GraphEngine {
 public:
  CudaGraphs(const GraphCalls& calls, int device) : calls_(calls), device_(device) {}

  void warm_up(const std::function<void()>& work) override { calls_.warm_up(device_, call, pointer_to(work)); }
  std::unique_ptr<CapturedWork> capture(const std::function<void()>& work) override {
    return std::make_unique<CudaWork>(calls_, calls_.capture(device_, call, pointer_to(work)));
  }

 private:
  const GraphCalls& calls_;
  int device_;
};

}  // namespace

std::unique_ptr<GraphEngine> cuda_graphs(at::Device device) {
  auto* entry = reinterpret_cast<const GraphCalls* (*)()>(dlsym(RTLD_DEFAULT, "sslbench_graph_calls"));
  require(entry != nullptr, "the CUDA plugin lacks sslbench_graph_calls");
  return std::make_unique<CudaGraphs>(*entry(), device.index());
}

}  // namespace sslbench
