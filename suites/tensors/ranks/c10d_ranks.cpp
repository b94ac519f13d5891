// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/c10d_ranks.h"

#include <dlfcn.h>
#include <torch/headeronly/version.h>

#include <chrono>
#include <cstdlib>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/heartbeat.h"
#include "suites/tensors/ranks/nccl_backend.h"
#include "suites/tensors/ranks/own_address.h"

static_assert(TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR == 11,
              "cmake/gloo_names holds the names of Gloo that LibTorch 2.11 uses");

namespace sslbench {
namespace {

using Clock = std::chrono::steady_clock;
using BackendPointer = c10::intrusive_ptr<c10d::Backend>;

std::string what_of(const std::exception& error) {
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) return first_line(torch->what_without_backtrace());
  return first_line(error.what());
}

class C10dRanks final : public Ranks {
 public:
  C10dRanks(const Meeting& meeting, c10::intrusive_ptr<c10d::Store> store, BackendPointer cpu, BackendPointer device)
      : Ranks(meeting.rank, meeting.size),
        cpu_(std::move(cpu)),
        device_(std::move(device)),
        heartbeat_(std::move(store), meeting.rank, meeting.size, meeting.step_timeout) {}

  void sum(const at::Tensor& x) override { reduce(x, c10d::ReduceOp::SUM); }
  void max(const at::Tensor& x) override { reduce(x, c10d::ReduceOp::MAX); }

  void copy_from_first(const at::Tensor& x) override {
    together([&] {
      std::vector<at::Tensor> one{x};
      backend(x).broadcast(one, {})->wait();
    });
  }

  std::vector<at::Tensor> each(const at::Tensor& own) override {
    std::vector<at::Tensor> in{own.contiguous()};
    std::vector<std::vector<at::Tensor>> out(1);
    for (int64_t i = 0; i < size(); ++i) out[0].push_back(at::empty_like(in[0]));
    together([&] { backend(own).allgather(out, in, {})->wait(); });
    return out[0];
  }

  void wait_for_all() override {
    together([&] { heartbeat_.wait_for_all(); });
  }

  double seconds() const override { return seconds_; }

 private:
  c10d::Backend& backend(const at::Tensor& x) {
    if (x.is_cpu()) return *cpu_;
    require(device_ != nullptr, "ranks that met on the CPU were given a tensor of a GPU");
    return *device_;
  }

  void reduce(const at::Tensor& x, c10d::ReduceOp::RedOpType how) {
    require(x.is_non_overlapping_and_dense(), "a tensor with gaps cannot be reduced in place");
    together([&] {
      std::vector<at::Tensor> one{x};
      c10d::AllreduceOptions options;
      options.reduceOp = how;
      backend(x).allreduce(one, options)->wait();
    });
  }

  template <typename Act>
  void together(const Act& act) {
    const auto begin = Clock::now();
    try {
      act();
    } catch (const std::exception& error) {
      throw PeerLost("rank " + std::to_string(rank()) + " of " + std::to_string(size()) +
                     " lost another one: " + what_of(error));
    }
    seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
  }

  BackendPointer cpu_, device_;
  Heartbeat heartbeat_;
  double seconds_ = 0;
};

std::string place(const Meeting& meeting) { return meeting.host + ":" + std::to_string(meeting.port); }

c10::intrusive_ptr<c10d::Store> shared_store(const Meeting& meeting, const std::string& run) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(meeting.port);
  options.isServer = meeting.rank == 0 && !meeting.served;
  options.numWorkers = static_cast<size_t>(meeting.size);
  // One that looks for rank 0 gives up after a little more than twice its timeout.
  options.timeout = options.isServer ? meeting.start_timeout : meeting.start_timeout / 2;
  auto store = c10::make_intrusive<c10d::TCPStore>(meeting.host, options);
  store->setTimeout(meeting.start_timeout);
  return c10::make_intrusive<c10d::PrefixStore>(run, std::move(store));
}

std::shared_ptr<gloo::transport::Device> own_device(const Meeting& meeting) {
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"); interface != nullptr && *interface != 0)
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  const std::string own = address_towards(meeting.host, meeting.port);
  if (own.empty()) {
    throw RunFailure(FailureKind::ranks, "rank " + std::to_string(meeting.rank) + ": there is no way to " +
                                             place(meeting) + ", where the ranks meet (MASTER_ADDR)");
  }
  return c10d::ProcessGroupGloo::createDeviceForHostname(own);
}

BackendPointer gloo(const Meeting& meeting, const c10::intrusive_ptr<c10d::Store>& store) {
  auto options = c10d::ProcessGroupGloo::Options::create(meeting.start_timeout);
  options->devices.push_back(own_device(meeting));
  options->threads = 2;
  auto out = c10::make_intrusive<c10d::ProcessGroupGloo>(store, meeting.rank, meeting.size, options);
  out->setTimeout(meeting.step_timeout);
  return out;
}

BackendPointer nccl(const Meeting& meeting, const c10::intrusive_ptr<c10d::Store>& store, at::Device device) {
  auto* make = reinterpret_cast<MakeNcclBackend>(dlsym(RTLD_DEFAULT, "sslbench_nccl_backend"));
  require(make != nullptr, "the CUDA plugin lacks sslbench_nccl_backend");
  auto named = c10::make_intrusive<c10d::PrefixStore>("nccl", store);
  return BackendPointer::reclaim(
      make(named.release(), meeting.rank, meeting.size, device.index(), meeting.step_timeout.count()));
}

bool is_taken(const std::string& what) {
  return what.find("EADDRINUSE") != std::string::npos || what.find("already in use") != std::string::npos;
}

}  // namespace

std::unique_ptr<Ranks> meet(const Meeting& meeting, const std::string& run, at::Device device) {
  try {
    const auto store = shared_store(meeting, run);
    BackendPointer cpu = gloo(meeting, store);
    BackendPointer cuda = device.is_cuda() ? nccl(meeting, store, device) : BackendPointer();
    store->setTimeout(meeting.step_timeout);
    return std::make_unique<C10dRanks>(meeting, store, std::move(cpu), std::move(cuda));
  } catch (const RunFailure&) {
    throw;
  } catch (const std::exception& error) {
    const std::string what = what_of(error);
    if (is_taken(what)) {
      throw RunFailure(FailureKind::ranks, "port " + std::to_string(meeting.port) +
                                               " of this machine is taken, so the ranks cannot meet there; set "
                                               "MASTER_PORT to a free one (" +
                                               what + ")");
    }
    throw PeerLost("rank " + std::to_string(meeting.rank) + " of " + std::to_string(meeting.size) +
                   " did not meet the others at " + place(meeting) + ": " + what);
  }
}

}  // namespace sslbench
