// SPDX-License-Identifier: Apache-2.0
// What a suite file names: plugins of the catalog, and which data sets fit where. Each is refused at the place where it
// is named.
#pragma once

#include <string>

#include "suites/plan/suite.h"
#include "suites/plan/toml_tree.h"

namespace sslbench {

// "did you mean '<near>'?", or "" where nothing is near.
std::string quoted_if(const std::string& near);
// "`sslbench describe KIND NAME` lists all keys".
std::string describe(const std::string& kind, const std::string& name);
// Of the key, or of the table where it is not there.
const TomlPlace& place_of(const TomlNode& table, const std::string& key);

const CatalogEntry& find_at(const TomlPlace& place, const std::string& kind, const std::string& name,
                            const Catalog& catalog);
// "shapes" or { name = "shapes", objects = "several" }; `kind` is "dataset" or "backbone". For a dataset also several
// names, ["pets", "extra"], whose sets are joined.
PluginChoice read_choice(const TomlNode& node, const std::string& kind, const Catalog& catalog);
// other_sets = ["cifar100", "dtd"] of a row, a list of texts: known sets, each once and by itself.
void expect_other_sets(const TomlNode& row, const std::string& label, const Catalog& catalog);
// A data set to measure on offers the protocol's task, else the error says which key to add.
void expect_task(const TomlPlace& place, const std::string& label, const std::string& dataset, const std::string& task,
                 const Catalog& catalog);

}  // namespace sslbench
