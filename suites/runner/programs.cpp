// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/programs.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <system_error>

#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

fs::path program_folder() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : self.parent_path();
}

bool worker_is_overridden() {
  const char* chosen = std::getenv("SSLBENCH_WORKER");
  return chosen != nullptr && *chosen != '\0';
}

fs::path worker_program() {
  const fs::path worker =
      worker_is_overridden() ? fs::absolute(std::getenv("SSLBENCH_WORKER")) : program_folder() / "sslbench-worker";
  if (::access(worker.c_str(), X_OK) == 0 && is_file(worker)) return worker;
  throw UserError("no worker program at " + worker.string() +
                  "; build it (scripts/build), or name one with SSLBENCH_WORKER");
}

fs::path program_on_path(const std::string& name) {
  const char* folders = std::getenv("PATH");
  std::istringstream in(folders == nullptr ? "" : folders);
  for (std::string folder; std::getline(in, folder, ':');) {
    const fs::path program = fs::path(folder) / name;
    if (!folder.empty() && ::access(program.c_str(), X_OK) == 0 && is_file(program)) return program;
  }
  return "";
}

std::vector<fs::path> suite_folders() {
  const fs::path here = program_folder();
  std::vector<fs::path> out;
  for (const fs::path& folder : {here / "../share/sslbench/suites", here / "../../../suites", fs::path("suites")}) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || !fs::is_directory(real, error)) continue;
    if (std::find(out.begin(), out.end(), real) == out.end()) out.push_back(real);
  }
  return out;
}

fs::path published_file() {
  for (const fs::path& suites : suite_folders()) {
    for (const char* place : {"reports/published.csv", "published.csv"}) {
      if (const fs::path file = suites.parent_path() / place; is_file(file)) return file;
    }
  }
  return "";
}

std::vector<fs::path> known_suites() {
  std::map<std::string, fs::path> by_name;
  for (const fs::path& folder : suite_folders()) {
    std::error_code ignored;
    for (const fs::path& place : {folder, folder / "recipes"}) {
      for (const auto& entry : fs::directory_iterator(place, ignored)) {
        if (entry.path().extension() == ".toml" && is_file(entry.path())) {
          by_name.try_emplace(entry.path().stem().string(), entry.path());
        }
      }
    }
  }
  std::vector<fs::path> out;
  for (auto& [name, file] : by_name) out.push_back(std::move(file));
  return out;
}

fs::path find_suite(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored) && (is_file(name) || name.find('/') != std::string::npos)) return name;
  const std::string stem = name.ends_with(".toml") ? name.substr(0, name.size() - 5) : name;
  std::vector<std::string> names;
  for (const fs::path& file : known_suites()) {
    if (file.stem() == stem) return file;
    names.push_back(file.stem().string());
  }
  if (fs::exists(name, ignored)) return name;  // a folder or device: the reader says what is wrong with it
  throw UserError("no suite '" + name + "': not a file, and not in the suite folders" + did_you_mean(stem, names) +
                  "; `sslbench list suites` shows all");
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

}  // namespace sslbench
