// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/torch_objects.h"

#include <algorithm>
#include <iterator>

#include "suites/files/torch_file/bad_torch_file.h"
#include "suites/files/torch_file/numpy_value.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

// Types of storages, as torch names them.
constexpr struct {
  const char *storage, *dtype;
  size_t size;
} kStorages[] = {{"torch.FloatStorage", "float32", 4},        {"torch.DoubleStorage", "float64", 8},
                 {"torch.HalfStorage", "float16", 2},         {"torch.BFloat16Storage", "bfloat16", 2},
                 {"torch.LongStorage", "int64", 8},           {"torch.IntStorage", "int32", 4},
                 {"torch.ShortStorage", "int16", 2},          {"torch.CharStorage", "int8", 1},
                 {"torch.ByteStorage", "uint8", 1},           {"torch.BoolStorage", "bool", 1},
                 {"torch.storage.UntypedStorage", "uint8", 1}};

constexpr const char* kOrderedDict = "collections.OrderedDict";
constexpr const char* kNamespace = "argparse.Namespace";
constexpr const char* kTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* kParameter = "torch._utils._rebuild_parameter";
constexpr const char* kEncode = "_codecs.encode";
constexpr const char* kDtype = "numpy.dtype";
// Names that stand for data. Empty bytes have the type's name in protocol 2.
constexpr const char* kData[] = {kOrderedDict,
                                 kNamespace,
                                 kTensor,
                                 kParameter,
                                 kEncode,
                                 kDtype,
                                 "numpy.core.multiarray.scalar",
                                 "numpy._core.multiarray.scalar",
                                 "builtins.bytes",
                                 "__builtin__.bytes"};

[[noreturn]] void refuse_call(const std::string& what) {
  throw BadTorchFile("its pickle is damaged: " + what + " is not as torch.save writes it");
}

const char* dtype_of(const std::string& storage) {
  for (const auto& known : kStorages) {
    if (known.storage == storage) return known.dtype;
  }
  return nullptr;
}

// A view may repeat elements (stride 0), which then take memory that the file does not.
constexpr int64_t kMostRepeats = 100, kRepeatsFree = int64_t{16} << 20;

// Whether every element of the view lies inside the storage; sets its numel. All products are checked, since sizes and
// strides are a stranger's.
bool fits(TorchTensor& view, int64_t available) {
  __int128 last = view.offset, numel = 1;
  for (size_t d = 0; d < view.sizes.size(); ++d) {
    if (view.sizes[d] < 0 || view.strides[d] < 0) return false;
    numel *= view.sizes[d];
    if (numel > kRepeatsFree + static_cast<__int128>(available) * kMostRepeats) return false;
    last += static_cast<__int128>(std::max<int64_t>(view.sizes[d] - 1, 0)) * view.strides[d];
    if (last > INT64_MAX) return false;
  }
  view.numel = static_cast<int64_t>(numel);
  return view.offset >= 0 && (numel == 0 ? view.offset <= available : last < available);
}

}  // namespace

size_t torch_element_size(std::string_view dtype) {
  for (const auto& known : kStorages) {
    if (dtype == known.dtype) return known.size;
  }
  return 0;
}

NodeId TorchObjects::add(NodeKind kind, decltype(PickleNode::value) value) {
  nodes_.nodes.push_back({kind, std::move(value)});
  return static_cast<NodeId>(nodes_.nodes.size() - 1);
}

NodeId TorchObjects::name(const std::string& module, const std::string& name) {
  const std::string full = module + "." + name;
  if (dtype_of(full) == nullptr && std::find(std::begin(kData), std::end(kData), full) == std::end(kData)) {
    const bool storage = full.starts_with("torch.") && full.ends_with("Storage");
    const std::string shown = printable(full.substr(0, 100));
    if (storage) throw BadTorchFile("it holds tensors of type " + shown + ", which no backbone here has");
    throw BadTorchFile("it asks for " + shown +
                       ", which is no plain data: reading it would run code, so it is refused. Save what you need as "
                       "tensors, numbers and texts: torch.save(model.state_dict(), FILE)");
  }
  return add(NodeKind::name, full);
}

const std::vector<NodeId>& TorchObjects::arguments_of(NodeId arguments, size_t least, const char* what) const {
  if (nodes_.kind(arguments) != NodeKind::tuple || nodes_.children(arguments)->size() < least) refuse_call(what);
  return *nodes_.children(arguments);
}

NodeId TorchObjects::call(NodeId callable, NodeId arguments) {
  if (nodes_.kind(callable) != NodeKind::name) refuse_call("a call of something without a name");
  const std::string name = *nodes_.text(callable);
  if (name == kTensor) return tensor(arguments);
  if (name == kParameter) return parameter(arguments);
  if (name == kOrderedDict) return ordered_dict(arguments);
  if (name == kEncode) return encoded(arguments);
  if (name == kDtype) return numpy_dtype(arguments);
  if (name.ends_with(".scalar")) return numpy_scalar(arguments);
  if (!arguments_of(arguments, 0, "a value").empty() || dtype_of(name) != nullptr) refuse_call("a call of " + name);
  if (name == kNamespace) return add(NodeKind::object, std::vector<NodeId>());
  return add(NodeKind::bytes, std::string());
}

void TorchObjects::set_state(NodeId object, NodeId state) {
  PickleNode& to = nodes_.nodes[object];
  if (to.kind == NodeKind::object && nodes_.kind(state) == NodeKind::dict) {
    to.value = *nodes_.children(state);
    return;
  }
  if (to.kind == NodeKind::text && is_numpy_dtype(*nodes_.text(object))) {  // (version, byte order, ...)
    const auto& facts = arguments_of(state, 2, "a type of numpy");
    if (nodes_.kind(facts[1]) != NodeKind::text) refuse_call("a type of numpy");
    to.value = *nodes_.text(facts[1]) + std::get<std::string>(to.value);
    return;
  }
  // What a dict or a number carries besides its items: `_metadata` of a state dict.
  if (to.kind != NodeKind::dict && to.kind != NodeKind::tensor) refuse_call("an object's state");
}

NodeId TorchObjects::ordered_dict(NodeId arguments) {
  const auto& given = arguments_of(arguments, 0, "an OrderedDict");
  std::vector<NodeId> items;
  if (!given.empty()) {
    if (nodes_.kind(given[0]) != NodeKind::list) refuse_call("an OrderedDict");
    for (const NodeId pair : *nodes_.children(given[0])) {
      const std::vector<NodeId>* both = nodes_.children(pair);
      if (both == nullptr || both->size() != 2) refuse_call("an OrderedDict");
      items.insert(items.end(), both->begin(), both->end());
    }
  }
  return add(NodeKind::dict, std::move(items));
}

NodeId TorchObjects::encoded(NodeId arguments) {
  const auto& given = arguments_of(arguments, 2, "bytes");
  if (nodes_.kind(given[0]) != NodeKind::text || !nodes_.is(given[1], NodeKind::text, "latin1")) refuse_call("bytes");
  std::string bytes;
  for (std::string_view text = *nodes_.text(given[0]); !text.empty();) {
    const Character next = first_character(text);
    if (next.length == 0 || next.point > 0xFF) refuse_call("bytes");
    bytes += static_cast<char>(next.point);
    text.remove_prefix(next.length);
  }
  return add(NodeKind::bytes, std::move(bytes));
}

NodeId TorchObjects::numpy_dtype(NodeId arguments) {
  const auto& given = arguments_of(arguments, 1, "a type of numpy");
  if (nodes_.kind(given[0]) != NodeKind::text || !is_numpy_dtype(*nodes_.text(given[0]))) {
    refuse_call("a type of numpy");
  }
  return add(NodeKind::text, *nodes_.text(given[0]));
}

NodeId TorchObjects::numpy_scalar(NodeId arguments) {
  const auto& given = arguments_of(arguments, 2, "a number of numpy");
  if (nodes_.kind(given[0]) != NodeKind::text || nodes_.kind(given[1]) != NodeKind::bytes) {
    refuse_call("a number of numpy");
  }
  const auto value = numpy_value(*nodes_.text(given[0]), *nodes_.text(given[1]));
  if (const auto* flag = std::get_if<bool>(&value)) return add(NodeKind::flag, *flag);
  if (const auto* integer = std::get_if<int64_t>(&value)) return add(NodeKind::integer, *integer);
  if (const auto* real = std::get_if<double>(&value)) return add(NodeKind::real, *real);
  return add(NodeKind::object, std::vector<NodeId>());
}

std::vector<int64_t> TorchObjects::integers(NodeId tuple, const char* what) const {
  std::vector<int64_t> out;
  for (const NodeId each : arguments_of(tuple, 0, what)) {
    if (nodes_.kind(each) != NodeKind::integer) refuse_call(what);
    out.push_back(*nodes_.integer(each));
  }
  return out;
}

NodeId TorchObjects::tensor(NodeId arguments) {
  const auto& given = arguments_of(arguments, 5, "a tensor");
  if (nodes_.kind(given[0]) != NodeKind::storage || nodes_.kind(given[1]) != NodeKind::integer ||
      nodes_.kind(given[4]) != NodeKind::flag) {
    refuse_call("a tensor");
  }
  TorchTensor view{static_cast<uint32_t>(*nodes_.integer(given[0])),
                   *nodes_.integer(given[1]),
                   0,
                   integers(given[2], "a tensor's shape"),
                   integers(given[3], "a tensor's strides"),
                   *nodes_.flag(given[4])};
  const TorchStorage& storage = nodes_.storages[view.storage];
  if (view.sizes.size() != view.strides.size() || view.sizes.size() > kMostDimensions) refuse_call("a tensor's shape");
  if (!fits(view, storage.numel)) {
    throw BadTorchFile("a tensor lies outside, or repeats beyond all use, its storage '" +
                       printable(storage.key.substr(0, 100)) + "' of " + std::to_string(storage.numel) +
                       " elements: damaged, or made to be");
  }
  nodes_.tensors.push_back(std::move(view));
  return add(NodeKind::tensor, static_cast<int64_t>(nodes_.tensors.size() - 1));
}

NodeId TorchObjects::parameter(NodeId arguments) {
  const auto& given = arguments_of(arguments, 2, "a parameter");
  if (nodes_.kind(given[0]) != NodeKind::tensor || nodes_.kind(given[1]) != NodeKind::flag) refuse_call("a parameter");
  TorchTensor view = nodes_.tensors[static_cast<size_t>(*nodes_.integer(given[0]))];
  view.requires_grad = *nodes_.flag(given[1]);
  nodes_.tensors.push_back(std::move(view));
  return add(NodeKind::tensor, static_cast<int64_t>(nodes_.tensors.size() - 1));
}

NodeId TorchObjects::storage(NodeId id) {
  const auto& given = arguments_of(id, 5, "a storage");
  const bool known = nodes_.is(given[0], NodeKind::text, "storage") && nodes_.kind(given[1]) == NodeKind::name &&
                     nodes_.kind(given[2]) == NodeKind::text && nodes_.kind(given[4]) == NodeKind::integer;
  const char* dtype = known ? dtype_of(*nodes_.text(given[1])) : nullptr;
  if (dtype == nullptr) refuse_call("a storage");
  TorchStorage storage{*nodes_.text(given[2]), dtype, *nodes_.integer(given[4]), 0};
  const auto size = static_cast<int64_t>(torch_element_size(dtype));
  if (storage.numel < 0 || storage.numel > INT64_MAX / size) refuse_call("a storage's size");
  storage.bytes = static_cast<uint64_t>(storage.numel * size);
  const auto [place, is_new] = storages_.emplace(storage.key, static_cast<uint32_t>(nodes_.storages.size()));
  if (is_new) {
    nodes_.storages.push_back(std::move(storage));
  } else {
    const TorchStorage& before = nodes_.storages[place->second];
    if (before.dtype != storage.dtype || before.numel != storage.numel) refuse_call("a storage that comes twice");
  }
  return add(NodeKind::storage, int64_t{place->second});
}

}  // namespace sslbench
