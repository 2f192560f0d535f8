// Turns blocks of GGUF into groups of 16 rows and back; see formats.h for the layout.
#include <algorithm>
#include <cstring>

#include "lut/formats.h"

namespace cairn::lut {
namespace {

using Byte = std::uint8_t;

using Line = std::size_t (*)(std::size_t);
using Four = std::uint32_t __attribute__((vector_size(16)));

// The same block of some neighbouring rows, each with its bits where the kernels want them.
constexpr std::size_t kAtOnce = 4;
struct Rows {
  const Byte* bytes[kAtOnce];
  std::size_t count;
};

// Sixteen bytes of four rows become four of each: lines i to i + 3 at those rows.
template <Line line>
void transpose(const Rows& rows, std::size_t from, std::size_t i, Byte* to) {
  Four a, b, c, d;
  std::memcpy(&a, rows.bytes[0] + from, 16);
  std::memcpy(&b, rows.bytes[1] + from, 16);
  std::memcpy(&c, rows.bytes[2] + from, 16);
  std::memcpy(&d, rows.bytes[3] + from, 16);
  const Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four ef = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const Four lines[4] = {
      __builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
      __builtin_shufflevector(ef, gh, 0, 1, 4, 5), __builtin_shufflevector(ef, gh, 2, 3, 6, 7)};
  for (std::size_t j = 0; j < 4; ++j) std::memcpy(to + line(i + j) * kLine, &lines[j], 16);
}

// Four bytes of a row go to a line; the i-th four of a part of a block go to line(i).
template <Line line>
void scatter(const Rows& rows, std::size_t from, std::size_t size, std::size_t row, Byte* body) {
  Byte* const to = body + row * 4;
  std::size_t done = 0;
  if (rows.count == kAtOnce) {
    for (; done + 16 <= size; done += 16) transpose<line>(rows, from + done, done / 4, to);
  }
  for (; done < size; done += 4) {
    for (std::size_t r = 0; r < rows.count; ++r) {
      std::memcpy(to + line(done / 4) * kLine + r * 4, rows.bytes[r] + from + done, 4);
    }
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

template <Type type>
void deal(const Rows& rows, std::size_t row, Byte* body, Byte* tail) {
  const auto scale = [&](std::size_t from, std::size_t which) {
    for (std::size_t r = 0; r < rows.count; ++r) {
      std::memcpy(tail + which * 32 + (row + r) * 2, rows.bytes[r] + from, 2);
    }
  };
  switch (type) {
    case Type::q4_0: scale(0, 0); return scatter<in_order>(rows, 2, 16, row, body);
    case Type::q8_0: scale(0, 0); return scatter<in_order>(rows, 2, 32, row, body);
    case Type::tq1_0: scale(52, 0); return scatter<in_order>(rows, 0, 52, row, body);
    case Type::tq2_0: scale(64, 0); return scatter<in_order>(rows, 0, 64, row, body);
    case Type::q2_k:
      scale(80, 0), scale(82, 1);
      scatter<pairs_q2_k>(rows, 16, 64, row, body);
      return scatter<in_order>(rows, 0, 16, row, body);
    case Type::q3_k:
      scale(108, 0);
      scatter<pairs_q3_k>(rows, 32, 64, row, body);
      scatter<thirds_q3_k>(rows, 0, 32, row, body);
      return scatter<in_order>(rows, 96, 12, row, body);
    case Type::q4_k:
      scale(0, 0), scale(2, 1);
      scatter<after_sixes>(rows, 16, 128, row, body);
      return scatter<in_order>(rows, 4, 12, row, body);
    case Type::q6_k:
      scale(208, 0);
      scatter<nibbles_q6_k>(rows, 0, 128, row, body);
      scatter<pairs_q6_k>(rows, 128, 64, row, body);
      return scatter<in_order>(rows, 192, 16, row, body);
    default: return;
  }
}

template <Type type>
void pack_all(std::size_t rows, std::size_t cols, const Byte* from, Byte* to) {
  constexpr Format kFormat = format_of(type);
  constexpr bool kTurned = type == Type::q3_k || type == Type::q4_k || type == Type::q6_k;
  const std::size_t across = cols / kFormat.block, group = kFormat.group(cols);
  if (rows % kRows != 0) std::memset(to + rows / kRows * group, 0, group);
  alignas(64) Byte turned[kAtOnce][256];
  Rows some{};
  for (std::size_t first = 0; first < rows; first += kRows) {
    const std::size_t last = std::min(rows, first + kRows);
    Byte* const base = to + first / kRows * group;
    for (std::size_t b = 0; b < across; ++b) {
      const Place place = place_of(kFormat, b, across);
      for (std::size_t row = first; row < last; row += kAtOnce) {
        some.count = std::min(kAtOnce, last - row);
        for (std::size_t r = 0; r < some.count; ++r) {
          some.bytes[r] = from + ((row + r) * across + b) * kFormat.file;
          if constexpr (kTurned) {
            std::memcpy(turned[r], some.bytes[r], kFormat.file);
            turn(type, turned[r]);
            some.bytes[r] = turned[r];
          }
        }
        deal<type>(some, row - first, base + place.body, base + place.tail);
      }
    }
  }
}

void collect(Type type, const Byte* body, const Byte* tail, std::size_t row, Byte* block) {
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
      return gather<in_order>(body, 12, row, block + 96);
    case Type::q4_k:
      scale(0, 0), scale(2, 1);
      gather<after_sixes>(body, 128, row, block + 16);
      return gather<in_order>(body, 12, row, block + 4);
    case Type::q6_k:
      scale(208, 0);
      gather<nibbles_q6_k>(body, 128, row, block);
      gather<pairs_q6_k>(body, 64, row, block + 128);
      return gather<in_order>(body, 16, row, block + 192);
    default: return;
  }
}

}  // namespace

void unpack_block(Type type, const Byte* body, const Byte* tail, std::size_t row, Byte* block) {
  collect(type, body, tail, row, block);
  turn_back(type, block);
}

std::size_t file_bytes(Type type, std::size_t rows, std::size_t cols) {
  return rows * (cols / format_of(type).block) * format_of(type).file;
}

std::size_t packed_bytes(Level, Type type, std::size_t rows, std::size_t cols) {
  return (rows + kRows - 1) / kRows * format_of(type).group(cols);
}

void pack(Level, Type type, std::size_t rows, std::size_t cols, const void* blocks, void* packed) {
  const auto* const from = static_cast<const Byte*>(blocks);
  auto* const to = static_cast<Byte*>(packed);
  switch (type) {
    case Type::q4_0: return pack_all<Type::q4_0>(rows, cols, from, to);
    case Type::q8_0: return pack_all<Type::q8_0>(rows, cols, from, to);
    case Type::q2_k: return pack_all<Type::q2_k>(rows, cols, from, to);
    case Type::q3_k: return pack_all<Type::q3_k>(rows, cols, from, to);
    case Type::q4_k: return pack_all<Type::q4_k>(rows, cols, from, to);
    case Type::q6_k: return pack_all<Type::q6_k>(rows, cols, from, to);
    case Type::tq1_0: return pack_all<Type::tq1_0>(rows, cols, from, to);
    case Type::tq2_0: return pack_all<Type::tq2_0>(rows, cols, from, to);
    default: return;
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
