// SPDX-License-Identifier: Apache-2.0
// sslbench ci init: a job that runs a suite, gates it against its own history and shows the outcome.
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "datasets/data_source.h"
#include "suites/cli/commands/ci_templates.h"
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
# gate said of it. A drop, a row that vanished or a protocol's new version that is meant to be is accepted there:
#   git fetch origin && git worktree add history sslbench-history
#   sslbench history accept --history history --cell 'ROW' --metric 'PROTOCOL.*' --reason 'WHY'
#   git -C history add -A && git -C history commit -m 'WHY' && git -C history push
)sh";

constexpr std::string_view kGithubSource =
    R"yaml(- name: sslbench itself
  # This repository does not hold it: set both variables under Settings, Secrets and variables, Actions.
  env:
    SSLBENCH_REPOSITORY: ${{ vars.SSLBENCH_REPOSITORY }}
    SSLBENCH_REF: ${{ vars.SSLBENCH_REF }}
  run: |
    @FETCH@
)yaml";

constexpr std::string_view kGithubData =
    R"yaml(- uses: actions/cache@v4
  with:
    path: .sslbench-data
    key: sslbench-data-@DATASETS@
- name: Datasets
  run: |
    echo "SSLBENCH_DATA=$PWD/.sslbench-data" >> "$GITHUB_ENV"
    @GET@
)yaml";

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

std::set<std::string> datasets_with_files(const Suite& suite, const Catalog& catalog) {
  std::set<std::string> names;
  const auto add = [&](const PluginChoice& set) {
    for (std::string& part : joined_parts(set.name)) names.insert(std::move(part));
  };
  for (const MethodRow& row : suite.methods) add(row.dataset.value_or(suite.dataset));
  for (const ProtocolRow& row : suite.protocols) add(row.dataset);
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

std::string job(std::string_view text, const Suite& suite, const std::string& word, bool own_source,
                const std::set<std::string>& datasets) {
  const bool github = text == kGithubWorkflow;
  std::string joined;
  for (const std::string& name : datasets) joined += (joined.empty() ? "" : "-") + name;
  Parts blocks{{"@ABOUT@", std::string(kAboutHistory)},  {"@OPEN@", std::string(kOpenHistory)},
               {"@MEASURE@", std::string(kMeasure)},     {"@GATE@", std::string(kGate)},
               {"@RECORD@", std::string(kRecord)},       {"@PUSH@", std::string(kPushHistory)},
               {"@VERDICT@", std::string(kVerdict)},     {"@GET@", data_commands(datasets)},
               {"@SOURCE@", std::string(kGithubSource)}, {"@FETCH@", std::string(kFetchSource)}};
  if (own_source) blocks["@SOURCE@"] = blocks["@FETCH@"] = "";
  blocks["@DATA@"] = datasets.empty() ? "" : github ? std::string(kGithubData) : "@GET@\n";
  return with_words(with_blocks(text, blocks), {{"@SUITE@", word},
                                                {"@NAME@", suite.name},
                                                {"@RULES@", suite.gate.empty() ? " --rules sslbench-gate.toml" : ""},
                                                {"@TOOL@", own_source ? "" : "sslbench-source/"},
                                                {"@DATASETS@", joined}});
}

}  // namespace

ExitCode ci_init(const CiOptions& options) {
  expect_writable_place(options.out);
  const fs::path root = fs::weakly_canonical(fs::absolute(options.out));
  const Catalog catalog = load_catalog();
  const Suite suite = read_suite(fs::canonical(find_suite(options.suite)), {}, catalog);
  const std::string word = suite_word(suite.file, root);
  const std::set<std::string> datasets = datasets_with_files(suite, catalog);
  std::error_code none;
  // Another project may well have a scripts/setup of its own.
  const bool own_source =
      fs::exists(root / "scripts/setup", none) && fs::exists(root / "scripts/libtorch-cpu.txt", none);
  std::map<fs::path, std::string> files;
  const auto add_job = [&](const char* file, std::string_view text) {
    files[file] = job(text, suite, word, own_source, datasets);
  };
  if (suite.gate.empty()) files["sslbench-gate.toml"] = gate_rules(suite, catalog);
  if (options.github || !options.gitlab) add_job(".github/workflows/sslbench.yml", kGithubWorkflow);
  if (options.gitlab) add_job(".gitlab-ci.yml", kGitlabJob);
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
