// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"

namespace sslbench {

// All plugins of one kind by name, in alphabetical order. `Entry` has a member `name` and a static `kind()` ("method").
// A plugin file registers itself on its last line: `const bool registered = Registry<MethodEntry>::add({...});`
template <class Entry>
class Registry {
 public:
  // Adds an entry; a second one of the same name is a bug and throws InternalError.
  static bool add(Entry entry) {
    const std::string name = entry.name;
    const bool fresh = entries().emplace(name, std::move(entry)).second;
    require(fresh, std::string(Entry::kind()) + " '" + name + "' is registered twice");
    return true;
  }

  // Returns the entry of that name; throws UserError that names the nearest one.
  static const Entry& find(const std::string& name) {
    const auto found = entries().find(name);
    if (found != entries().end()) return found->second;
    throw UserError("unknown " + std::string(Entry::kind()) + " '" + name + "'" + did_you_mean(name, names()) +
                    "; `sslbench list " + std::string(Entry::kind()) + "s` shows all");
  }

  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& [name, entry] : entries()) out.push_back(name);
    return out;
  }

  static const std::map<std::string, Entry>& all() { return entries(); }

 private:
  static std::map<std::string, Entry>& entries() {
    static std::map<std::string, Entry> all_entries;
    return all_entries;
  }
};

}  // namespace sslbench
