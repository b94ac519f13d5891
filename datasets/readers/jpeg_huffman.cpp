// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/jpeg_huffman.h"

#include <array>
#include <cstdint>
#include <cstring>

#if __has_include(<jpegint.h>)
#include <jpegint.h>
#endif

namespace sslbench {

#if __has_include(<jpegint.h>)
namespace {

constexpr int kLook = 10;      // bits of one look-up
constexpr int kMostBits = 16;  // of a code
constexpr int kNeeded = 32;    // a code and its value: at most 16 + 15 bits

// Place of coefficient k of the zigzag order (ITU-T T.81, figure 5); runs beyond the block end in its last place.
constexpr std::array<uint8_t, 80> kPlace{
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,
    6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31,
    39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63};

// T.81, section F.2.2.1: the value of `size` bits.
int extended(int bits, int size) { return bits < (1 << (size - 1)) ? bits - (1 << size) + 1 : bits; }

struct Entry {
  int16_t value = 0;
  uint8_t symbol = 0;  // run << 4 | size
  uint8_t bits = 0;    // of code and value; from kCodeOnly on those of the code alone; 0: the code is longer than kLook
};
constexpr uint8_t kCodeOnly = 64;

struct Table {
  std::array<Entry, 1 << kLook> entries;
  std::array<int32_t, kMostBits + 1> end;     // the first number of so many bits that is no code of that length
  std::array<int32_t, kMostBits + 1> offset;  // from a code of that length to its symbol's place
  JHUFF_TBL made_of{};
  bool made = false;
};

struct State {
  std::array<Table, NUM_HUFF_TBLS> dc, ac;
  std::array<int, MAX_COMPS_IN_SCAN> last_dc;
  uint64_t buffer = 0;  // the next bits, from the top
  int count = 0;        // how many of them count
  const uint8_t *at = nullptr, *end = nullptr;
  void (*give_up)(j_decompress_ptr) = nullptr;
};
thread_local State state;

Entry entry_of(int look, int length, uint8_t symbol) {
  Entry out{0, symbol, static_cast<uint8_t>(length + kCodeOnly)};
  const int size = symbol & 15;
  if (size == 0 || length + size > kLook) return out;
  const int bits = look >> (kLook - length - size) & ((1 << size) - 1);
  out.value = static_cast<int16_t>(extended(bits, size));
  out.bits = static_cast<uint8_t>(length + size);
  return out;
}

// T.81, annex C. False when the table is none: more codes than fit their length.
bool prepare(Table& table, const JHUFF_TBL* from, bool dc) {
  if (from == nullptr) return false;
  if (table.made && std::memcmp(table.made_of.bits, from->bits, sizeof from->bits) == 0 &&
      std::memcmp(table.made_of.huffval, from->huffval, sizeof from->huffval) == 0) {
    return true;
  }
  table.made = false;
  table.entries.fill({});
  int code = 0, place = 0;
  for (int length = 1; length <= kMostBits; ++length, code <<= 1) {
    table.offset[static_cast<size_t>(length)] = place - code;
    for (int i = 0; i < from->bits[length]; ++i, ++code, ++place) {
      if (place >= 256 || code >= 1 << length || (dc && from->huffval[place] > 15)) return false;
      if (length > kLook) continue;
      const int first = code << (kLook - length), last = (code + 1) << (kLook - length);
      for (int look = first; look < last; ++look) {
        table.entries[static_cast<size_t>(look)] = entry_of(look, length, from->huffval[place]);
      }
    }
    table.end[static_cast<size_t>(length)] = code;
  }
  table.made_of = *from;
  return table.made = true;
}

// Byte after byte, up to a marker or the end; false when there is no bit left.
bool fill_slowly(State& s) {
  while (s.count <= 56) {
    if (s.at == s.end) return s.count > 0;
    const uint8_t byte = *s.at;
    if (byte == 0xFF) {
      if (s.end - s.at < 2 || s.at[1] != 0) return s.count > 0;
      ++s.at;
    }
    ++s.at;
    const int room = 56 - s.count;
    s.buffer = (s.buffer & ~(~uint64_t{0} >> s.count)) | static_cast<uint64_t>(byte) << room;
    s.count += 8;
  }
  return true;
}

// At least kNeeded bits, or all that there are.
inline bool fill(State& s) {
  if (s.count >= kNeeded) return true;
  if (s.count < 0) return false;
  if (s.end - s.at < 8) return fill_slowly(s);
  uint64_t next = 0;
  std::memcpy(&next, s.at, sizeof next);
  next = __builtin_bswap64(next);
  constexpr uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;
  if ((~next - kOnes) & next & kTops) return fill_slowly(s);  // a byte may be 0xFF
  s.buffer = (s.buffer & ~(~uint64_t{0} >> s.count)) | next >> s.count;
  const int bytes = (63 - s.count) / 8;
  s.at += bytes, s.count += 8 * bytes;
  return true;
}

inline int take(State& s, int bits) {
  const auto out = static_cast<int>(s.buffer >> (64 - bits));
  s.buffer <<= bits, s.count -= bits;
  return out;
}

// The symbol of a code longer than a look-up; -1 when there is no such code.
int long_symbol(State& s, const Table& table) {
  for (int length = kLook + 1; length <= kMostBits; ++length) {
    const auto code = static_cast<int32_t>(s.buffer >> (64 - length));
    if (code >= table.end[static_cast<size_t>(length)]) continue;
    take(s, length);
    return table.made_of.huffval[code + table.offset[static_cast<size_t>(length)]];
  }
  return -1;
}

struct Coefficient {
  int symbol, value;
};

// Run and value; a symbol of -1 is damage.
inline Coefficient next_coefficient(State& s, const Table& table) {
  if (!fill(s)) return {-1, 0};
  const Entry entry = table.entries[s.buffer >> (64 - kLook)];
  if (entry.bits != 0 && entry.bits < kCodeOnly) {
    s.buffer <<= entry.bits, s.count -= entry.bits;
    return {entry.symbol, entry.value};
  }
  int symbol = entry.symbol;
  if (entry.bits == 0) {
    symbol = long_symbol(s, table);
    if (symbol < 0) return {-1, 0};
  } else {
    take(s, entry.bits - kCodeOnly);
  }
  const int size = symbol & 15;
  return {symbol, size == 0 ? 0 : extended(take(s, size), size)};
}

// `count` below 0 afterwards: more was taken than there was.
bool decode_block(State& s, const Table& dc, const Table& ac, int& last_dc, JCOEF* out) {
  const Coefficient first = next_coefficient(s, dc);
  last_dc += first.value;
  if (first.symbol < 0 || last_dc > 0x7FFF || last_dc < -0x8000) return false;
  if (out != nullptr) out[0] = static_cast<JCOEF>(last_dc);
  for (int k = 1; k < DCTSIZE2; ++k) {
    const Coefficient next = next_coefficient(s, ac);
    if (next.symbol < 0 || s.count < 0) return false;
    const int run = next.symbol >> 4;
    if ((next.symbol & 15) == 0) {
      if (run != 15) break;
      k += 15;
      continue;
    }
    k += run;
    if (out != nullptr) out[kPlace[static_cast<size_t>(k)]] = static_cast<JCOEF>(next.value);
  }
  return s.count >= 0;
}

boolean decode_mcu(j_decompress_ptr info, JBLOCKROW* blocks) {
  State& s = state;
  for (int b = 0; b < info->blocks_in_MCU; ++b) {
    const int c = info->MCU_membership[b];
    const jpeg_component_info& component = *info->cur_comp_info[c];
    const Table &dc = s.dc[static_cast<size_t>(component.dc_tbl_no)],
                &ac = s.ac[static_cast<size_t>(component.ac_tbl_no)];
    JCOEF* out = blocks == nullptr ? nullptr : *blocks[b];
    if (!decode_block(s, dc, ac, s.last_dc[static_cast<size_t>(c)], out)) s.give_up(info);
  }
  info->src->bytes_in_buffer = static_cast<size_t>(s.end - s.at);
  info->src->next_input_byte = s.at;
  return TRUE;
}

}  // namespace

bool take_over_huffman(jpeg_decompress_struct& info, void (*give_up)(j_decompress_ptr)) {
  if (info.progressive_mode || info.arith_code || info.restart_interval != 0 || info.data_precision != 8 ||
      info.comps_in_scan != info.num_components || info.unread_marker != 0) {
    return false;
  }
  State& s = state;
  for (int c = 0; c < info.comps_in_scan; ++c) {
    const jpeg_component_info& component = *info.cur_comp_info[c];
    const int dc = component.dc_tbl_no, ac = component.ac_tbl_no;
    if (dc < 0 || dc >= NUM_HUFF_TBLS || ac < 0 || ac >= NUM_HUFF_TBLS) return false;
    if (!prepare(s.dc[static_cast<size_t>(dc)], info.dc_huff_tbl_ptrs[dc], true) ||
        !prepare(s.ac[static_cast<size_t>(ac)], info.ac_huff_tbl_ptrs[ac], false)) {
      return false;
    }
  }
  s.last_dc.fill(0);
  s.buffer = 0, s.count = 0;
  s.at = info.src->next_input_byte, s.end = s.at + info.src->bytes_in_buffer;
  s.give_up = give_up;
  info.entropy->decode_mcu = decode_mcu;
  return true;
}
#else
bool take_over_huffman(jpeg_decompress_struct&, void (*)(j_decompress_ptr)) { return false; }
#endif

}  // namespace sslbench
