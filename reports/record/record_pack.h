// SPDX-License-Identifier: Apache-2.0
// A record as bytes on their way from one process to another of the same build; nothing keeps them.
#pragma once

#include <string>
#include <string_view>

#include "reports/record/record.h"

namespace sslbench {

std::string pack_record(const Record& record);

// What pack_record() packed of `file`. UserError that names it when the bytes are anything else: whoever reads a file
// from elsewhere may come to harm and send nonsense.
Record unpack_record(std::string_view bytes, const std::string& file);

}  // namespace sslbench
