// The first look at all rows: blocks of sketches and a query into a bound on each row's score.
// Called by search.cpp, which reads the int8 codes only of rows whose bound is high enough.
// Invariant: a bound depends on the row and the query alone; it is the same at every level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dispatch.h"
#include "scan/scan.h"
#include "scan/sketch.h"

namespace cairn::scan {

// For every six signs of a sketch a table of 64 whole numbers, each the sum of one for the first
// three and one for the last three. Four of them add up in a byte.
inline constexpr std::size_t kTableSize = 64, kHalfSize = 8;
inline constexpr int kHalfMost = 31;
static_assert(kSixes * 2 * kHalfMost <= 255);

// How far ahead a kernel sends for memory: of itself a processor fetches half as fast as it could.
inline constexpr std::size_t kBytesAhead = 8192;

struct alignas(64) Table {
  std::uint8_t numbers[kTableSize];
};
// The same as halves, each twice, for shuffles that take four bits of an index.
struct alignas(32) Halves {
  std::uint8_t first[2 * kHalfSize], last[2 * kHalfSize];
};
// Of the rows of a block.
struct alignas(64) Sums {
  std::uint16_t of[kBlockRows];
};

struct Sieve {
  Sieve(const Rotation& rotation, const Query& query, double width);

  // What a row may score at most, by the sum of its numbers: with a width of 4 it scores more about
  // once in 30,000 times. Infinite for a row without a bound.
  double bound(float slope, float spread, std::uint16_t sum) const;
  // How many spreads a row's estimate may lie below `score`, so that its bound is above.
  float reach(double score) const;

  std::size_t dim;
  double width;  // how many spreads, as those of a normal distribution, a bound allows for
  std::vector<Table> tables;
  std::vector<Halves> halves;
  // The estimate of a score is slope * (sum * unit + base).
  float unit, base;
  double length;  // of the query
  double noise;   // of the tables' rounding: the variance, in units of the query's length
};

// What one block of sketches has to say: the sums of its 64 rows, and the highest
// slope * (sum * unit + base) + spread * reach among them.
using SumKernel = float (*)(const Sieve&, const std::uint8_t* block, float reach,
                            Sums& sums);
// Bit r is set if row r has slope * (sum * unit + base) + spread * reach >= least.
using PassKernel = std::uint64_t (*)(const Sieve&, const std::uint8_t* block,
                                     const Sums& sums, float reach, float least);

struct SieveKernels {
  SumKernel sum;
  PassKernel pass;
};

SieveKernels sieve_for(Level level);

float sum_scalar(const Sieve&, const std::uint8_t*, float, Sums&);
std::uint64_t pass_scalar(const Sieve&, const std::uint8_t*, const Sums&, float, float);
#if defined(__x86_64__)
float sum_avx2(const Sieve&, const std::uint8_t*, float, Sums&);
std::uint64_t pass_avx2(const Sieve&, const std::uint8_t*, const Sums&, float, float);
float sum_vbmi(const Sieve&, const std::uint8_t*, float, Sums&);
std::uint64_t pass_avx512(const Sieve&, const std::uint8_t*, const Sums&, float, float);
#elif defined(__aarch64__)
float sum_neon(const Sieve&, const std::uint8_t*, float, Sums&);
std::uint64_t pass_neon(const Sieve&, const std::uint8_t*, const Sums&, float, float);
#endif

}  // namespace cairn::scan
