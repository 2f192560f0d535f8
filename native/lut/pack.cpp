// Turns blocks of GGUF into groups of 16 rows and back; see formats.h for the layout.
#include <algorithm>
#include <array>
#include <cstring>

#include "lut/formats.h"

namespace cairn::lut {
namespace {

using Byte = std::uint8_t;

using Line = std::size_t (*)(std::size_t);

// Four bytes of a row go to a line; the i-th four of a part of a block go to line(i).
template <Line line>
void scatter(const Byte* from, std::size_t size, std::size_t row, Byte* body) {
  for (std::size_t i = 0; i < size; i += 4) {
    std::memcpy(body + line(i / 4) * kLine + row * 4, from + i, 4);
  }
}

template <Line line>
void gather(const Byte* body, std::size_t size, std::size_t row, Byte* to) {
  for (std::size_t i = 0; i < size; i += 4) {
    std::memcpy(to + i, body + line(i / 4) * kLine + row * 4, 4);
  }
}

constexpr std::size_t in_order(std::size_t i) { return i; }
constexpr std::size_t after_sixes(std::size_t i) { return 3 + i; }
constexpr std::size_t pairs_q2_k(std::size_t i) { return line_q2_k(i / 8, i % 8); }
constexpr std::size_t pairs_q3_k(std::size_t i) { return line_q3_k(i / 8, i % 8); }
constexpr std::size_t pairs_q6_k(std::size_t i) { return line_q6_k(i / 8, i % 8) + 2; }
constexpr std::size_t nibbles_q6_k(std::size_t i) {
  return line_q6_k(i / 16, i % 8) + i / 8 % 2;
}

// Byte i of a row in lines that keep the order of the file.
constexpr std::size_t at(std::size_t row, std::size_t i) { return i / 4 * kLine + row * 4 + i % 4; }

// Sixteen 6-bit numbers of a row in three lines: two of low nibbles, one of high pairs of bits, so
// placed that a shift and a mask make 4 numbers (see six_bits in tiles.inl).
void put_sixes(const std::array<Byte, 16>& values, std::size_t row, Byte* lines) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Byte a = values[i], b = values[4 + i], c = values[8 + i], d = values[12 + i];
    lines[at(row, i)] = static_cast<Byte>((a & 15) | (b << 4));
    lines[at(row, 4 + i)] = static_cast<Byte>((c & 15) | (d << 4));
    const int low = c >> 4 | d >> 4 << 2, high = (a & 0x30) | b >> 4 << 6;
    lines[at(row, 8 + i)] = static_cast<Byte>(low | high);
  }
}

std::array<Byte, 16> get_sixes(const Byte* lines, std::size_t row) {
  std::array<Byte, 16> values;
  for (std::size_t i = 0; i < 4; ++i) {
    const Byte ab = lines[at(row, i)], cd = lines[at(row, 4 + i)], high = lines[at(row, 8 + i)];
    values[i] = static_cast<Byte>((ab & 15) | (high & 0x30));
    values[4 + i] = static_cast<Byte>((ab >> 4) | (high >> 6 << 4));
    values[8 + i] = static_cast<Byte>((cd & 15) | ((high & 3) << 4));
    values[12 + i] = static_cast<Byte>((cd >> 4) | ((high >> 2 & 3) << 4));
  }
  return values;
}

// Q4_K keeps 8 scales and 8 minima of 6 bits in 12 bytes: the first four of each in the low bits
// of bytes 0-7, the nibbles of the others in bytes 8-11 and their high bits on top of 0-7.
std::array<Byte, 16> sixes_of_q4_k(const Byte* s) {
  std::array<Byte, 16> values;
  for (std::size_t i = 0; i < 4; ++i) {
    values[i] = s[i] & 63;
    values[8 + i] = s[4 + i] & 63;
    values[4 + i] = static_cast<Byte>((s[8 + i] & 15) | (s[i] >> 6 << 4));
    values[12 + i] = static_cast<Byte>((s[8 + i] >> 4) | (s[4 + i] >> 6 << 4));
  }
  return values;
}

void q4_k_of_sixes(const std::array<Byte, 16>& v, Byte* s) {
  for (std::size_t i = 0; i < 4; ++i) {
    s[i] = static_cast<Byte>(v[i] | (v[4 + i] >> 4 << 6));
    s[4 + i] = static_cast<Byte>(v[8 + i] | (v[12 + i] >> 4 << 6));
    s[8 + i] = static_cast<Byte>((v[4 + i] & 15) | (v[12 + i] << 4));
  }
}

// Q3_K: nibbles of scales 0-7 low and 8-15 high in bytes 0-7, their pairs of high bits in 8-11.
std::array<Byte, 16> sixes_of_q3_k(const Byte* s) {
  std::array<Byte, 16> values;
  for (std::size_t i = 0; i < 16; ++i) {
    const Byte low = i < 8 ? s[i] & 15 : s[i - 8] >> 4;
    values[i] = static_cast<Byte>(low | ((s[8 + i % 4] >> (i / 4 * 2) & 3) << 4));
  }
  return values;
}

void q3_k_of_sixes(const std::array<Byte, 16>& v, Byte* s) {
  std::fill(s, s + 12, Byte{0});
  for (std::size_t i = 0; i < 16; ++i) {
    s[i % 8] = static_cast<Byte>(s[i % 8] | (v[i] & 15) << (i < 8 ? 0 : 4));
    s[8 + i % 4] = static_cast<Byte>(s[8 + i % 4] | v[i] >> 4 << (i / 4 * 2));
  }
}

// The third bits of Q3_K: bit 4n + t of a byte belongs to pair t of half n. Where it goes lets one
// mask add it to its pair of bits without a shift, or with one.
constexpr std::array<int, 8> kThirdBit{2, 4, 6, 0, 3, 5, 7, 1};

Byte spread_thirds(Byte from) {
  Byte to = 0;
  for (std::size_t bit = 0; bit < 8; ++bit) {
    to = static_cast<Byte>(to | (from >> bit & 1) << kThirdBit[bit]);
  }
  return to;
}

Byte collect_thirds(Byte from) {
  Byte to = 0;
  for (std::size_t bit = 0; bit < 8; ++bit) {
    to = static_cast<Byte>(to | (from >> kThirdBit[bit] & 1) << bit);
  }
  return to;
}

// Four 6-bit quants of Q6_K lie in two bytes of nibbles and one of pairs. The third and fourth keep
// their upper four bits in the high nibbles and the lower two beside them, so that masks alone make
// four times the quant.
struct Six {
  Byte first, second, pairs;
};

Six fold_six(Byte first, Byte second, Byte pairs) {
  const auto third = static_cast<Byte>((first >> 4) | ((pairs >> 4 & 3) << 4));
  const auto fourth = static_cast<Byte>((second >> 4) | (pairs >> 6 << 4));
  const int upper = (pairs & 3) << 4 | (pairs >> 2 & 3) << 6;
  return {static_cast<Byte>((first & 15) | third >> 2 << 4),
          static_cast<Byte>((second & 15) | fourth >> 2 << 4),
          static_cast<Byte>(upper | (third & 3) << 2 | (fourth & 3))};
}

Six unfold_six(Byte first, Byte second, Byte pairs) {
  const auto third = static_cast<Byte>((first >> 4 << 2) | (pairs >> 2 & 3));
  const auto fourth = static_cast<Byte>((second >> 4 << 2) | (pairs & 3));
  const int upper = (pairs >> 4 & 3) | pairs >> 6 << 2;
  return {static_cast<Byte>((first & 15) | third << 4),
          static_cast<Byte>((second & 15) | fourth << 4),
          static_cast<Byte>(upper | third >> 4 << 4 | fourth >> 4 << 6)};
}

template <Six (*Turn)(Byte, Byte, Byte)>
void turn_q6_k(Byte* low, Byte* high) {
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t first = i / 32 * 64 + i % 32;
    const Six turned = Turn(low[first], low[first + 32], high[i]);
    low[first] = turned.first;
    low[first + 32] = turned.second;
    high[i] = turned.pairs;
  }
}

}  // namespace

void pack_block(Type type, const Byte* block, std::size_t row, Byte* body, Byte* tail) {
  Byte bytes[256];
  std::memcpy(bytes, block, format_of(type).file);
  const auto scale = [&](std::size_t from, std::size_t which) {
    std::memcpy(tail + which * 32 + row * 2, bytes + from, 2);
  };
  switch (type) {
    case Type::q4_0: scale(0, 0); return scatter<in_order>(bytes + 2, 16, row, body);
    case Type::q8_0: scale(0, 0); return scatter<in_order>(bytes + 2, 32, row, body);
    case Type::tq1_0: scale(52, 0); return scatter<in_order>(bytes, 52, row, body);
    case Type::tq2_0: scale(64, 0); return scatter<in_order>(bytes, 64, row, body);
    case Type::q2_k:
      scale(80, 0), scale(82, 1);
      scatter<pairs_q2_k>(bytes + 16, 64, row, body);
      return scatter<in_order>(bytes, 16, row, body);
    case Type::q3_k:
      scale(108, 0);
      std::transform(bytes, bytes + 32, bytes, spread_thirds);
      scatter<pairs_q3_k>(bytes + 32, 64, row, body);
      scatter<thirds_q3_k>(bytes, 32, row, body);
      return put_sixes(sixes_of_q3_k(bytes + 96), row, body);
    case Type::q4_k:
      scale(0, 0), scale(2, 1);
      scatter<after_sixes>(bytes + 16, 128, row, body);
      return put_sixes(sixes_of_q4_k(bytes + 4), row, body);
    case Type::q6_k:
      scale(208, 0);
      turn_q6_k<fold_six>(bytes, bytes + 128);
      scatter<nibbles_q6_k>(bytes, 128, row, body);
      scatter<pairs_q6_k>(bytes + 128, 64, row, body);
      return scatter<in_order>(bytes + 192, 16, row, body);
    default: return;
  }
}

void unpack_block(Type type, const Byte* body, const Byte* tail, std::size_t row, Byte* block) {
  const auto scale = [&](std::size_t to, std::size_t which) {
    std::memcpy(block + to, tail + which * 32 + row * 2, 2);
  };
  switch (type) {
    case Type::q4_0: scale(0, 0); return gather<in_order>(body, 16, row, block + 2);
    case Type::q8_0: scale(0, 0); return gather<in_order>(body, 32, row, block + 2);
    case Type::tq1_0: scale(52, 0); return gather<in_order>(body, 52, row, block);
    case Type::tq2_0: scale(64, 0); return gather<in_order>(body, 64, row, block);
    case Type::q2_k:
      scale(80, 0), scale(82, 1);
      gather<pairs_q2_k>(body, 64, row, block + 16);
      return gather<in_order>(body, 16, row, block);
    case Type::q3_k:
      scale(108, 0);
      gather<pairs_q3_k>(body, 64, row, block + 32);
      gather<thirds_q3_k>(body, 32, row, block);
      std::transform(block, block + 32, block, collect_thirds);
      return q3_k_of_sixes(get_sixes(body, row), block + 96);
    case Type::q4_k:
      scale(0, 0), scale(2, 1);
      gather<after_sixes>(body, 128, row, block + 16);
      return q4_k_of_sixes(get_sixes(body, row), block + 4);
    case Type::q6_k:
      scale(208, 0);
      gather<nibbles_q6_k>(body, 128, row, block);
      gather<pairs_q6_k>(body, 64, row, block + 128);
      gather<in_order>(body, 16, row, block + 192);
      return turn_q6_k<unfold_six>(block, block + 128);
    default: return;
  }
}

std::size_t file_bytes(Type type, std::size_t rows, std::size_t cols) {
  return rows * (cols / format_of(type).block) * format_of(type).file;
}

std::size_t packed_bytes(Level, Type type, std::size_t rows, std::size_t cols) {
  return (rows + kRows - 1) / kRows * format_of(type).group(cols);
}

void pack(Level, Type type, std::size_t rows, std::size_t cols, const void* blocks, void* packed) {
  const Format format = format_of(type);
  const std::size_t across = cols / format.block, group = format.group(cols);
  const auto* from = static_cast<const Byte*>(blocks);
  auto* to = static_cast<Byte*>(packed);
  if (rows % kRows != 0) std::memset(to + rows / kRows * group, 0, group);
  for (std::size_t row = 0; row < rows; ++row) {
    Byte* const base = to + row / kRows * group;
    for (std::size_t b = 0; b < across; ++b, from += format.file) {
      const Place place = place_of(format, b, across);
      pack_block(type, from, row % kRows, base + place.body, base + place.tail);
    }
  }
}

void unpack(Level, Type type, std::size_t rows, std::size_t cols, const void* packed,
            void* blocks) {
  const Format format = format_of(type);
  const std::size_t across = cols / format.block, group = format.group(cols);
  const auto* from = static_cast<const Byte*>(packed);
  auto* to = static_cast<Byte*>(blocks);
  for (std::size_t row = 0; row < rows; ++row) {
    const Byte* const base = from + row / kRows * group;
    for (std::size_t b = 0; b < across; ++b, to += format.file) {
      const Place place = place_of(format, b, across);
      unpack_block(type, base + place.body, base + place.tail, row % kRows, to);
    }
  }
}

}  // namespace cairn::lut
