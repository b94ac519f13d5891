// SPDX-License-Identifier: Apache-2.0
// sslbench ci init: jobs that run suites, gate them against their own history and show the outcome.
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "datasets/data_source.h"
#include "suites/cli/commands/ci_github.h"
#include "suites/cli/commands/ci_gitlab.h"
#include "suites/cli/commands/ci_scripts.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/output_place.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/joined_name.h"
#include "suites/plan/suite.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using Parts = std::map<std::string, std::string>;

constexpr std::string_view kGateRules =
    R"toml(# What the CI job fails on. Only accuracies: machines of a shared CI differ from run to run, so that speed and memory
# cannot be compared there; add pretrain.throughput = { max_drop = 5, unit = "percent" } on a machine of your own.
[gate]
)toml";

// The comment at the head of a job, under its first line.
constexpr std::string_view kAboutHistory =
    R"sh(# What the default branch measured is recorded on the branch sslbench-history, which the first run makes, whatever the
# gate said of it. A drop, a row that vanished or a protocol's new version that is meant to be is accepted in a file that
# is reviewed with the change, which is green by it at once; others are held against it when it is merged:
#   sslbench history accept --into sslbench-accepted.toml --suite NAME --cell 'ROW' --metric 'PROTOCOL.*' --reason 'WHY'
)sh";

constexpr std::string_view kFetchSource =
    R"sh(if [ -z "$SSLBENCH_REPOSITORY" ] || [ -z "$SSLBENCH_REF" ]; then
  echo "sslbench: SSLBENCH_REPOSITORY is '$SSLBENCH_REPOSITORY', SSLBENCH_REF is '$SSLBENCH_REF'; expected the" \
    "address to clone sslbench from, and a tag or commit of it; set both as CI variables" >&2
  exit 2
fi
git init -q sslbench-source
git -C sslbench-source fetch -q --depth 1 "$SSLBENCH_REPOSITORY" "$SSLBENCH_REF"
git -C sslbench-source checkout -q FETCH_HEAD
)sh";

struct CiSuite {
  Suite suite;
  std::string word, rules;  // what `run` is given; the file of its rules, empty where the suite has its own
};

// A block takes over the indentation of its line and may hold further blocks; an empty one takes its line away.
std::string with_blocks(std::string_view text, const Parts& blocks) {
  std::istringstream in{std::string(text)};
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const std::string indent = line.substr(0, line.find_first_not_of(' '));
    const auto block = blocks.find(line.substr(indent.size()));
    if (block == blocks.end()) {
      out += line + "\n";
      continue;
    }
    std::istringstream lines(with_blocks(block->second, blocks));
    for (std::string each; std::getline(lines, each);) out += indent + each + "\n";
  }
  return out;
}

std::string with_words(std::string text, const Parts& words) {
  for (const auto& [key, word] : words) {
    for (size_t at = 0; (at = text.find(key, at)) != std::string::npos; at += word.size()) {
      text.replace(at, key.size(), word);
    }
  }
  return text;
}

// Every sslbench has it, so that its name alone finds it.
bool is_shipped(const fs::path& file) {
  for (const char* suites : {"../share/sslbench/suites", "../../../suites"}) {
    const fs::path folder = fs::weakly_canonical(program_folder() / suites);
    if (file.parent_path() == folder || file.parent_path() == folder / "recipes") return true;
  }
  return false;
}

// What the job's `run` is given.
std::string suite_word(const fs::path& file, const fs::path& root) {
  if (is_shipped(file)) return file.stem().string();
  const fs::path inside = file.lexically_relative(root);
  if (inside.empty() || *inside.begin() == "..") {
    throw UserError("ci init: the suite " + file.string() + " lies outside the repository " + root.string() +
                    ", and the job sees that only; put the suite into the repository (-o names its root)");
  }
  const std::string word = inside.string();
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/") !=
          std::string::npos ||
      word.front() == '-') {
    throw UserError("ci init: the suite's path '" + word +
                    "' would need quotes in a job file, expected A-Z a-z 0-9 . _ - / only; rename it");
  }
  return word;
}

// One rule for the first metric of every protocol row: margins of other metrics are for a person to choose.
std::string gate_rules(const Suite& suite, const Catalog& catalog) {
  std::string rules;
  for (const ProtocolRow& protocol : suite.protocols) {
    const auto metrics = catalog.find("protocol", protocol.protocol).facts.value("metrics", std::vector<std::string>{});
    const bool dotted = protocol.row.find('.') != std::string::npos;  // [gate] cannot name such a row
    if (metrics.empty() || dotted) continue;
    rules += protocol.row + "." + metrics.front() + " = { max_drop = 5, unit = \"points\" }\n";
  }
  if (!rules.empty()) return std::string(kGateRules) + rules;
  throw UserError("ci init: " + suite.file.string() +
                  " has neither a [gate] table nor a protocol whose accuracy could be gated; add [gate] to it, such as "
                  "pretrain.throughput = { max_drop = 5, unit = \"percent\" }");
}

std::set<std::string> datasets_with_files(const std::vector<CiSuite>& suites, const Catalog& catalog) {
  std::set<std::string> names;
  const auto add = [&](const PluginChoice& set) {
    for (std::string& part : joined_parts(set.name)) names.insert(std::move(part));
  };
  for (const auto& [suite, word, rules] : suites) {
    for (const MethodRow& row : suite.methods) add(row.dataset.value_or(suite.dataset));
    for (const ProtocolRow& row : suite.protocols) add(row.dataset);
  }
  std::erase_if(names,
                [&](const std::string& name) { return catalog.find("dataset", name).facts.value("builtin", false); });
  return names;
}

std::string data_commands(const std::set<std::string>& datasets) {
  if (datasets.empty()) return "";
  std::string out = "export SSLBENCH_DATA=\"$PWD/.sslbench-data\"\n";
  for (const std::string& name : datasets) {
    const auto known = Registry<DatasetEntry>::all().find(name);
    if (known != Registry<DatasetEntry>::all().end() && !known->second.downloads.empty()) {
      out += "@TOOL@build/release/bin/sslbench data get " + name + "\n";
    } else {
      out += "# No address to download " + name + " from is known (`sslbench describe dataset " + name +
             "`): put it\n" + "# where the job can read it and take the '#' off the next line.\n" +
             "# @TOOL@build/release/bin/sslbench data add " + name + " PATH\n";
    }
  }
  return out;
}

// The suites as entries of a job's matrix, under the names that its scripts read.
std::string matrix(const std::vector<CiSuite>& suites, bool github) {
  std::string out;
  for (const auto& [suite, word, rules] : suites) {
    out += github ? "- { suite: \"" : "- { SUITE: \"";
    out += word + (github ? "\", name: \"" : "\", NAME: \"") + suite.name;
    out += (github ? "\", rules: \"" : "\", RULES: \"") + rules + "\" }\n";
  }
  return out;
}

std::string job(bool github, const std::vector<CiSuite>& suites, bool own_source,
                const std::set<std::string>& datasets) {
  std::string joined;
  for (const std::string& name : datasets) joined += (joined.empty() ? "" : "-") + name;
  Parts blocks{{"@ABOUT@", std::string(kAboutHistory)}, {"@OPEN@", std::string(kOpenHistory)},
               {"@BUILD@", std::string(kBuild)},        {"@MEASURE@", std::string(kMeasure)},
               {"@ACCEPTED@", std::string(kAccepted)},  {"@GATE@", std::string(kGate)},
               {"@RECORD@", std::string(kRecord)},      {"@PUSH@", std::string(kPushHistory)},
               {"@VERDICT@", std::string(kVerdict)},    {"@GET@", data_commands(datasets)},
               {"@SUITES@", matrix(suites, github)},    {"@SOURCE@", std::string(kGithubSource)},
               {"@FETCH@", std::string(kFetchSource)},  {"@PROGRAMS@", std::string(kGithubPrograms)},
               {"@TOKEN@", std::string(kGithubToken)},  {"@COMMENT@", std::string(kGithubComment)}};
  if (own_source) blocks["@SOURCE@"] = blocks["@FETCH@"] = "";
  blocks["@DATA@"] = datasets.empty() ? "" : github ? std::string(kGithubData) : "@GET@\n";
  return with_words(with_blocks(github ? kGithubWorkflow : kGitlabJob, blocks),
                    {{"@SOURCES@", std::string(kGithubSources)},
                     {"@TOOL@", own_source ? "" : "sslbench-source/"},
                     {"@DATASETS@", joined}});
}

// Every suite once; the rules of those without a [gate] are added to `files`.
std::vector<CiSuite> suites_of(const CiOptions& options, const fs::path& root, const Catalog& catalog,
                               std::map<fs::path, std::string>& files) {
  std::vector<CiSuite> out;
  std::set<std::string> names;
  for (const std::string& asked : options.suites) {
    const Suite suite = read_suite(fs::canonical(find_suite(asked)), {}, catalog);
    if (!names.insert(suite.name).second) {
      throw UserError("ci init: two suites are named '" + suite.name +
                      "', by which the jobs tell them apart; rename one");
    }
    const std::string rules = suite.gate.empty() ? "sslbench-gate-" + suite.name + ".toml" : "";
    if (!rules.empty()) files[rules] = gate_rules(suite, catalog);
    out.push_back({suite, suite_word(suite.file, root), rules});
  }
  return out;
}

}  // namespace

ExitCode ci_init(const CiOptions& options) {
  expect_writable_place(options.out);
  const fs::path root = fs::weakly_canonical(fs::absolute(options.out));
  const Catalog catalog = load_catalog();
  std::map<fs::path, std::string> files;
  const std::vector<CiSuite> suites = suites_of(options, root, catalog, files);
  const std::set<std::string> datasets = datasets_with_files(suites, catalog);
  std::error_code none;
  // Another project may well have a scripts/setup of its own.
  const bool own_source =
      fs::exists(root / "scripts/setup", none) && fs::exists(root / "scripts/libtorch-cpu.txt", none);
  if (options.github || !options.gitlab) {
    files[".github/workflows/sslbench.yml"] = job(true, suites, own_source, datasets);
  }
  if (options.gitlab) files[".gitlab-ci.yml"] = job(false, suites, own_source, datasets);
  for (const auto& [file, text] : files) {
    expect_no_link_below(options.out, file);
    const fs::path target = fs::path(options.out) / file;
    if (fs::exists(target, none) && !options.force) {
      throw UserError("ci init: " + target.string() + " is there already; nothing was written (--force overwrites)");
    }
  }
  for (const auto& [file, text] : files) {
    const fs::path target = fs::path(options.out) / file;
    write_atomically(target, text);
    std::cout << target.string() << "\n";
  }
  return ExitCode::done;
}

}  // namespace sslbench
