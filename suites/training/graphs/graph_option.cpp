// SPDX-License-Identifier: Apache-2.0
#include "suites/training/graphs/graph_option.h"

#include "suites/ground/error.h"

namespace sslbench {

Option graph_option() {
  return later(choice_option("graph", "off", {"off", "on", "auto"},
                             "on a GPU: a step is captured as a CUDA graph once and replayed, which spares the host's "
                             "work; a step that cannot be is called operator by operator, and the record says why. "
                             "auto: on where there is a GPU"),
               "off");
}

bool graph_asked(const std::string& name, at::Device device) {
  if (name == "on" && !device.is_cuda()) {
    throw UserError("pretrain: graph = \"on\" needs a GPU, and this run is for " + device.str() +
                    "; use graph = \"auto\" or \"off\", or --device cuda");
  }
  return name != "off" && device.is_cuda();
}

}  // namespace sslbench
