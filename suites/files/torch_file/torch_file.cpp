// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/torch_file.h"

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "suites/files/bounded_file.h"
#include "suites/files/file_kind.h"
#include "suites/files/torch_file/bad_torch_file.h"
#include "suites/files/torch_file/pickle_reader.h"
#include "suites/files/torch_file/zip_entries.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kData = "data/";

std::string first_bytes(const fs::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) throw std::system_error(errno, std::generic_category(), file.string());
  if (!S_ISREG(found.st_mode)) throw BadTorchFile("it is no regular file");
  std::ifstream in(file, std::ios::binary);
  std::string out(1024, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad() || !in.is_open()) throw std::system_error(errno, std::generic_category(), file.string());
  out.resize(static_cast<size_t>(in.gcount()));
  return out;
}

void expect_zip(const fs::path& file) {
  const FileKind kind = file_kind(first_bytes(file));
  if (kind == FileKind::torch_zip || kind == FileKind::zip) return;
  if (kind == FileKind::pickle) {
    throw BadTorchFile(
        "it is in torch.save's format before PyTorch 1.6; write it again with a later one: "
        "torch.save(torch.load(FILE, weights_only=True), FILE)");
  }
  throw BadTorchFile(kind == FileKind::other ? "it is no ZIP archive, as torch.save writes"
                                             : "it is " + std::string(describe(kind)));
}

// The entries besides storages that say what kind of archive it is.
struct Archive {
  std::string root;
  std::optional<std::string> pickle;
  std::map<std::string, uint64_t> storages;  // by key, bytes

  void add(ZipEntries& entry) {
    const size_t slash = entry.name().find('/');
    if (slash == std::string::npos || slash == 0 || (!root.empty() && entry.name().substr(0, slash) != root)) {
      throw BadTorchFile("its entry '" + short_name(entry.name()) + "' lies outside its one root folder");
    }
    root = entry.name().substr(0, slash);
    const std::string name = entry.name().substr(slash + 1);
    if (name.ends_with('/')) return;  // a folder
    refuse_programs(name);
    if (name == "data.pkl") {
      if (pickle || entry.size() > kMostPickleBytes) throw BadTorchFile("its pickle comes twice, or is too large");
      pickle = entry.read();
    } else if (name == "byteorder") {
      if (entry.size() > 16 || entry.read() != "little") {
        throw BadTorchFile("it was written on a big-endian machine; write it again on a little-endian one");
      }
    } else if (name.starts_with(kData) && !storages.emplace(name.substr(5), entry.size()).second) {
      throw BadTorchFile("its entry '" + short_name(name) + "' comes twice");
    }
  }

 private:
  static std::string short_name(const std::string& name) { return printable(name.substr(0, 100)); }
  static void refuse_programs(const std::string& name) {
    if (name.starts_with("code/") || name == "constants.pkl") {
      throw BadTorchFile(
          "it is a TorchScript archive, a program; use it as backbone = { name = \"traced\", file = ... }");
    }
    if (name == "archive_format" || name == "archive_version" || name.starts_with("models/")) {
      throw BadTorchFile("it is a program of torch.export; use it as backbone = { name = \"exported\", file = ... }");
    }
  }
};

void check_storages(const PickleNodes& content, const Archive& archive) {
  uint64_t total = 0;
  for (const TorchStorage& storage : content.storages) {
    const auto found = archive.storages.find(storage.key);
    const uint64_t have = found == archive.storages.end() ? 0 : found->second;
    if (have != storage.bytes) {
      throw BadTorchFile("its tensors need " + std::to_string(storage.bytes) + " bytes of storage '" +
                         printable(storage.key.substr(0, 100)) + "', and the file has " + std::to_string(have) +
                         ": cut short, damaged or made to be");
    }
    total += have;
  }
  if (total > kMostTensorBytes) throw BadTorchFile("it is larger than a file of weights can be");
}

class LeafWalk {
 public:
  using Visit = std::function<void(const std::vector<PathStep>&, const PickleNode&)>;
  LeafWalk(const PickleNodes& content, const Visit& visit) : content_(content), visit_(visit) {}

  void walk(NodeId id) {
    const PickleNode& node = content_.at(id);
    const std::vector<NodeId>* inside = content_.children(id);
    if (++seen_ > kMostPickleNodes || path_.size() > kDeepest) {
      throw BadTorchFile("its values are nested or repeated beyond what a network needs");
    }
    if (inside == nullptr || inside->empty()) return visit_(path_, node);
    const bool keyed = node.kind == NodeKind::dict || node.kind == NodeKind::object;
    for (size_t i = keyed ? 1 : 0; i < inside->size(); i += keyed ? 2 : 1) {
      path_.push_back(keyed ? key((*inside)[i - 1]) : PathStep(static_cast<int64_t>(i)));
      walk((*inside)[i]);
      path_.pop_back();
    }
  }

 private:
  static constexpr size_t kDeepest = 64;

  PathStep key(NodeId id) const {
    const NodeKind kind = content_.kind(id);
    if (kind == NodeKind::integer) return *content_.integer(id);
    return kind == NodeKind::text ? *content_.text(id) : std::string("?");
  }

  const PickleNodes& content_;
  const Visit& visit_;
  std::vector<PathStep> path_;
  size_t seen_ = 0;
};

}  // namespace

PickleNodes open_torch_file(const fs::path& file) {
  expect_zip(file);
  Archive archive;
  for (ZipEntries entries(file); entries.next();) archive.add(entries);
  if (!archive.pickle) throw BadTorchFile("it is a ZIP archive without data.pkl, so torch.save did not write it");
  PickleNodes content = read_pickle(*archive.pickle);
  check_storages(content, archive);
  return content;
}

void read_torch_storages(const fs::path& file, const PickleNodes& content, const std::function<char*(size_t)>& place) {
  std::map<std::string, size_t> numbers;
  for (size_t i = 0; i < content.storages.size(); ++i) numbers[content.storages[i].key] = i;
  for (ZipEntries entries(file); entries.next();) {
    const std::string name = entries.name().substr(entries.name().find('/') + 1);
    const auto found = name.starts_with(kData) ? numbers.find(name.substr(5)) : numbers.end();
    if (found == numbers.end()) continue;
    char* to = place(found->second);
    if (to == nullptr) continue;
    if (entries.size() != content.storages[found->second].bytes) throw BadTorchFile("it changed while it was read");
    entries.read(to);
    numbers.erase(found);
  }
}

void walk_leaves(const PickleNodes& content, const LeafWalk::Visit& visit) {
  LeafWalk(content, visit).walk(content.root);
}

}  // namespace sslbench
