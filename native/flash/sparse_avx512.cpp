// The AVX-512 VNNI instructions behind sparse.inl: 16 rows to a vector.
#if defined(__x86_64__)

// gcc 12 warns inside its own header for every plain intrinsic that has a masked sibling.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include <immintrin.h>

#include "flash/sparse.h"

#define SPARSE_TARGET \
  __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define SPARSE_OP SPARSE_TARGET static inline __attribute__((always_inline))

namespace cairn::flash::avx512 {
namespace {

struct V {
  using F = __m512;
  static constexpr int kRows = 16, kMostVectors = 8;

  SPARSE_OP F zero() { return _mm512_setzero_ps(); }
  SPARSE_OP F plus(F a, F b) { return _mm512_add_ps(a, b); }
  SPARSE_OP void store(float* to, F value) { _mm512_storeu_ps(to, value); }

  template <int Bits>
  SPARSE_OP __m512i quants(const std::byte* unit, int i) {
    if constexpr (Bits == 8) return _mm512_loadu_si512(unit + i * 64);
    const __m512i both = _mm512_loadu_si512(unit + i / 2 * 64);
    return _mm512_and_si512(i % 2 ? _mm512_srli_epi16(both, 4) : both, _mm512_set1_epi8(15));
  }
  SPARSE_OP F add(F sum, __m512i quants, const Firing& each, const std::uint16_t* scales) {
    const __m512i x = _mm512_set1_epi32(static_cast<int>(each.x));
    const __m512i dots = _mm512_dpbusd_epi32(_mm512_set1_epi32(-each.bias), quants, x);
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(scales));
    const F scale = _mm512_mul_ps(_mm512_cvtph_ps(halves), _mm512_set1_ps(each.scale));
    return _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(dots), sum);
  }
};

#include "flash/sparse.inl"

}  // namespace

void multiply_tile(const Packed& packed, const std::uint32_t* places, const Firing* firing,
                   std::size_t first, std::size_t rows, float* to) {
  multiply(packed, places, firing, first, rows, to);
}

}  // namespace cairn::flash::avx512

#endif
