// The dot-product kernels behind top_k: int8 rows against one int8 query into exact int32 sums.
// Called only by top_k.cpp, search.cpp and rows.cpp, which group and pad the rows so that no kernel
// needs a remainder loop over rows; each kernel handles any dim itself.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dispatch.h"

namespace cairn::scan {

// Rows that a kernel takes together: they share each load of the query.
inline constexpr std::size_t kGroup = 4;
// How many rows ahead of the current group a kernel prefetches.
inline constexpr std::size_t kAhead = 8;

struct DotQuery {
  const std::int8_t* codes;
  std::size_t dim;
  std::int32_t sum;  // of the codes: undoes the +128 of the unsigned trick
};

// `count` is a multiple of kGroup; rows[0 ... count + kAhead) are readable rows of `dim` bytes;
// the sums of rows[0 ... count) go to dots.
using DotKernel = void (*)(const DotQuery& query, const std::int8_t* const* rows, std::size_t count,
                           std::int32_t* dots);

void dots_scalar(const DotQuery&, const std::int8_t* const*, std::size_t, std::int32_t*);
#if defined(__x86_64__)
void dots_avx2(const DotQuery&, const std::int8_t* const*, std::size_t, std::int32_t*);
void dots_avx512vnni(const DotQuery&, const std::int8_t* const*, std::size_t, std::int32_t*);
#elif defined(__aarch64__)
void dots_neon(const DotQuery&, const std::int8_t* const*, std::size_t, std::int32_t*);
void dots_neon_dotprod(const DotQuery&, const std::int8_t* const*, std::size_t, std::int32_t*);
#endif

// Throws std::invalid_argument when this build or CPU lacks the level.
DotKernel dots_for(Level level);
std::int32_t sum_of(const std::int8_t* codes, std::size_t dim);

// The last `dim - from` products of a row, for kernels whose vectors don't divide dim.
inline std::int32_t tail_dot(const std::int8_t* row, const DotQuery& query, std::size_t from) {
  std::int32_t sum = 0;
  for (std::size_t j = from; j < query.dim; ++j) {
    sum += static_cast<std::int32_t>(row[j]) * static_cast<std::int32_t>(query.codes[j]);
  }
  return sum;
}

}  // namespace cairn::scan
