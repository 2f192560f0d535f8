// One bit a dimension: int8 rows into sketches in blocks of 64, from which a sieve can tell how
// high a row may score at most. Called by rows.cpp, read by the kernels of sieve.h.
// Invariant: a sketch depends on its row alone, not on when it came or what else there is.
#pragma once

#include <cstddef>
#include <cstdint>

#include "scan/rotation.h"

namespace cairn::scan {

// A block: for every 24 coordinates three times 64 bytes, one a row. The low six bits of a byte are
// the signs of six coordinates, and its high two bits, with those of the two others, those of the
// last six. Then 64 slopes and 64 spreads (the upper halves of floats). The even bytes are those of
// rows 0 to 31 and the odd ones of the rest, as kernels add them up apart.
inline constexpr std::size_t kBlockRows = 64;
inline constexpr std::size_t kSixes = 4;               // tables that three bytes are looked up in
inline constexpr std::size_t kTriple = 3 * kBlockRows;  // bytes

inline constexpr std::size_t kSlopesBytes = 2 * kBlockRows * sizeof(std::uint16_t);

inline std::size_t triples_of(std::size_t dim) { return (dim + 23) / 24; }
inline std::size_t block_bytes(std::size_t dim) {
  return kTriple * triples_of(dim) + kSlopesBytes;
}
inline std::size_t blocks_for(std::size_t rows) { return (rows + kBlockRows - 1) / kBlockRows; }
inline std::size_t byte_of(std::size_t row) { return 2 * (row % 32) + row / 32; }

inline const std::uint16_t* slopes_of(const std::uint8_t* block, std::size_t dim) {
  return reinterpret_cast<const std::uint16_t*>(block + kTriple * triples_of(dim));
}

// Rows this far from length 1 have no bound: they pass every sieve.
inline constexpr double kLengthSlack = 1.0 / 64;

// The upper half of a float, and back.
std::uint16_t to_half(float value);
float from_half(std::uint16_t half);

// Writes the sketch of a row at its place `row` (0 ... 63) in a block.
void sketch(const Rotation& rotation, const std::int8_t* codes, float scale, std::uint8_t* block,
            std::size_t row);

}  // namespace cairn::scan
