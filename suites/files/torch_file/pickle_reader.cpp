// SPDX-License-Identifier: Apache-2.0
#include "suites/files/torch_file/pickle_reader.h"

#include <bit>
#include <cstdio>
#include <cstring>
#include <unordered_map>

#include "suites/files/torch_file/pickle_bytes.h"
#include "suites/files/torch_file/torch_objects.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

// Stack, marks and memo of Python's unpickler, over nodes.
class PickleMachine : PickleBytes {
 public:
  explicit PickleMachine(std::string_view bytes) : PickleBytes(bytes), objects_(out_) {}

  PickleNodes run() {
    while (!stopped_) {
      const size_t place = at();
      const auto op = static_cast<uint8_t>(take(1)[0]);
      if (!framing(op) && !constant(op) && !string(op) && !container(op) && !memory(op) && !object(op)) {
        char text[64];
        std::snprintf(text, sizeof text, "opcode 0x%02x at byte %zu of its pickle", op, place);
        throw BadTorchFile(std::string(text) + " is none that torch.save writes: damaged, or not from there");
      }
      if (out_.nodes.size() > kMostPickleNodes) throw BadTorchFile("its pickle holds too many values");
    }
    return std::move(out_);
  }

 private:
  void push(NodeId id) { stack_.push_back(id); }
  void push_new(NodeKind kind, decltype(PickleNode::value) value = {}) { push(objects_.add(kind, std::move(value))); }
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  NodeId top() const {
    if (stack_.size() <= floor()) damaged("a value is missing");
    return stack_.back();
  }
  NodeId pop() {
    const NodeId out = top();
    stack_.pop_back();
    return out;
  }
  std::vector<NodeId> pop_to_mark() {
    if (marks_.empty()) damaged("a mark is missing");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<NodeId> out(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return out;
  }

  // Where a pickle says how it is written.
  bool framing(uint8_t op) {
    switch (op) {
      case 0x80:
        if (const auto protocol = number<uint8_t>(); protocol < 2 || protocol > 5) damaged("an unknown protocol");
        return true;
      case 0x95: number<uint64_t>(); return true;  // FRAME
      case '.': out_.root = pop(), stopped_ = true; return true;
      case '(': marks_.push_back(stack_.size()); return true;
      case '0':  // POP takes a mark, too
        if (!marks_.empty() && stack_.size() == marks_.back()) {
          marks_.pop_back();
        } else {
          pop();
        }
        return true;
      case '1': pop_to_mark(); return true;
      default: return false;
    }
  }

  bool constant(uint8_t op) {
    switch (op) {
      case 'N': push_new(NodeKind::none); return true;
      case 0x88: push_new(NodeKind::flag, true); return true;
      case 0x89: push_new(NodeKind::flag, false); return true;
      case 'J': push_new(NodeKind::integer, int64_t{number<int32_t>()}); return true;
      case 'K': push_new(NodeKind::integer, int64_t{number<uint8_t>()}); return true;
      case 'M': push_new(NodeKind::integer, int64_t{number<uint16_t>()}); return true;
      case 0x8A: push_long(take(number<uint8_t>())); return true;
      case 0x8B: push_long(take(number<uint32_t>())); return true;
      case 'G': push_new(NodeKind::real, std::bit_cast<double>(__builtin_bswap64(number<uint64_t>()))); return true;
      default: return false;
    }
  }

  // Two's complement, little-endian; what 64 bits do not hold becomes a real number.
  void push_long(std::string_view bytes) {
    const bool negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
    if (bytes.size() <= sizeof(int64_t)) {
      uint64_t value = negative ? ~uint64_t{0} : 0;
      std::memcpy(&value, bytes.data(), bytes.size());
      return push_new(NodeKind::integer, static_cast<int64_t>(value));
    }
    double value = negative ? -1 : 0;
    for (size_t i = bytes.size(); i-- > 0;) value = value * 256 + static_cast<uint8_t>(bytes[i]);
    push_new(NodeKind::real, value);
  }

  bool string(uint8_t op) {
    switch (op) {
      case 'X': push_text(take(number<uint32_t>())); return true;
      case 0x8C: push_text(take(number<uint8_t>())); return true;
      case 0x8D: push_text(take(number<uint64_t>())); return true;
      case 'T':
      case 'B': push_bytes(take(number<uint32_t>())); return true;
      case 'U':
      case 'C': push_bytes(take(number<uint8_t>())); return true;
      case 0x8E:
      case 0x96: push_bytes(take(number<uint64_t>())); return true;  // BYTEARRAY8
      default: return false;
    }
  }
  void push_text(std::string_view text) {
    if (!is_utf8(text)) damaged("a text that is no UTF-8");
    push_new(NodeKind::text, std::string(text));
  }
  void push_bytes(std::string_view bytes) { push_new(NodeKind::bytes, std::string(bytes)); }

  bool container(uint8_t op) {
    switch (op) {
      case ']':
      case 0x8F: push_new(NodeKind::list, std::vector<NodeId>()); return true;
      case '}': push_new(NodeKind::dict, std::vector<NodeId>()); return true;
      case ')': push_new(NodeKind::tuple, std::vector<NodeId>()); return true;
      case 't': push_new(NodeKind::tuple, pop_to_mark()); return true;
      case 'l':
      case 0x91: push_new(NodeKind::list, pop_to_mark()); return true;  // LIST, FROZENSET
      case 'd': push_new(NodeKind::dict, even(pop_to_mark())); return true;
      case 0x85:
      case 0x86:
      case 0x87: push_tuple(op - 0x84); return true;
      case 'a': extend(NodeKind::list, {pop()}); return true;
      case 'e':
      case 0x90: extend(NodeKind::list, pop_to_mark()); return true;
      case 's': {
        const NodeId value = pop(), key = pop();
        extend(NodeKind::dict, {key, value});
        return true;
      }
      case 'u': extend(NodeKind::dict, even(pop_to_mark())); return true;
      default: return false;
    }
  }
  static std::vector<NodeId> even(std::vector<NodeId> items) {
    if (items.size() % 2 != 0) damaged("a key without a value");
    return items;
  }
  void push_tuple(int size) {
    std::vector<NodeId> items(static_cast<size_t>(size));
    for (size_t i = items.size(); i-- > 0;) items[i] = pop();
    push_new(NodeKind::tuple, std::move(items));
  }
  void extend(NodeKind kind, const std::vector<NodeId>& items) {
    PickleNode& to = out_.nodes[top()];
    if (to.kind != kind) damaged("a value is put into something else than a list or dict");
    auto& into = std::get<std::vector<NodeId>>(to.value);
    into.insert(into.end(), items.begin(), items.end());
  }

  bool memory(uint8_t op) {
    switch (op) {
      case 'q': memo_[number<uint8_t>()] = top(); return true;
      case 'r': memo_[number<uint32_t>()] = top(); return true;
      case 0x94: memo_[static_cast<uint32_t>(memo_.size())] = top(); return true;
      case 'h': recall(number<uint8_t>()); return true;
      case 'j': recall(number<uint32_t>()); return true;
      default: return false;
    }
  }
  void recall(uint32_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) damaged("it asks for a value that it never kept");
    push(found->second);
  }

  bool object(uint8_t op) {
    switch (op) {
      case 'c': {
        const std::string module(line()), name(line());
        push(objects_.name(module, name));
        return true;
      }
      case 0x93: {
        const NodeId name = pop(), module = pop();
        if (out_.kind(name) != NodeKind::text || out_.kind(module) != NodeKind::text) damaged("a name that is no text");
        push(objects_.name(*out_.text(module), *out_.text(name)));
        return true;
      }
      case 'R':
      case 0x81: {  // REDUCE, NEWOBJ
        const NodeId arguments = pop(), callable = pop();
        push(objects_.call(callable, arguments));
        return true;
      }
      case 'b': {
        const NodeId state = pop();
        objects_.set_state(top(), state);
        return true;
      }
      case 'Q': push(objects_.storage(pop())); return true;
      case 'i': {  // INST calls in one step; the name is the reason
        const std::string module(line()), name(line());
        objects_.name(module, name);
        return false;
      }
      default: return false;
    }
  }

  bool stopped_ = false;
  PickleNodes out_;
  TorchObjects objects_;
  std::vector<NodeId> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::unordered_map<uint32_t, NodeId> memo_;
};

}  // namespace

PickleNodes read_pickle(std::string_view bytes) {
  if (bytes.size() > kMostPickleBytes) throw BadTorchFile("its pickle is larger than that of any network");
  return PickleMachine(bytes).run();
}

}  // namespace sslbench
