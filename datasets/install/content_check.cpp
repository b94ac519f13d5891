// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/content_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "datasets/install/file_manifest.h"
#include "datasets/install/installed.h"
#include "datasets/readers/data_file.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = size_t{1} << 20;

[[noreturn]] void refuse(const fs::path& file, const std::string& how) {
  throw RunFailure(FailureKind::data, file.string() + " " + how + "; put it back, or remove the set and add it again");
}

// SHA-256 of a file, or nothing after a stop.
std::optional<std::string> sum_until(const fs::path& file, const std::stop_token& stop) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw_bad_data(file, std::string("cannot be read: ") + std::strerror(errno));
  Sha256 hash;
  std::vector<char> piece(kPiece);
  ssize_t got = 1;
  while (got > 0 && !stop.stop_requested()) {
    got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got > 0)
      hash.update(piece.data(), static_cast<size_t>(got));
  }
  ::close(fd);
  if (got < 0) throw_bad_data(file, "cannot be read");
  return got == 0 ? std::optional(hash.hex()) : std::nullopt;
}

// The files of one set: of each the hash of its path, which makes a million of them 48 MB, and its checksum.
class Listing {
 public:
  explicit Listing(const InstalledDataset& set) : digest(set.digest), prefix_(prefix_of(set.folder)) {
    std::ifstream in(set.folder / kManifestName, std::ios::binary);
    Sha256 all;
    for (std::string line; std::getline(in, line);) {
      all.update(line + "\n");
      if (line.size() > 66) files_.push_back({std::hash<std::string>()(line.substr(66)), sum_from(line)});
    }
    if (all.hex() != digest) refuse(set.folder / kManifestName, "has changed since the dataset was added");
    std::ranges::sort(files_, {}, &File::path);
    seen_ = std::make_unique<std::atomic<bool>[]>(files_.size());
  }

  static std::string prefix_of(const fs::path& folder) {
    return fs::absolute(folder).lexically_normal().string() + "/";
  }
  bool holds(const std::string& file) const { return file.starts_with(prefix_); }

  // The place of a file in the list.
  size_t find(const std::string& file) const {
    const size_t path = std::hash<std::string>()(file.substr(prefix_.size()));
    const auto found = std::ranges::lower_bound(files_, path, {}, &File::path);
    if (found == files_.end() || found->path != path) refuse(file, "was not there when the dataset was added");
    return static_cast<size_t>(found - files_.begin());
  }
  bool seen(size_t place) const { return seen_[place].load(std::memory_order_acquire); }
  void expect(size_t place, const std::string& file, const std::string& sum) {
    if (files_[place].sum != sum_from(sum)) refuse(file, "has changed since the dataset was added");
    seen_[place].store(true, std::memory_order_release);
  }

  const std::string digest;

 private:
  using Sum = std::array<char, 32>;
  struct File {
    size_t path;
    Sum sum;
  };
  static Sum sum_from(const std::string& hex) {
    Sum out;
    for (size_t i = 0; i < out.size(); ++i) {
      const auto digit = [&](size_t k) { return hex[k] <= '9' ? hex[k] - '0' : hex[k] - 'a' + 10; };
      out[i] = static_cast<char>(16 * digit(2 * i) + digit(2 * i + 1));
    }
    return out;
  }

  std::string prefix_;
  std::vector<File> files_;
  std::unique_ptr<std::atomic<bool>[]> seen_;
};

// A file that is checked by a thread of its own, which touches nothing else.
struct CheckedBehind {
  std::string failure;  // how it changed; to be read when done
  std::atomic<bool> done = false;
  std::jthread thread;  // joined before the rest goes

  CheckedBehind(const std::string& file, const std::shared_ptr<Listing>& listing, size_t place)
      : thread([this, file, listing, place](const std::stop_token& stop) {
          try {
            if (const auto sum = sum_until(file, stop)) listing->expect(place, file, *sum);
          } catch (const std::exception& change) {
            failure = change.what();
          }
          done = true;
        }) {}
};

// All sets of this process, and the files that are checked behind their readers.
class Watch {
 public:
  void add(const InstalledDataset& set) {
    const std::string prefix = Listing::prefix_of(set.folder);
    const std::lock_guard lock(mutex_);
    const auto known = listings_.find(prefix);
    if (known != listings_.end() && known->second->digest == set.digest) return;
    listings_[prefix] = std::make_shared<Listing>(set);
  }

  std::shared_ptr<Listing> listing_of(const std::string& file) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [prefix, listing] : listings_) {
      if (listing->holds(file)) return listing;
    }
    return nullptr;
  }

  void check_behind(const std::string& file, const std::shared_ptr<Listing>& listing) {
    const size_t place = listing->find(file);
    const std::lock_guard lock(mutex_);
    if (listing->seen(place) || behind_.contains(file)) return;
    behind_[file] = std::make_unique<CheckedBehind>(file, listing, place);
  }

  void expect(bool to_the_end, const std::string& below) {
    const std::lock_guard lock(mutex_);
    std::string failure;
    for (auto each = behind_.begin(); each != behind_.end();) {
      const bool asked = each->first.starts_with(below);
      if (asked && to_the_end && each->second->thread.joinable()) each->second->thread.join();
      if (!asked || !each->second->done) {
        ++each;
        continue;
      }
      if (failure.empty()) failure = each->second->failure;
      each = behind_.erase(each);  // a later run of this process may find the file mended
    }
    if (!failure.empty()) throw RunFailure(FailureKind::data, failure);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Listing>> listings_;      // by folder
  std::map<std::string, std::unique_ptr<CheckedBehind>> behind_;  // by file
};

Watch& watch() {
  static Watch all;
  return all;
}

std::string normal(const fs::path& file) { return fs::absolute(file).lexically_normal().string(); }

}  // namespace

void watch_content(const InstalledDataset& set) {
  if (set.facts_changed) refuse(set.folder / kFactsName, "has changed since the dataset was added");
  watch().add(set);
}

void expect_content(const fs::path& file, std::string_view bytes) {
  const std::string name = normal(file);
  const auto listing = watch().listing_of(name);
  if (!listing) return;
  const size_t place = listing->find(name);
  if (!listing->seen(place)) listing->expect(place, name, sha256_hex(bytes));
}

void check_behind(const fs::path& file) {
  const std::string name = normal(file);
  if (const auto listing = watch().listing_of(name)) watch().check_behind(name, listing);
}

void expect_checked_content(bool to_the_end, const fs::path& below) {
  watch().expect(to_the_end, below.empty() ? "" : Listing::prefix_of(below));
}

}  // namespace sslbench
