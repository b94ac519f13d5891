// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <pugixml.hpp>

namespace sslbench {

// Reads an XML file of at most 16 MiB in the encoding that it declares. RunFailure(data) naming the place when it is
// not well-formed, or in an encoding that it does not declare or iconv does not know.
void load_xml(const std::filesystem::path& file, pugi::xml_document& document);

}  // namespace sslbench
