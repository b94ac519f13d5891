// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/staging.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <set>

#include "suites/files/file_kind.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// A packed store is one file.
void copy_one_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to / from.filename(), error);
  if (error) throw_storage(to / from.filename(), error);
}

// Files that are often taken for an archive of a set.
void refuse_single_file(const fs::path& from) {
  std::ifstream in(from, std::ios::binary);
  std::string begin(1024, '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<size_t>(in.gcount()));
  const FileKind kind = file_kind(begin);
  const std::string what = "'" + from.string() + "' is " + std::string(describe(kind));
  if (kind == FileKind::lfs_pointer) throw UserError(what + "; run `git lfs pull` where it comes from");
  if (kind == FileKind::html)
    throw UserError(what + ", as a download that failed or asked to log in leaves; get it anew");
  static const std::set<std::string> kPickles{".pt", ".pth", ".ckpt", ".pkl", ".pickle"};
  const bool pickle = kind == FileKind::pickle || kind == FileKind::torch_zip;
  if (pickle || kPickles.contains(from.extension().string())) {
    throw UserError("'" + from.string() +
                    "' is a pickle of Python, as torch.save writes, which is not read; save the " +
                    "pictures as PNG files in a folder a class, or the set as another of the formats");
  }
}

void sync_file_system(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && syncfs(descriptor) == 0;
  const std::error_code error(errno, std::generic_category());
  if (descriptor >= 0) close(descriptor);
  if (!synced) throw_storage(folder, error);
}

}  // namespace

FileLock lock_while_adding(const std::string& name, const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) throw_storage(root, error);
  std::string holder;
  auto lock = FileLock::try_take(root / (".adding-" + name + ".lock"), holder);
  if (!lock) throw UserError("dataset '" + name + "' is being added by " + holder + "; wait for it, then try again");
  return std::move(*lock);
}

Staging::Staging(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::remove_all(folder_, error);  // left by a killed process: the lock is ours
  fs::create_directories(folder_, error);
  if (error) throw_storage(folder_, error);
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Staging::take_in(const fs::path& from, const IntakeLimits& limits, const PublishedArchives& within) const {
  std::error_code error;
  const fs::file_status status = fs::status(from, error);
  if (fs::is_directory(status)) return copy_folder(from, folder_, limits, within);
  if (fs::is_regular_file(status)) refuse_single_file(from);
  if (fs::is_regular_file(status) && from.extension() == ".h5") return copy_one_file(from, folder_);
  if (fs::is_regular_file(status)) return unpack_archive(from, folder_, limits, within);
  throw UserError("'" + from.string() + "' is neither a folder nor a file; give the folder or archive of the dataset");
}

fs::path Staging::content() const {
  fs::directory_iterator at(folder_), end;
  if (at == end || !at->is_directory()) return folder_;
  const fs::path inner = at->path();
  return ++at == end ? inner : folder_;
}

void publish(const fs::path& content, const fs::path& target) {
  sync_file_system(content);
  std::error_code error;
  fs::rename(content, target, error);
  if (error) throw_storage(target, error);
  sync_file_system(target);
}

}  // namespace sslbench
