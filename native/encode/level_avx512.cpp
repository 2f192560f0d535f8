// The encoder for x86-64 with AVX-512 and its dot product of bytes (VNNI).
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "encode/pack.h"
#include "encode/target.h"

CAIRN_TARGET("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")

#include "encode/forward.h"

namespace cairn::encode {
namespace {

struct Lanes {
  using F = __m512;
  static constexpr std::uint8_t flip = 0x80;
  static constexpr std::size_t rows = 6, queries = 8;

  static F load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, F a) { _mm512_storeu_ps(to, a); }
  static F all(float value) { return _mm512_set1_ps(value); }
  static F add(F a, F b) { return a + b; }
  static F sub(F a, F b) { return a - b; }
  static F mul(F a, F b) { return a * b; }
  static F div(F a, F b) { return a / b; }
  static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
  // The masked forms are the same instructions; gcc 12 warns inside its header for the plain ones.
  static F max(F a, F b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
  static F min(F a, F b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
  static F abs(F a) {
    const __m512i rest = _mm512_set1_epi32(0x7FFFFFFF);
    return _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(a), rest));
  }
  static F rint(F a) {
    return _mm512_maskz_roundscale_ps(0xFFFF, a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  static F scale(F a, F n) {
    const __m512i up = _mm512_maskz_slli_epi32(0xFFFF, _mm512_maskz_cvtps_epi32(0xFFFF, n), 23);
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), up));
  }
  static F first(F a, std::size_t count, float other) {
    return _mm512_mask_mov_ps(all(other), static_cast<__mmask16>((1u << count) - 1), a);
  }
  static float sum(F a) {
    const __m256 eight = _mm256_add_ps(low(a), high(a));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
  }
  static float peak(F a) {
    const __m256 eight = _mm256_max_ps(low(a), high(a));
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
  }
  static __m256 low(F a) {
    __m256 half;
    __builtin_memcpy(&half, &a, sizeof half);
    return half;
  }
  static __m256 high(F a) { return _mm512_maskz_extractf32x8_ps(0xFF, a, 1); }
  static void codes(std::int8_t* to, F a) {
    const __m512i whole = _mm512_maskz_cvtps_epi32(0xFFFF, a);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_maskz_cvtepi32_epi8(0xFFFF, whole));
  }

  // Weights are kept as weight + 128, which the dot product wants on its left; `bias` takes it off.
  template <std::size_t Rows>
  static void multiply(const Codes* row, std::size_t stride, const std::uint8_t* panel,
                       const float* scales, std::size_t blocks, float* out) {
    __m512 sums[Rows][2];
    for (auto& pair : sums) pair[0] = pair[1] = _mm512_setzero_ps();
    for (std::size_t b = 0; b < blocks; ++b, ++row, panel += kPanelBytes, scales += kBlock) {
      __m512i dots[Rows][2];
#pragma GCC unroll 8
      for (std::size_t r = 0; r < Rows; ++r) {
        dots[r][0] = dots[r][1] = _mm512_set1_epi32(row[r * stride].bias);
      }
#pragma GCC unroll 8
      for (std::size_t g = 0; g < kBlock / kGroup; ++g) {
        const __m512i a = _mm512_load_si512(panel + g * 2 * 64);
        const __m512i c = _mm512_load_si512(panel + g * 2 * 64 + 64);
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
          std::int32_t four;
          __builtin_memcpy(&four, row[r * stride].at + g * kGroup, kGroup);
          const __m512i inputs = _mm512_set1_epi32(four);
          dots[r][0] = _mm512_dpbusd_epi32(dots[r][0], a, inputs);
          dots[r][1] = _mm512_dpbusd_epi32(dots[r][1], c, inputs);
        }
      }
      const __m512 scale_a = _mm512_load_ps(scales), scale_c = _mm512_load_ps(scales + kLanes);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < Rows; ++r) {
        const __m512 scale = _mm512_set1_ps(row[r * stride].scale);
        const __m512 made_a = _mm512_maskz_cvtepi32_ps(0xFFFF, dots[r][0]);
        const __m512 made_c = _mm512_maskz_cvtepi32_ps(0xFFFF, dots[r][1]);
        sums[r][0] = _mm512_fmadd_ps(made_a, scale_a * scale, sums[r][0]);
        sums[r][1] = _mm512_fmadd_ps(made_c, scale_c * scale, sums[r][1]);
      }
    }
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
      _mm512_store_ps(out + r * kBlock, sums[r][0]);
      _mm512_store_ps(out + r * kBlock + kLanes, sums[r][1]);
    }
  }
};

}  // namespace

constinit const Kernels kAvx512Vnni = kernels<Lanes>();

}  // namespace cairn::encode

CAIRN_TARGET_END

#endif
