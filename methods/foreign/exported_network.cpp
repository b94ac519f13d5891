// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/exported_network.h"

#include <c10/util/Logging.h>
#include <torch/nativert/ModelRunnerHandle.h>

#include "methods/foreign/exported_graph.h"
#include "methods/foreign/model_archive.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/capture.h"
#include "suites/tensors/to_device.h"

C10_DECLARE_int(caffe2_log_level);

namespace sslbench {
namespace {

// The runtime warns of every operator that has no kernel of its own, which is no news to anybody.
class NoWarnings {
 public:
  NoWarnings() { FLAGS_caffe2_log_level = c10::GLOG_ERROR; }
  ~NoWarnings() { FLAGS_caffe2_log_level = before_; }
  NoWarnings(const NoWarnings&) = delete;
  NoWarnings& operator=(const NoWarnings&) = delete;

 private:
  int before_ = FLAGS_caffe2_log_level;
};

void add_tensors(const c10::IValue& value, const std::string& file, std::vector<Tensor>& out) {
  if (value.isTensor()) {
    out.push_back(value.toTensor());
  } else if (value.isTuple()) {
    for (const c10::IValue& each : value.toTupleRef().elements()) add_tensors(each, file, out);
  } else if (value.isList()) {
    for (const c10::IValue& each : value.toListRef()) add_tensors(each, file, out);
  } else {
    throw UserError(file + ": the model does not return (features, maps...)");
  }
}

}  // namespace

struct ExportedNetwork::Runner {
  Runner(const std::string& file, const std::string& model) : handle(file, model) {}
  torch::nativert::ModelRunnerHandle handle;
};

ExportedNetwork::ExportedNetwork(const std::string& file) {
  std::string model;
  {
    const ModelArchive archive(file, "an exported model (.pt2) that scripts/export-model wrote");
    facts_ = archive.facts();
    model = expect_plain_graph(archive);
  }
  const NoWarnings quiet;
  try {
    runner_ = std::make_unique<Runner>(file, model);
  } catch (const std::exception& error) {
    throw UserError(file + ": not an exported model that LibTorch loads: " + first_line(error.what()) +
                    "; write it again with scripts/export-model");
  }
}

ExportedNetwork::~ExportedNetwork() = default;

std::vector<Tensor> ExportedNetwork::operator()(const Tensor& x_NCHW) const {
  expect_no_capture("an exported network runs on the processor");
  const at::NoGradGuard no_grad;
  std::vector<Tensor> out;
  try {
    // As dense as when it was exported: some kernels of the runtime trust that.
    const Tensor x = x_NCHW.to(at::kCPU, at::kFloat).contiguous();  // host read: the runtime has no other device
    add_tensors(runner_->handle.run({x}, {}), facts_.file, out);
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    throw UserError(facts_.file + ": the model fails on images " + c10::str(x_NCHW.sizes()) + ": " +
                    first_line(error.what_without_backtrace()));
  }
  for (Tensor& each : out) each = to_device(each, x_NCHW.device());
  return out;
}

}  // namespace sslbench
