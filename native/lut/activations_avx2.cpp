// The quantization of activations.cpp in AVX2: the same steps on eight lanes, the same bits.
#if defined(__x86_64__)

#include <immintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#include "lut/formats.h"

#define LUT_TARGET __attribute__((target("avx2,fma,f16c")))
#define LUT_OP LUT_TARGET static inline __attribute__((always_inline))

namespace cairn::lut {
namespace {

LUT_OP __m256 magnitude(__m256 x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }

// The order of operands decides which one a NaN replaces.
LUT_OP float highest(__m256 x) {
  __m128 four = _mm_max_ps(_mm256_extractf128_ps(x, 1), _mm256_castps256_ps128(x));
  four = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

LUT_OP __m256i in_order(__m256i packed) {
  return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

// Sums of each 4 codes.
LUT_OP __m256i fours(__m256i codes) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), codes);
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

LUT_OP std::int32_t sum_of(__m128i x) {
  x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(x, _mm_shuffle_epi32(x, 0xb1)));
}

LUT_TARGET void quantize_q8_0(const float* x, std::size_t cols, std::uint8_t* out) {
  auto* const scales = reinterpret_cast<float*>(out + cols);
  auto* const biases = reinterpret_cast<std::int32_t*>(scales + cols / 32);
  for (std::size_t b = 0; b < cols / 32; ++b, x += 32) {
    __m256 part[4], peaks = magnitude(_mm256_loadu_ps(x));
    for (int i = 0; i < 4; ++i) {
      part[i] = _mm256_loadu_ps(x + 8 * i);
      if (i > 0) peaks = _mm256_max_ps(peaks, magnitude(part[i]));
    }
    const float peak = highest(peaks);
    const __m256 inverse = _mm256_set1_ps(peak != 0 ? 127.0f / peak : 0.0f);
    __m256i whole[4];
    for (int i = 0; i < 4; ++i) whole[i] = _mm256_cvtps_epi32(_mm256_mul_ps(part[i], inverse));
    const __m256i codes = in_order(_mm256_packs_epi16(_mm256_packs_epi32(whole[0], whole[1]),
                                                      _mm256_packs_epi32(whole[2], whole[3])));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + b * 32), codes);
    const __m256i sums = fours(codes);
    scales[b] = _cvtsh_ss(_cvtss_sh(peak / 127.0f, _MM_FROUND_TO_NEAREST_INT));
    const __m128i upper = _mm256_extracti128_si256(sums, 1);
    biases[b] = -8 * sum_of(_mm_add_epi32(_mm256_castsi256_si128(sums), upper));
  }
}

// The first value whose magnitude is the greatest; NaN never is.
LUT_TARGET float peak_of_256(const float* x) {
  __m256 peaks = _mm256_setzero_ps();
  for (int i = 0; i < 256; i += 8) peaks = _mm256_max_ps(magnitude(_mm256_loadu_ps(x + i)), peaks);
  const __m256 peak = _mm256_set1_ps(highest(peaks));
  for (int i = 0; i < 256; i += 8) {
    const __m256 same = _mm256_cmp_ps(magnitude(_mm256_loadu_ps(x + i)), peak, _CMP_EQ_OQ);
    const auto found = static_cast<unsigned>(_mm256_movemask_ps(same));
    if (found != 0) return x[i + std::countr_zero(found)];
  }
  return 0;
}

LUT_OP __m256i nearest(const float* x, __m256 inverse) {
  const __m256 shifted =
      _mm256_add_ps(_mm256_mul_ps(inverse, _mm256_loadu_ps(x)), _mm256_set1_ps(12582912.0f));
  const __m256i low = _mm256_and_si256(_mm256_castps_si256(shifted), _mm256_set1_epi32(0x007fffff));
  const __m256i whole = _mm256_sub_epi32(low, _mm256_set1_epi32(0x00400000));
  // Only the low byte counts, whatever is above it.
  return _mm256_and_si256(_mm256_min_epi32(whole, _mm256_set1_epi32(127)), _mm256_set1_epi32(255));
}

LUT_TARGET void quantize_q8_k(const float* x, std::size_t cols, std::size_t width,
                              std::uint8_t* out) {
  auto* side = reinterpret_cast<Side*>(out + cols);
  for (std::size_t b = 0; b < cols / 256; ++b, x += 256, out += 256, ++side) {
    const float peak = peak_of_256(x);
    const float inverse = peak != 0 ? -127.0f / peak : 0.0f;
    const __m256 all = _mm256_set1_ps(inverse);
    alignas(32) std::int32_t sums[64];
    for (int i = 0; i < 256; i += 32) {
      const __m256i a = nearest(x + i, all), c = nearest(x + i + 8, all);
      const __m256i d = nearest(x + i + 16, all), e = nearest(x + i + 24, all);
      const __m256i front = _mm256_packus_epi32(a, c), back = _mm256_packus_epi32(d, e);
      __m256i codes = in_order(_mm256_packus_epi16(front, back));
      if (peak == 0) codes = _mm256_setzero_si256();
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), codes);
      _mm256_store_si256(reinterpret_cast<__m256i*>(sums + i / 4), fours(codes));
    }
    *side = side_of(sums, 4, width, peak != 0 ? 1.0f / inverse : 0.0f);
  }
}

}  // namespace

void quantize_avx2(Type type, const float* x, std::size_t cols, std::uint8_t* out) {
  const Format format = format_of(type);
  if (format.block == 32) return quantize_q8_0(x, cols, out);
  quantize_q8_k(x, cols, format.sums, out);
}

}  // namespace cairn::lut

#endif
