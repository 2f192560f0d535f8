// Three rounds of: flip signs, a Hadamard transform of each piece, a reflection across the pieces.
#include "scan/rotation.h"

#include <cmath>
#include <stdexcept>

#include "dispatch.h"

// Compiled once for every CPU and once more for wide registers: whole numbers come out the same.
#define CAIRN_INLINE inline __attribute__((always_inline))

namespace cairn::scan {
namespace {

constexpr int kRounds = 3;

std::size_t piece_of(std::size_t dim) { return dim & (~dim + 1); }

double stretch_of(std::size_t dim) {
  const double piece = static_cast<double>(piece_of(dim));
  return std::pow(std::sqrt(piece) * (static_cast<double>(dim) / piece), kRounds);
}

// The random bits are those of a counter that is mixed well, so that they are the same everywhere.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

CAIRN_INLINE void turn(std::int32_t& low, std::int32_t& high) {
  const std::int32_t a = low, b = high;
  low = a + b;
  high = a - b;
}

// `size` is a multiple of 64. The first three steps of eight neighbours stay in registers.
CAIRN_INLINE void transform(std::int32_t* piece, std::size_t size) {
  for (std::size_t start = 0; start < size; start += 8) {
    std::int32_t* const x = piece + start;
    std::int32_t a = x[0], b = x[1], c = x[2], d = x[3], e = x[4], f = x[5], g = x[6], h = x[7];
    turn(a, b), turn(c, d), turn(e, f), turn(g, h);
    turn(a, c), turn(b, d), turn(e, g), turn(f, h);
    turn(a, e), turn(b, f), turn(c, g), turn(d, h);
    x[0] = a, x[1] = b, x[2] = c, x[3] = d, x[4] = e, x[5] = f, x[6] = g, x[7] = h;
  }
  for (std::size_t half = 8; half < size; half *= 2) {
    for (std::size_t start = 0; start < size; start += 2 * half) {
      for (std::size_t j = start; j < start + half; ++j) turn(piece[j], piece[j + half]);
    }
  }
}

// count * identity - 2 * ones, across the pieces: a reflection, `count` times as long.
CAIRN_INLINE void reflect(std::int32_t* coordinates, std::size_t size, std::size_t count) {
  for (std::size_t j = 0; j < size; ++j) {
    std::int32_t sum = 0;
    for (std::size_t p = 0; p < count; ++p) sum += coordinates[p * size + j];
    for (std::size_t p = 0; p < count; ++p) {
      std::int32_t& value = coordinates[p * size + j];
      value = static_cast<std::int32_t>(count) * value - 2 * sum;
    }
  }
}

CAIRN_INLINE void rotate(std::int32_t* coordinates, const std::int32_t* signs, std::size_t dim,
                         std::size_t size) {
  const std::size_t count = dim / size;
  for (int round = 0; round < kRounds; ++round, signs += dim) {
    for (std::size_t j = 0; j < dim; ++j) coordinates[j] = (coordinates[j] ^ signs[j]) - signs[j];
    for (std::size_t p = 0; p < count; ++p) transform(coordinates + p * size, size);
    if (count > 1) reflect(coordinates, size, count);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void rotate_wide(std::int32_t* coordinates,
                                                 const std::int32_t* signs, std::size_t dim,
                                                 std::size_t size) {
  rotate(coordinates, signs, dim, size);
}
#endif

}  // namespace

bool Rotation::fits(std::size_t dim) {
  if (dim == 0 || dim % 64 != 0 || dim > 65536) return false;
  // No coordinate is longer than the whole vector; inside a round one may be count times as long,
  // and sums of four are looked up.
  const double longest = 128.0 * std::sqrt(static_cast<double>(dim)) * stretch_of(dim);
  return longest * 4 < 2147483648.0;
}

Rotation::Rotation(std::size_t dim) : dim_(dim), piece_(piece_of(dim)), stretch_(stretch_of(dim)) {
  if (!fits(dim)) throw std::invalid_argument("no rotation for vectors of this length");
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  std::uint64_t counter = kStep;
  for (std::size_t i = 0; i < kRounds * dim; ++i, counter += kStep) {
    signs_.push_back((mixed(counter) >> 63) != 0 ? -1 : 0);
  }
}

void Rotation::apply(const std::int8_t* codes, std::int32_t* coordinates) const {
  for (std::size_t j = 0; j < dim_; ++j) coordinates[j] = codes[j];
#if defined(__x86_64__)
  if (is_supported(Level::avx2)) return rotate_wide(coordinates, signs_.data(), dim_, piece_);
#endif
  rotate(coordinates, signs_.data(), dim_, piece_);
}

}  // namespace cairn::scan
