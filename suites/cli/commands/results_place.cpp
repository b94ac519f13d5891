// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/results_place.h"

#include <set>
#include <sstream>
#include <system_error>

#include "datasets/install/intake.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMostChecksumBytes = uintmax_t{64} << 20;
constexpr IntakeLimits kLimits{.entries = 100'000, .bytes = int64_t{16} << 30};

// The one folder of the archive that holds a plan.
fs::path unpacked_results(const fs::path& archive, const fs::path& temporary) {
  unpack_archive(archive, temporary, kLimits);
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(temporary, none)) {
    if (fs::is_regular_file(entry.path() / "plan.json", none)) return entry.path();
  }
  throw UserError(archive.string() +
                  " holds no results folder (none with a plan.json); name a folder that `sslbench "
                  "run` wrote or an archive that `sslbench bundle` wrote");
}

}  // namespace

ResultsPlace::ResultsPlace(const fs::path& named) : folder_(named) {
  std::error_code none;
  if (!fs::is_regular_file(named, none)) return;
  temporary_ = std::make_unique<TemporaryFolder>("sslbench-bundle");
  try {
    folder_ = unpacked_results(named, temporary_->path());
  } catch (const std::exception& error) {
    const std::string said = error.what();
    throw UserError(said.find(named.string()) == std::string::npos ? named.string() + ": " + said : said);
  }
}

std::vector<std::string> checksum_mistakes(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_regular_file(folder / kChecksums, none)) return {};
  std::vector<std::string> out;
  std::set<fs::path> listed;
  std::istringstream in;
  try {
    in.str(read_regular_file(folder / kChecksums, kMostChecksumBytes));
  } catch (const std::system_error& error) {
    return {std::string(kChecksums) + ": cannot be read: " + error.code().message()};
  }
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const std::string digest = line.substr(0, 64);
    const fs::path file = line.size() > 66 ? line.substr(66) : "";
    if (file.empty() || file.is_absolute() || file.lexically_normal().string().starts_with("..")) {
      out.push_back(std::string(kChecksums) + ": a line that is no checksum of a file inside: " + line.substr(0, 100));
      continue;
    }
    listed.insert(file.lexically_normal());
    try {
      if (!fs::is_regular_file(folder / file, none)) throw std::system_error(ENOENT, std::generic_category());
      if (sha256_file(folder / file) != digest) out.push_back(file.string() + ": differs from its checksum");
    } catch (const std::system_error&) {
      out.push_back(file.string() + ": missing, though " + kChecksums + " lists it");
    }
  }
  for (const auto& entry : fs::directory_iterator(folder / "runs", none)) {
    const fs::path file = fs::path("runs") / entry.path().filename();
    if (!listed.contains(file)) out.push_back(file.string() + ": " + kChecksums + " does not list it");
  }
  return out;
}

void expect_as_bundled(const ResultsPlace& place, const std::string& named) {
  std::vector<std::string> mistakes = checksum_mistakes(place.folder());
  std::error_code none;
  if (place.archive() && !fs::exists(place.folder() / kChecksums, none)) {
    mistakes.push_back(std::string(kChecksums) + " is missing");
  }
  if (mistakes.empty()) return;
  throw UserError(named + " is not what was bundled: " + mistakes.front() +
                  (mistakes.size() == 1 ? "" : " (and " + std::to_string(mistakes.size() - 1) + " more)") +
                  "; take it from its source again, or see `sslbench verify`");
}

}  // namespace sslbench
