// The AVX2 instructions behind sparse.inl: 8 rows to a vector.
#if defined(__x86_64__)

#include <immintrin.h>

#include "flash/sparse.h"

#define SPARSE_TARGET __attribute__((target("avx2,fma,f16c")))
#define SPARSE_OP SPARSE_TARGET static inline __attribute__((always_inline))

namespace cairn::flash::avx2 {
namespace {

struct V {
  using F = __m256;
  static constexpr int kRows = 8, kMostVectors = 8;

  SPARSE_OP F zero() { return _mm256_setzero_ps(); }
  SPARSE_OP F plus(F a, F b) { return _mm256_add_ps(a, b); }
  SPARSE_OP void store(float* to, F value) { _mm256_storeu_ps(to, value); }

  template <int Bits>
  SPARSE_OP __m256i quants(const std::byte* unit, int i) {
    const std::byte* const from = Bits == 8 ? unit + i * 32 : unit + i / 4 * 64 + i % 2 * 32;
    const __m256i both = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    if constexpr (Bits == 8) return both;
    return _mm256_and_si256(i / 2 % 2 ? _mm256_srli_epi16(both, 4) : both, _mm256_set1_epi8(15));
  }
  // Bytes times bytes do not always go into the 16 bits that vpmaddubsw has for two of them.
  SPARSE_OP F add(F sum, __m256i quants, const Firing& each, const std::uint16_t* scales) {
    const __m256i x = _mm256_set1_epi32(static_cast<int>(each.x));
    const __m256i low = _mm256_set1_epi16(0xFF);
    const __m256i even = _mm256_madd_epi16(_mm256_and_si256(quants, low),
                                           _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8));
    const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(quants, 8), _mm256_srai_epi16(x, 8));
    const __m256i dots = _mm256_sub_epi32(_mm256_add_epi32(even, odd),
                                          _mm256_set1_epi32(each.bias));
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(scales));
    const F scale = _mm256_mul_ps(_mm256_cvtph_ps(halves), _mm256_set1_ps(each.scale));
    return _mm256_fmadd_ps(scale, _mm256_cvtepi32_ps(dots), sum);
  }
};

#include "flash/sparse.inl"

}  // namespace

void multiply_tile(const Packed& packed, const std::uint32_t* places, const Firing* firing,
                   std::size_t first, std::size_t rows, float* to) {
  multiply(packed, places, firing, first, rows, to);
}

}  // namespace cairn::flash::avx2

#endif
