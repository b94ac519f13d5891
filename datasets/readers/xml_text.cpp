// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/xml_text.h"

#include <algorithm>

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {

constexpr int64_t kMaxXmlBytes = int64_t{16} << 20;

// What <?xml ... encoding="..."?> says, in lower case; "" when it says nothing.
std::string declared_encoding(const std::string& bytes) {
  if (!bytes.starts_with("<?xml")) return "";
  const std::string head = lower_case(bytes.substr(0, std::min(bytes.find("?>"), size_t{300})));
  const size_t key = head.find("encoding");
  const size_t open = key == std::string::npos ? key : head.find_first_of("\"'", key);
  const size_t close = open == std::string::npos ? open : head.find(head[open], open + 1);
  return close == std::string::npos ? "" : head.substr(open + 1, close - open - 1);
}

// The file as UTF-8: bytes that are it already stay, whatever the file declares.
std::string xml_in_utf8(const std::filesystem::path& file) {
  const std::string bytes = read_data_file(file, kMaxXmlBytes);
  const std::string declared = declared_encoding(bytes);
  if (declared.empty() || declared == "utf-8" || first_not_utf8(bytes) == std::string::npos) {
    return read_data_text(file, kMaxXmlBytes);
  }
  const bool chinese = declared == "gb2312" || declared == "gbk";  // both are parts of it, and files go beyond them
  std::optional<std::string> text = utf8_from(bytes, chinese ? "gb18030" : declared);
  if (!text) throw_bad_data(file, "is not in '" + declared + "', which it declares; save it as UTF-8");
  return std::move(*text);
}

}  // namespace

void load_xml(const std::filesystem::path& file, pugi::xml_document& document) {
  const std::string text = xml_in_utf8(file);
  const pugi::xml_parse_result parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) {
    throw_bad_data(
        file, std::string("no well-formed XML at byte ") + std::to_string(parsed.offset) + ": " + parsed.description());
  }
}

}  // namespace sslbench
