// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_json.h"

#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"

namespace sslbench {

using nlohmann::json;

json read_json(const Hdf5Reader& reader, const std::string& path) {
  try {
    return parse_foreign_json(reader.text(path));
  } catch (const json::exception& error) {
    reader.refuse(path + " is not JSON: " + json_mistake(error));
  }
}

json read_object(const Hdf5Reader& reader, const std::string& path) {
  json value = read_json(reader, path);
  if (!value.is_object() && !value.is_null()) {
    reader.refuse(path + " holds JSON of the type " + value.type_name() + ", expected an object");
  }
  return value;
}

}  // namespace sslbench
