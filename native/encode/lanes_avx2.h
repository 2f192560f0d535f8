// Sixteen floats in two AVX2 registers. Included by the levels for AVX2, under their target.
#pragma once

namespace cairn::encode {

template <typename Level>  // the levels' functions must not be taken for each other's
struct WideLanes {
  struct F {
    __m256 low, high;
  };
  static constexpr std::size_t rows = 4, queries = 3;

  static F load(const float* from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
  static void store(float* to, F a) {
    _mm256_storeu_ps(to, a.low);
    _mm256_storeu_ps(to + 8, a.high);
  }
  static F all(float value) { return {_mm256_set1_ps(value), _mm256_set1_ps(value)}; }
  static F add(F a, F b) { return {a.low + b.low, a.high + b.high}; }
  static F sub(F a, F b) { return {a.low - b.low, a.high - b.high}; }
  static F mul(F a, F b) { return {a.low * b.low, a.high * b.high}; }
  static F div(F a, F b) { return {a.low / b.low, a.high / b.high}; }
  static F fma(F a, F b, F c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  static F max(F a, F b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
  }
  static F min(F a, F b) {
    return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
  }
  static F abs(F a) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return {_mm256_andnot_ps(sign, a.low), _mm256_andnot_ps(sign, a.high)};
  }
  static F rint(F a) {
    constexpr int kNearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    return {_mm256_round_ps(a.low, kNearest), _mm256_round_ps(a.high, kNearest)};
  }
  static F scale(F a, F n) { return {scale_half(a.low, n.low), scale_half(a.high, n.high)}; }
  static F first(F a, std::size_t count, float other) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const int from = static_cast<int>(count);
    const __m256 rest = _mm256_set1_ps(other);
    const __m256i low = _mm256_cmpgt_epi32(_mm256_set1_epi32(from), lane);
    const __m256i high = _mm256_cmpgt_epi32(_mm256_set1_epi32(from - 8), lane);
    return {_mm256_blendv_ps(rest, a.low, _mm256_castsi256_ps(low)),
            _mm256_blendv_ps(rest, a.high, _mm256_castsi256_ps(high))};
  }
  static float sum(F a) {
    const __m256 eight = a.low + a.high;
    __m128 four = _mm256_castps256_ps128(eight) + _mm256_extractf128_ps(eight, 1);
    four = four + _mm_movehl_ps(four, four);
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
  }
  static float peak(F a) {
    const __m256 eight = _mm256_max_ps(a.low, a.high);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
  }
  static void codes(std::int8_t* to, F a) {
    const __m256i words = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(_mm256_cvtps_epi32(a.low), _mm256_cvtps_epi32(a.high)), 0xD8);
    const __m128i bytes =
        _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  }
  static __m256 scale_half(__m256 a, __m256 n) {
    const __m256i up = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), up));
  }

  // Half a panel at a time: its sums stay in memory, so that the dots have the registers.
  template <std::size_t Rows>
  static void multiply(const Codes* row, std::size_t stride, const std::uint8_t* panel,
                       const float* scales, std::size_t blocks, float* out) {
    for (std::size_t i = 0; i < Rows * kBlock; ++i) out[i] = 0;
    for (std::size_t b = 0; b < blocks; ++b, ++row, panel += kPanelBytes, scales += kBlock) {
      for (std::size_t from = 0; from < kBlock; from += kLanes) {
        multiply_half<Rows>(row, stride, panel + from * kGroup, scales + from, out + from);
      }
    }
  }

  template <std::size_t Rows>
  static void multiply_half(const Codes* row, std::size_t stride, const std::uint8_t* codes,
                            const float* scales, float* out) {
    __m256i dots[Rows][2];
    for (std::size_t r = 0; r < Rows; ++r) {
      dots[r][0] = dots[r][1] = _mm256_set1_epi32(Level::flip == 0 ? 0 : row[r * stride].bias);
    }
#pragma GCC unroll 8
    for (std::size_t g = 0; g < kBlock / kGroup; ++g, codes += kBlock * kGroup) {
      const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(codes));
      const __m256i c = _mm256_load_si256(reinterpret_cast<const __m256i*>(codes + 32));
#pragma GCC unroll 8
      for (std::size_t r = 0; r < Rows; ++r) {
        std::int32_t four;
        __builtin_memcpy(&four, row[r * stride].at + g * kGroup, kGroup);
        const __m256i inputs = _mm256_set1_epi32(four);
        dots[r][0] = Level::add_dots(dots[r][0], a, inputs);
        dots[r][1] = Level::add_dots(dots[r][1], c, inputs);
      }
    }
    const __m256 scale_a = _mm256_load_ps(scales), scale_c = _mm256_load_ps(scales + 8);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r, out += kBlock) {
      const __m256 scale = _mm256_set1_ps(row[r * stride].scale);
      _mm256_store_ps(out, _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[r][0]), scale_a * scale,
                                           _mm256_load_ps(out)));
      _mm256_store_ps(out + 8, _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[r][1]), scale_c * scale,
                                               _mm256_load_ps(out + 8)));
    }
  }
};

}  // namespace cairn::encode
