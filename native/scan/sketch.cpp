// For unit vectors x and q and the signs b of x rotated, <b, q> * |x|^2 / <b, x> is <x, q> without
// bias; its error is that of a random direction, known from how well the signs fit x.
#include "scan/sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

namespace cairn::scan {

namespace {

unsigned six_signs(const std::int32_t* coordinates) {
  unsigned signs = 0;
  for (std::size_t j = 0; j < 6; ++j) signs |= static_cast<unsigned>(coordinates[j] >= 0) << j;
  return signs;
}

}  // namespace

std::uint16_t to_half(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7f800000U) == 0x7f800000U) return static_cast<std::uint16_t>(bits >> 16);
  return static_cast<std::uint16_t>((bits + 0x8000U) >> 16);
}

float from_half(std::uint16_t half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

void sketch(const Rotation& rotation, const std::int8_t* codes, float scale, std::uint8_t* block,
            std::size_t row) {
  const std::size_t dim = rotation.dim();
  thread_local std::vector<std::int32_t> coordinates;
  coordinates.resize(24 * triples_of(dim));
  rotation.apply(codes, coordinates.data());
  std::fill(coordinates.begin() + static_cast<std::ptrdiff_t>(dim), coordinates.end(), 0);
  std::int64_t absolute = 0, squared = 0;
  for (std::size_t j = 0; j < dim; ++j) absolute += std::abs(coordinates[j]);
  for (std::size_t triple = 0; triple < triples_of(dim); ++triple) {
    std::uint8_t* const bytes = block + kTriple * triple + byte_of(row);
    const std::int32_t* const part = coordinates.data() + 24 * triple;
    const unsigned last = six_signs(part + 18);
    bytes[0] = static_cast<std::uint8_t>(six_signs(part) | (last & 3) << 6);
    bytes[kBlockRows] = static_cast<std::uint8_t>(six_signs(part + 6) | (last & 12) << 4);
    bytes[2 * kBlockRows] = static_cast<std::uint8_t>(six_signs(part + 12) | (last & 48) << 2);
  }
  for (std::size_t j = 0; j < dim; ++j) squared += codes[j] * codes[j];

  const double size = std::sqrt(static_cast<double>(squared)) * scale;
  float slope = 0, spread = std::numeric_limits<float>::infinity();
  if (std::abs(size - 1) <= kLengthSlack) {  // false for NaN
    const double length = std::sqrt(static_cast<double>(squared)) * rotation.stretch();
    const double fit = static_cast<double>(absolute) / (std::sqrt(dim) * length);
    slope = static_cast<float>(size / (std::sqrt(dim) * fit));
    spread = static_cast<float>(size * std::sqrt((1 / (fit * fit) - 1) / (dim - 1.0)));
  }
  std::uint16_t* const slopes = reinterpret_cast<std::uint16_t*>(block + kTriple * triples_of(dim));
  slopes[row] = to_half(slope);
  slopes[kBlockRows + row] = to_half(spread);
}

}  // namespace cairn::scan
