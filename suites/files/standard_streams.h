// SPDX-License-Identifier: Apache-2.0
// Standard input, output and errors that a program was started without (`>&-`).
#pragma once

namespace sslbench {

// Puts /dev/null, to read from, in place of each that is closed: otherwise the next file that is opened takes its
// number, and is written to as if it were the terminal. Writing still fails. Call before anything else is opened.
void fill_closed_standard_streams();

}  // namespace sslbench
