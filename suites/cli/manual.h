// SPDX-License-Identifier: Apache-2.0
// Manual pages, made of the options that the parser knows.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>

namespace sslbench {

// "sslbench" and "sslbench-run", "sslbench-data-add", ...: the page's name and its text for man (section 1).
std::map<std::string, std::string> manual_pages(const CLI::App& app);

}  // namespace sslbench
