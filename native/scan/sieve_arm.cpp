// The sieve's kernels for arm64: 16 rows are looked up at once in tables of 64.
#if defined(__aarch64__)

#include <arm_neon.h>

#include <limits>

#include "scan/sieve.h"

namespace cairn::scan {
namespace {

inline uint8x16_t look_up(uint8x16_t signs, const Table& table) {
  return vqtbl4q_u8(vld1q_u8_x4(table.numbers), vandq_u8(signs, vdupq_n_u8(63)));
}

inline float32x4_t halves(const std::uint16_t* from) {
  return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(from), 16));
}

// What 4 rows may score at most; not fused, so that it is the same at every level.
inline float32x4_t most(const Sieve& sieve, const std::uint16_t* sums, const std::uint16_t* slopes,
                        float32x4_t reach) {
  const float32x4_t numbers = vcvtq_f32_u32(vmovl_u16(vld1_u16(sums)));
  const float32x4_t reading =
      vaddq_f32(vmulq_f32(numbers, vdupq_n_f32(sieve.unit)), vdupq_n_f32(sieve.base));
  return vaddq_f32(vmulq_f32(halves(slopes), reading),
                   vmulq_f32(halves(slopes + kBlockRows), reach));
}

// A quarter of a block: the sums of its even bytes, and those of its odd ones 32 rows further.
template <bool kFetches>
inline void sum_quarter(const Sieve& sieve, const std::uint8_t* codes, std::uint16_t* sums) {
  uint16x8_t all = vdupq_n_u16(0), odd = all;
  const Table* tables = sieve.tables.data();
  for (std::size_t triple = 0; triple < triples_of(sieve.dim); ++triple) {
    const uint8x16_t a = vld1q_u8(codes), b = vld1q_u8(codes + kBlockRows);
    const uint8x16_t c = vld1q_u8(codes + 2 * kBlockRows);
    if constexpr (kFetches) {
      for (std::size_t line = 0; line < kTriple; line += 64) {
        __builtin_prefetch(codes + kBytesAhead + line);
      }
    }
    const uint8x16_t low = vsliq_n_u8(vshrq_n_u8(a, 6), vshrq_n_u8(b, 6), 2);
    const uint8x16_t last = vsliq_n_u8(low, vshrq_n_u8(c, 6), 4);
    const uint16x8_t sum = vreinterpretq_u16_u8(
        vaddq_u8(vaddq_u8(look_up(a, tables[0]), look_up(b, tables[1])),
                 vaddq_u8(look_up(c, tables[2]), look_up(last, tables[3]))));
    all = vaddq_u16(all, sum);  // even bytes, and 256 times the odd ones
    odd = vaddq_u16(odd, vshrq_n_u16(sum, 8));
    codes += kTriple;
    tables += kSixes;
  }
  vst1q_u16(sums, vsubq_u16(all, vshlq_n_u16(odd, 8)));
  vst1q_u16(sums + kBlockRows / 2, odd);
}

}  // namespace

float sum_neon(const Sieve& sieve, const std::uint8_t* block, float reach, Sums& sums) {
  sum_quarter<true>(sieve, block, sums.of);  // the others have the same lines
  for (std::size_t quarter = 1; quarter < 4; ++quarter) {
    sum_quarter<false>(sieve, block + 16 * quarter, sums.of + 8 * quarter);
  }
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  const float32x4_t far = vdupq_n_f32(reach);
  float32x4_t top = vdupq_n_f32(-std::numeric_limits<float>::infinity());
  for (std::size_t row = 0; row < kBlockRows; row += 4) {
    top = vmaxnmq_f32(most(sieve, sums.of + row, slopes + row, far), top);
  }
  return vmaxnmvq_f32(top);
}

std::uint64_t pass_neon(const Sieve& sieve, const std::uint8_t* block, const Sums& sums,
                        float reach, float least) {
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  const float32x4_t far = vdupq_n_f32(reach), floor = vdupq_n_f32(least);
  const std::uint32_t weights[4] = {1, 2, 4, 8};
  const uint32x4_t bits = vld1q_u32(weights);
  std::uint64_t passing = 0;
  for (std::size_t row = 0; row < kBlockRows; row += 4) {
    const uint32x4_t passes = vcgeq_f32(most(sieve, sums.of + row, slopes + row, far), floor);
    passing |= static_cast<std::uint64_t>(vaddvq_u32(vandq_u32(passes, bits))) << row;
  }
  return passing;
}

}  // namespace cairn::scan

#endif
