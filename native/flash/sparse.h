// A product with the neurons that fire: columns of a matrix, packed in units of four neighbours,
// times the few activations that are not 0. Called by neuron_product.cpp. Invariant: the same bits
// as ggml's own product of the whole matrix, whose sums each take every eighth unit, in order.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::flash {

inline constexpr std::size_t kBlockNeurons = 32, kUnitNeurons = 4, kLanes = 8;
inline constexpr std::size_t kTileRows = 128, kRowStep = 32;

// Four neighbours of which at least one fires for a token.
struct Firing {
  std::uint32_t unit;  // number of its block of 32, times 8, and its place there
  std::uint32_t x;     // four bytes
  float scale;
  std::int32_t bias;  // what packed weights, which are never negative, have too much
};

// Of one matrix. A unit has 4 columns: 8 bits for each row, or 4, where of each 32 rows 16 have the
// lower halves of 64 bytes and 16 the upper ones.
struct Packed {
  std::size_t rows;  // which 32 divides
  std::uint32_t bits;
  const std::uint16_t* scales;     // for each block those of all rows
  const std::byte* const* units;  // by number; null where it doesn't matter
  std::size_t unit_size() const { return rows * bits / 2; }
};

enum class Sparse : std::uint8_t { none, avx2, avx512 };
Sparse sparse_level();

// Rows from `first` on, no more than kTileRows. `firing` is in the order of places, `places` of 9
// numbers says where each begins.
void multiply_firing(Sparse level, const Packed& packed, const std::uint32_t* places,
                     const Firing* firing, std::size_t first, std::size_t rows, float* to);

}  // namespace cairn::flash
