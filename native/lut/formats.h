// The layouts of the family: what pack.cpp and activations.cpp write and the kernels read.
//
// Weights: 16 rows make a group; a group is its blocks of columns, two by two, as
//   body of the first, body of the second, tail of the first, tail of the second
// (a last odd block is body, tail). A body is the quants of 16 rows; its unit is a line of 64
// bytes, 4 bytes of consecutive columns for each row, so a line meets broadcasts of 4 activations. A
// tail holds float16 scales: d of 16 rows, then dmin of 16 rows where the type has it.
//
// Activations of a column: int8 codes[cols]; then for Q8_0 float d[blocks], int32 bias[blocks]
// (-8 times the sum of the block's codes); for Q8_K one Side for each block of 256.
//
// Values. I and M are exact integers; float32 steps in this order, one fused multiply-add each:
//   q4_0, q8_0:         acc = fma(I, dw * da, acc)          for each block of 32
//   q3_k, q6_k, tq*:    acc = fma(I, d * da, acc)           for each block of 256
//   q2_k, q4_k:         the same, then acc = fma(-M, dmin * da, acc)
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lut/lut.h"

namespace cairn::lut {

inline constexpr std::size_t kRows = 16;
inline constexpr std::size_t kLine = 64;

struct Format {
  std::size_t block;  // columns
  std::size_t file;   // bytes of a block in GGUF
  std::size_t body;   // bytes of 16 rows, a multiple of kLine
  std::size_t tail;   // bytes of 16 rows
  std::size_t sums;   // columns whose activations are summed together

  constexpr std::size_t group(std::size_t cols) const { return cols / block * (body + tail); }
};

constexpr Format format_of(Type type) {
  switch (type) {
    case Type::q4_0: return {32, 18, 256, 32, 32};
    case Type::q8_0: return {32, 34, 512, 32, 32};
    case Type::q2_k: return {256, 84, 1280, 64, 16};
    case Type::q3_k: return {256, 110, 1728, 32, 16};
    case Type::q4_k: return {256, 144, 2240, 64, 32};
    case Type::q6_k: return {256, 210, 3328, 32, 16};
    case Type::tq1_0: return {256, 54, 832, 32, 16};
    case Type::tq2_0: return {256, 66, 1024, 32, 16};
    default: return {0, 0, 0, 0, 0};
  }
}

// Where in a body the lines lie that a half h (0, 1) and its 4 columns g (0 ... 7) of each 32 take,
// in the order in which kernels read them. In front of them: 4 lines of scales (q2_k, q6_k) or the
// 3 lines of sixes (q3_k, q4_k). The other types keep the order of the file.
constexpr std::size_t step_of(std::size_t h, std::size_t g) { return g / 4 * 8 + h * 4 + g % 4; }
constexpr std::size_t line_q2_k(std::size_t h, std::size_t g) { return 4 + step_of(h, g); }
// Two lines of nibbles, then one of pairs.
constexpr std::size_t line_q6_k(std::size_t h, std::size_t g) { return 4 + step_of(h, g) * 3; }
constexpr std::size_t thirds_q3_k(std::size_t g) { return 3 + g / 4 * 12 + g % 4 * 2; }
constexpr std::size_t line_q3_k(std::size_t h, std::size_t g) {
  return h == 0 ? thirds_q3_k(g) + 1 : 3 + g / 4 * 12 + 8 + g % 4;
}

struct Place {
  std::size_t body, tail;  // offsets within the group
};

constexpr Place place_of(const Format& format, std::size_t block, std::size_t blocks) {
  const std::size_t start = (block & ~std::size_t{1}) * (format.body + format.tail);
  const std::size_t odd = block & 1;
  const std::size_t bodies = block + 1 - odd + 1 <= blocks ? 2 : 1;
  return {start + odd * format.body, start + bodies * format.body + odd * format.tail};
}

// What a block of 256 columns needs besides its codes. A sum of codes s (of 16 or of 32 columns) is
// high * 128 + low, so that sums meet scales in the same byte products as codes meet quants.
struct Side {
  float d;
  std::int32_t total;
  std::int8_t low[16];
  std::int8_t high[16];
};
static_assert(sizeof(Side) == 40);

// From sums of each `each` codes of a block; `width` codes are to be summed together.
Side side_of(const std::int32_t* sums, std::size_t each, std::size_t width, float d);

float from_half(std::uint16_t bits);
std::uint16_t to_half(float value);

inline std::uint16_t read16(const std::uint8_t* bytes) {
  std::uint16_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// A row's block, from the file's bits to the kernels' and back.
void turn(Type type, std::uint8_t* block);
void turn_back(Type type, std::uint8_t* block);
// One block of one row, as the file has it.
void unpack_block(Type type, const std::uint8_t* body, const std::uint8_t* tail, std::size_t row,
                  std::uint8_t* block);

// The kernels behind multiply() and quantize(): groups of rows [begin, end) times `count` columns.
struct Job {
  const std::uint8_t* packed;
  std::size_t rows, cols;
  std::size_t begin, end;  // rows
  const std::uint8_t* activations;
  std::size_t stride, count;
  float* y;
  std::size_t y_stride;
};

void multiply_scalar(Type type, const Job& job);
void quantize_scalar(Type type, const float* x, std::size_t cols, std::uint8_t* out);
#if defined(__x86_64__)
bool runs_avx2();
bool runs_avx512();
void multiply_avx2(Type type, const Job& job);
void multiply_avx512(Type type, const Job& job);
void quantize_avx2(Type type, const float* x, std::size_t cols, std::uint8_t* out);
#elif defined(__aarch64__)
void multiply_neon(Type type, const Job& job);
#endif

}  // namespace cairn::lut
