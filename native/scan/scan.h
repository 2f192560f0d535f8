// Exact top-k scan: turns int8 rows, their float32 scales and one int8 query into the k best rows.
// Called by rows.cpp, trial.cpp and tests/native/scan_check.cpp.
// Invariant: every level returns the same rows and the same score bits, because the dot product is
// an exact int32 and the score is always float(dot) * (row_scale * query_scale), in that order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dispatch.h"

namespace cairn::scan {

// |dot| <= 128 * 128 * 65536 = 2^30, and the unsigned trick of AVX-512 VNNI stays below
// 255 * 128 * 65536 < 2^31: an int32 is exact up to here.
inline constexpr std::size_t kMaxDim = 65536;

struct Matrix {
  const std::int8_t* codes;   // rows * dim, row-major, any alignment
  const float* scales;        // rows
  const std::uint8_t* mask;   // rows, 0 = skip the row; null = keep every row
  std::size_t rows;
  std::size_t dim;            // 1 ... kMaxDim
};

struct Query {
  const std::int8_t* codes;   // dim
  float scale;
};

struct Hit {
  float score;
  std::int64_t row;
};

// The best min(k, kept rows) hits: score descending, equal scores by row ascending (-0 equals 0).
// A row whose score is NaN (a NaN scale, or an infinite scale with a zero dot) is never returned.
// Throws std::invalid_argument when dim is out of range or this build or CPU lacks the level.
std::vector<Hit> top_k(Level level, const Matrix& matrix, const Query& query, std::size_t k);
// The same for each of some queries, in one pass over the rows.
std::vector<std::vector<Hit>> top_k(Level level, const Matrix& matrix,
                                    const std::vector<Query>& queries, std::size_t k);

}  // namespace cairn::scan
