// SPDX-License-Identifier: Apache-2.0
// Single numbers of numpy, as pickles hold them: a type ("f8", and after its state "<f8") and the bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace sslbench {

// Letters and digits as types of numpy have them: a kind and a size, perhaps after a byte order.
bool is_numpy_dtype(std::string_view dtype);

// The number; nothing for a type that is none (text, date, complex), an order that is not this machine's, or bytes of
// another length.
std::variant<std::monostate, bool, int64_t, double> numpy_value(std::string_view dtype, std::string_view bytes);

}  // namespace sslbench
