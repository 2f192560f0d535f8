// The tables of a query, the bound that a sum stands for, and the reference for the kernels.
#include "scan/sieve.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace cairn::scan {
namespace {

// No bounded row is longer than this.
constexpr double kLongest = 1 + kLengthSlack;
// The most that (slope / spread)^2 comes to, by which what the tables round off weighs.
constexpr double kSlopeShare = 4;

// Of three coordinates: their sums with all signs, and the highest of them.
struct Half {
  std::int32_t sums[kHalfSize];
  std::int32_t most;
};

Half half_of(const std::int32_t* coordinates) {
  const std::int32_t a = coordinates[0], b = coordinates[1], c = coordinates[2];
  return {{-a - b - c, a - b - c, b - a - c, a + b - c, c - a - b, a + c - b, b + c - a, a + b + c},
          std::abs(a) + std::abs(b) + std::abs(c)};
}

float most_of(const Sieve& sieve, const std::uint16_t* slope, std::uint16_t sum, float reach) {
  const float reading = static_cast<float>(sum) * sieve.unit + sieve.base;
  return from_half(slope[0]) * reading + from_half(slope[kBlockRows]) * reach;
}

}  // namespace

Sieve::Sieve(const Rotation& rotation, const Query& query, double wide)
    : dim(rotation.dim()),
      width(wide),
      tables(kSixes * triples_of(dim)),
      halves(tables.size()) {
  std::vector<std::int32_t> coordinates(24 * triples_of(dim));
  rotation.apply(query.codes, coordinates.data());
  std::vector<Half> sums;
  std::int64_t widest = 1, offsets = 0, squared = 0;
  for (std::size_t j = 0; j < dim; ++j) squared += query.codes[j] * query.codes[j];
  for (std::size_t j = 0; j < coordinates.size(); j += 3) {
    sums.push_back(half_of(coordinates.data() + j));
    widest = std::max<std::int64_t>(widest, sums.back().most);
    offsets += sums.back().most;
  }
  double rounded = 0;
  const double step = 2.0 * static_cast<double>(widest) / kHalfMost, steps = 1 / step;
  for (std::size_t h = 0; h < sums.size(); ++h) {
    std::uint8_t* const half = h % 2 == 0 ? halves[h / 2].first : halves[h / 2].last;
    for (std::size_t i = 0; i < kHalfSize; ++i) {
      const double exact = (static_cast<double>(sums[h].sums[i]) + sums[h].most) * steps;
      const int number = std::min(static_cast<int>(exact + 0.5), kHalfMost);
      half[i] = half[kHalfSize + i] = static_cast<std::uint8_t>(number);
      rounded += (exact - number) * (exact - number);
    }
  }
  rounded /= kHalfSize;
  for (std::size_t six = 0; six < tables.size(); ++six) {
    std::uint64_t first;  // eight numbers, none of which overflows into the next
    std::memcpy(&first, halves[six].first, sizeof first);
    for (std::size_t i = 0; i < kHalfSize; ++i) {
      const std::uint64_t eight = first + halves[six].last[i] * 0x0101010101010101ULL;
      std::memcpy(tables[six].numbers + i * kHalfSize, &eight, sizeof eight);
    }
  }
  const double scale = static_cast<double>(query.scale) / rotation.stretch();
  unit = static_cast<float>(step * scale);
  base = static_cast<float>(-static_cast<double>(offsets) * scale);
  length = std::sqrt(static_cast<double>(squared)) * std::abs(static_cast<double>(query.scale));
  noise = kSlopeShare * rounded * (step * scale) * (step * scale);
}

float Sieve::reach(double score) const {
  const double share = std::max(score, 0.0) / kLongest;
  const double rest = std::max(length * length - share * share, 0.0);
  return static_cast<float>(width * std::sqrt(rest + noise));
}

double Sieve::bound(float slope, float spread, std::uint16_t sum) const {
  if (!(spread < std::numeric_limits<float>::infinity())) {
    return std::numeric_limits<double>::infinity();
  }
  // The score s for which s - estimate is just spread * reach(s).
  const float reading = static_cast<float>(sum) * unit + base;
  const double estimate = static_cast<double>(slope) * static_cast<double>(reading);
  const double wide = width * spread, rest = length * length + noise;
  const double curve = 1 + wide * wide / (kLongest * kLongest);
  const double root =
      estimate * estimate - curve * (estimate * estimate - wide * wide * rest);
  if (root < 0) return estimate;
  const double score = (estimate + std::sqrt(root)) / curve;
  return score < 0 ? estimate + wide * std::sqrt(rest) : score;
}

float sum_scalar(const Sieve& sieve, const std::uint8_t* block, float reach, Sums& sums) {
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  float top = -std::numeric_limits<float>::infinity();
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    unsigned sum = 0;
    const std::uint8_t* bytes = block + byte_of(row);
    const Table* table = sieve.tables.data();
    for (std::size_t triple = 0; triple < triples_of(sieve.dim); ++triple) {
      const unsigned a = bytes[0], b = bytes[kBlockRows], c = bytes[2 * kBlockRows];
      const unsigned last = a >> 6 | b >> 6 << 2 | c >> 6 << 4;
      sum += table[0].numbers[a & 63] + table[1].numbers[b & 63] + table[2].numbers[c & 63] +
             table[3].numbers[last];
      bytes += kTriple;
      table += kSixes;
    }
    sums.of[row] = static_cast<std::uint16_t>(sum);
    const float most = most_of(sieve, slopes + row, sums.of[row], reach);
    top = most > top ? most : top;
  }
  return top;
}

std::uint64_t pass_scalar(const Sieve& sieve, const std::uint8_t* block, const Sums& sums,
                          float reach, float least) {
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  std::uint64_t passing = 0;
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    const bool passes = most_of(sieve, slopes + row, sums.of[row], reach) >= least;
    passing |= static_cast<std::uint64_t>(passes) << row;
  }
  return passing;
}

SieveKernels sieve_for(Level level) {
  switch (level) {
#if defined(__x86_64__)
    case Level::avx2: return {sum_avx2, pass_avx2};
    case Level::avx512vnni:
      return {__builtin_cpu_supports("avx512vbmi") ? sum_vbmi : sum_avx2, pass_avx512};
#elif defined(__aarch64__)
    case Level::neon:
    case Level::neon_dotprod: return {sum_neon, pass_neon};
#endif
    default: return {sum_scalar, pass_scalar};
  }
}

}  // namespace cairn::scan
