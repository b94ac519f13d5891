// SPDX-License-Identifier: Apache-2.0
#include "suites/files/safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/files/file_kind.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

constexpr size_t kHeaderLimit = 100'000'000;  // the format's own cap
constexpr std::pair<const char*, size_t> kTypes[] = {{"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8},
                                                     {"I32", 4}, {"I16", 2}, {"I8", 1},  {"U8", 1},   {"BOOL", 1}};

// The JSON of the header; a key that comes twice is refused rather than lost.
ordered_json parse_header(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, ordered_json::parse_event_t event, ordered_json& parsed) {
    if (event == ordered_json::parse_event_t::object_start) keys.emplace_back();
    if (event == ordered_json::parse_event_t::object_end) keys.pop_back();
    if (event == ordered_json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      throw BadSafetensors("'" + parsed.get<std::string>() + "' comes twice in the header");
    }
    return true;
  };
  expect_shallow_json(text);
  return ordered_json::parse(text, watch);
}

struct Place {
  uint64_t begin = 0, end = 0;
};

Place place_of(const ordered_json& entry, const StoredTensor& tensor, size_t limit) {
  const auto offsets = entry.at("data_offsets").get<std::vector<uint64_t>>();
  uint64_t bytes = element_size(tensor.dtype);
  if (bytes == 0) throw BadSafetensors("unknown dtype " + tensor.dtype);
  const bool empty = std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end();
  for (const int64_t side : tensor.shape) {
    if (side < 0 || (!empty && bytes > limit / static_cast<uint64_t>(side))) {
      throw BadSafetensors("the shape of '" + tensor.name + "' is too large");
    }
    bytes *= empty ? 1 : static_cast<uint64_t>(side);
  }
  if (empty) bytes = 0;
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > limit || offsets[1] - offsets[0] != bytes) {
    throw BadSafetensors("the offsets of '" + tensor.name + "' overlap, leave holes or do not fit the shape");
  }
  return {offsets[0], offsets[1]};
}

void check_without_holes(std::vector<Place> places, size_t size) {
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  uint64_t expected = 0;
  for (const Place& place : places) {
    if (place.begin != expected) throw BadSafetensors("offsets overlap, leave holes or do not fit the shape");
    expected = place.end;
  }
  if (expected != size) throw BadSafetensors("bytes beyond the last tensor");
}

// What to do with a file that is often given for one of safetensors.
std::string way_out(FileKind kind) {
  switch (kind) {
    case FileKind::lfs_pointer: return "; run `git lfs pull` where it comes from";
    case FileKind::torch_zip:
    case FileKind::pickle:
      return ", which holds code and is not read; convert it in Python with safetensors.torch.save_file(state_dict, "
             "FILE)";
    case FileKind::html: return ", such as a download that failed or asked to log in; get the file itself";
    case FileKind::zip:
    case FileKind::gzip: return "; unpack it";
    default: return "; convert it with safetensors.torch.save_file";
  }
}

// The length of a header may begin as a pickle or gzip does; its JSON follows then.
void refuse_other_kinds(std::string_view file) {
  const FileKind kind = file_kind(file);
  constexpr size_t kLength = sizeof(uint64_t);
  const bool json_follows = file.size() > kLength && file[kLength] == '{';
  if (kind == FileKind::other || json_follows) return;
  throw BadSafetensors("it is " + std::string(describe(kind)) + way_out(kind));
}

StoredTensors parse_checked(std::string_view file) {
  refuse_other_kinds(file);
  uint64_t length = 0;
  if (file.size() < sizeof length) throw BadSafetensors("shorter than its header");
  std::memcpy(&length, file.data(), sizeof length);
  if (length > kHeaderLimit || length > file.size() - sizeof length) {
    throw BadSafetensors("header length " + std::to_string(length) + ", and the file has " +
                         std::to_string(file.size()) + " bytes: cut short, or of another kind");
  }
  // The parser would take a zero byte for the end.
  if (file.substr(sizeof length, length).find('\0') != std::string_view::npos)
    throw BadSafetensors("a zero in its header");
  const ordered_json header = parse_header(file.substr(sizeof length, length));
  if (!header.is_object()) throw BadSafetensors("its header is no JSON object");
  StoredTensors out;
  out.data = file.substr(sizeof length + length);
  if (header.contains("__metadata__")) header.at("__metadata__").get_to(out.metadata);
  const auto sum = out.metadata.find("sha256");
  if (sum != out.metadata.end() && sha256_hex(out.data) != sum->second) {
    throw BadSafetensors("checksum differs: the file was damaged");
  }
  std::vector<Place> places;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    StoredTensor tensor{name, entry.at("dtype").get<std::string>(), entry.at("shape").get<std::vector<int64_t>>(), {}};
    places.push_back(place_of(entry, tensor, out.data.size()));
    tensor.bytes = out.data.substr(places.back().begin, places.back().end - places.back().begin);
    out.tensors.push_back(std::move(tensor));
  }
  check_without_holes(std::move(places), out.data.size());
  return out;
}

}  // namespace

int64_t StoredTensor::numel() const {
  int64_t out = 1;
  for (const int64_t side : shape) out *= side;
  return out;
}

const StoredTensor* StoredTensors::find(std::string_view name) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const StoredTensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

StoredTensors parse_safetensors(std::string_view file) {
  try {
    return parse_checked(file);
  } catch (const nlohmann::json::exception& error) {
    throw BadSafetensors(json_mistake(error));
  }
}

std::string safetensors_file(std::string header, std::string_view data) {
  header.append((8 - header.size() % 8) % 8, ' ');
  const uint64_t length = header.size();
  std::string out(reinterpret_cast<const char*>(&length), sizeof length);
  out += header;
  out += data;
  return out;
}

size_t element_size(std::string_view dtype) {
  for (const auto& [name, size] : kTypes) {
    if (dtype == name) return size;
  }
  return 0;
}

}  // namespace sslbench
