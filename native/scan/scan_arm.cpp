// The NEON kernels for arm64: one for every CPU, one for those with the dot-product instruction.
#if defined(__aarch64__)

#include <arm_neon.h>

#include "scan/kernels.h"

// The two compilers spell the same feature differently.
#if defined(__clang__)
#define CAIRN_DOTPROD __attribute__((target("dotprod")))
#else
#define CAIRN_DOTPROD __attribute__((target("arch=armv8.2-a+dotprod")))
#endif

namespace cairn::scan {
namespace {

// The widening multiply gives exact int16 (16384 for -128 * -128) and the pairwise add widens at
// once: accumulating two products in int16 would overflow.
inline int32x4_t add_products(int32x4_t sum, int8x16_t row, int8x16_t query) {
  sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(row), vget_low_s8(query)));
  return vpadalq_s16(sum, vmull_high_s8(row, query));
}

// Assembly, because clang before 16 hides vdotq_s32 unless the whole file is built for dotprod.
CAIRN_DOTPROD inline int32x4_t add_dots(int32x4_t sum, int8x16_t row, int8x16_t query) {
  __asm__("sdot %0.4s, %1.16b, %2.16b" : "+w"(sum) : "w"(row), "w"(query));
  return sum;
}

inline int32x4_t sum_lanes(int32x4_t a, int32x4_t b, int32x4_t c, int32x4_t d) {
  return vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d));
}

inline void add_tails(const DotQuery& query, const std::int8_t* const* row, std::size_t from,
                      std::int32_t* dots) {
  if (from == query.dim) return;
  for (std::size_t r = 0; r < kGroup; ++r) dots[r] += tail_dot(row[r], query, from);
}

inline void prefetch(const std::int8_t* const* ahead, std::size_t j) {
  if (j % 64 != 0) return;
  for (std::size_t r = 0; r < kGroup; ++r) __builtin_prefetch(ahead[r] + j);
}

}  // namespace

void dots_neon(const DotQuery& query, const std::int8_t* const* rows, std::size_t count,
               std::int32_t* dots) {
  for (std::size_t i = 0; i < count; i += kGroup) {
    const std::int8_t* const* const row = rows + i;
    int32x4_t a = vdupq_n_s32(0), b = a, c = a, d = a;
    std::size_t j = 0;
    for (; j + 16 <= query.dim; j += 16) {
      const int8x16_t part = vld1q_s8(query.codes + j);
      prefetch(row + kAhead, j);
      a = add_products(a, vld1q_s8(row[0] + j), part);
      b = add_products(b, vld1q_s8(row[1] + j), part);
      c = add_products(c, vld1q_s8(row[2] + j), part);
      d = add_products(d, vld1q_s8(row[3] + j), part);
    }
    vst1q_s32(dots + i, sum_lanes(a, b, c, d));
    add_tails(query, row, j, dots + i);
  }
}

CAIRN_DOTPROD void dots_neon_dotprod(const DotQuery& query, const std::int8_t* const* rows,
                                     std::size_t count, std::int32_t* dots) {
  for (std::size_t i = 0; i < count; i += kGroup) {
    const std::int8_t* const* const row = rows + i;
    int32x4_t a = vdupq_n_s32(0), b = a, c = a, d = a;
    std::size_t j = 0;
    for (; j + 16 <= query.dim; j += 16) {
      const int8x16_t part = vld1q_s8(query.codes + j);
      prefetch(row + kAhead, j);
      a = add_dots(a, vld1q_s8(row[0] + j), part);
      b = add_dots(b, vld1q_s8(row[1] + j), part);
      c = add_dots(c, vld1q_s8(row[2] + j), part);
      d = add_dots(d, vld1q_s8(row[3] + j), part);
    }
    vst1q_s32(dots + i, sum_lanes(a, b, c, d));
    add_tails(query, row, j, dots + i);
  }
}

}  // namespace cairn::scan

#endif
