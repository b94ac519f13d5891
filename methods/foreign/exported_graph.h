// SPDX-License-Identifier: Apache-2.0
// What a torch.export package is made of, looked at before LibTorch reads it.
#pragma once

#include <string>

namespace sslbench {

class ModelArchive;

// Nothing but one graph of tensor operators and tables of plain weights that lie within their files: no compiled code,
// no pickles, no objects of C++ classes. Returns the model's name; UserError names the file and what is refused.
std::string expect_plain_graph(const ModelArchive& archive);

}  // namespace sslbench
