// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_file.h"

#include <fstream>
#include <system_error>

#include "methods/safetensors.h"
#include "suites/files/file_kind.h"
#include "suites/files/torch_file/bad_torch_file.h"
#include "suites/files/torch_file/torch_file.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<const char*, at::ScalarType> kTypes[] = {
    {"float32", at::kFloat}, {"float64", at::kDouble}, {"float16", at::kHalf}, {"bfloat16", at::kBFloat16},
    {"int64", at::kLong},    {"int32", at::kInt},      {"int16", at::kShort},  {"int8", at::kChar},
    {"uint8", at::kByte},    {"bool", at::kByte}};  // a byte that is neither 0 nor 1 is no bool

// Of all tensors together: dictionaries that hold each other make many out of few.
constexpr size_t kMostNameBytes = size_t{16} << 20;

at::ScalarType type_of(const std::string& dtype) {
  for (const auto& [name, type] : kTypes) {
    if (dtype == name) return type;
  }
  throw InternalError("internal error: a type of torch without one of ours");
}

bool is_zip(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string begin(1024, '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<size_t>(in.gcount()));
  const FileKind kind = file_kind(begin);
  // A safetensors header of the same first bytes goes on with its JSON.
  const bool json_follows = begin.size() > 8 && begin[8] == '{';
  return !json_follows && (kind == FileKind::torch_zip || kind == FileKind::zip || kind == FileKind::pickle);
}

// Runs what reads `file`; says in a UserError what was wrong.
template <class Read>
auto reading(const fs::path& file, const Read& read) {
  try {
    return read();
  } catch (const BadTorchFile& bad) {
    throw UserError(file.string() + ": " + bad.what());
  } catch (const RunFailure& failure) {  // names the file itself
    throw UserError(failure.what());
  } catch (const std::system_error& error) {
    throw UserError(std::string("cannot read ") + error.what());
  }
}

std::string step_text(const PathStep& step) {
  if (const auto* text = std::get_if<std::string>(&step)) return *text;
  return std::to_string(std::get<int64_t>(step));
}

}  // namespace

struct WeightFile::Source {
  TensorFile safetensors;
  PickleNodes torch;
  std::vector<size_t> views;  // of each key: number in torch.tensors
};

std::string full_name(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& step : path) out += (out.empty() ? "" : ".") + step;
  return out;
}

WeightFile::WeightFile(const fs::path& file) : file_(file) {
  auto source = std::make_unique<Source>();
  reading(file, [&] {
    if (!is_zip(file)) {
      source->safetensors = read_safetensors(file);
      metadata_ = source->safetensors.metadata;
      for (const auto& [name, tensor] : source->safetensors.tensors) {
        keys_.push_back({{name}, tensor.sizes().vec(), tensor.const_data_ptr()});
      }
      return;
    }
    source->torch = open_torch_file(file);
    size_t names = 0;
    walk_leaves(source->torch, [&](const std::vector<PathStep>& path, const PickleNode& leaf) {
      if (leaf.kind != NodeKind::tensor) return;
      const auto number = static_cast<size_t>(std::get<int64_t>(leaf.value));
      const TorchTensor& view = source->torch.tensors[number];
      WeightKey key{{}, view.sizes, &source->torch.storages[view.storage]};
      for (const PathStep& step : path) key.path.push_back(step_text(step));
      if (key.path.empty()) key.path.emplace_back("");
      names += full_name(key.path).size() + 1;
      if (names > kMostNameBytes) throw BadTorchFile("it holds more tensors, or longer names, than networks have");
      keys_.push_back(std::move(key));
      source->views.push_back(number);
    });
  });
  source_ = std::move(source);
}

WeightFile::~WeightFile() = default;

std::vector<Tensor> WeightFile::read(const std::vector<size_t>& numbers) const {
  std::vector<Tensor> out;
  if (source_->views.empty()) {
    for (const size_t number : numbers) out.push_back(source_->safetensors.tensors.at(number).second);
    return out;
  }
  const PickleNodes& content = source_->torch;
  std::map<size_t, Tensor> storages;
  for (const size_t number : numbers) {
    const uint32_t storage = content.tensors[source_->views.at(number)].storage;
    if (storages.contains(storage)) continue;
    storages[storage] = at::empty({content.storages[storage].numel}, type_of(content.storages[storage].dtype));
  }
  reading(file_, [&] {
    read_torch_storages(file_, content, [&](size_t number) -> char* {
      const auto found = storages.find(number);
      return found == storages.end() ? nullptr : static_cast<char*>(found->second.mutable_data_ptr());
    });
  });
  for (const size_t number : numbers) {
    const TorchTensor& view = content.tensors[source_->views.at(number)];
    const Tensor tensor = storages.at(view.storage).as_strided(view.sizes, view.strides, view.offset);
    out.push_back(content.storages[view.storage].dtype == "bool" ? tensor.ne(0) : tensor);
  }
  return out;
}

}  // namespace sslbench
