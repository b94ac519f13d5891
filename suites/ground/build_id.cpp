// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/build_id.h"

#include <string_view>

#include "suites/ground/revision.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDirty = "-dirty", kUnknown = "unknown";
constexpr size_t kWorkerDigits = 12;
constexpr const char* kCudaPlugin = "libsslbench_cuda.so";

std::string digest_with_plugin(const fs::path& program, const fs::path& folder) {
  const fs::path plugin = folder / kCudaPlugin;
  std::error_code none;
  const std::string own = sha256_file(program);
  return fs::exists(plugin, none) ? sha256_hex(own + sha256_file(plugin)) : own;
}

}  // namespace

std::string Revision::text() const {
  std::string out = commit.empty() ? std::string(kUnknown) : commit;
  if (dirty) out += kDirty;
  if (clean() || worker.empty()) return out;
  return out + "-" + worker.substr(0, kWorkerDigits);
}

Revision revision_from(const std::string& text) {
  Revision out;
  const size_t dirty = text.find(kDirty);
  size_t end = dirty;
  if (dirty == std::string::npos && text.starts_with(std::string(kUnknown) + "-")) end = kUnknown.size();
  out.commit = text.substr(0, end);
  out.dirty = dirty != std::string::npos;
  if (end == std::string::npos) return out;
  const size_t rest = end + (out.dirty ? kDirty.size() : 0);
  if (rest < text.size()) out.worker = text.substr(rest + 1);
  return out;
}

Revision build_revision(const std::string& worker) { return {kRevision, kRevisionDirty, worker}; }

std::string worker_digest(const fs::path& worker) { return digest_with_plugin(worker, worker.parent_path()); }

std::string own_worker_digest() {
  const fs::path self = "/proc/self/exe";
  return digest_with_plugin(self, fs::read_symlink(self).parent_path());
}

std::string build_id(const std::string& worker) { return build_revision(worker).text() + " " + kBuildType; }

}  // namespace sslbench
