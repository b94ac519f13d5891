// SPDX-License-Identifier: Apache-2.0
#include "datasets/data_source.h"

namespace sslbench {

std::string_view split_name(Split split) {
  switch (split) {
    case Split::train: return "train";
    case Split::val: return "val";
    case Split::test: return "test";
  }
  throw InternalError("internal error: split without a name");
}

}  // namespace sslbench
