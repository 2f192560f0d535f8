// The AVX2 and AVX-512 VNNI kernels. Each function carries its own target, so the file compiles
// for any x86-64 and nothing runs before dispatch has seen the CPU.
#if defined(__x86_64__)

#include <immintrin.h>

#include "scan/kernels.h"

#define CAIRN_AVX2 __attribute__((target("avx2")))
#define CAIRN_VNNI __attribute__((target("avx2,avx512f,avx512bw,avx512vnni")))

namespace cairn::scan {
namespace {

// Sums the eight lanes of each of four accumulators into one vector of four.
CAIRN_AVX2 inline __m128i sum_lanes(__m256i a, __m256i b, __m256i c, __m256i d) {
  const __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
  return _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
}

CAIRN_AVX2 inline __m256i widen(const std::int8_t* bytes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

// int16 products: unlike vpmaddubsw on signs and magnitudes, this is exact for -128 too.
CAIRN_AVX2 inline __m256i add_products(__m256i sum, const std::int8_t* row, __m256i query) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(widen(row), query));
}

// The zero-masked forms are the same instructions; gcc 12 warns inside its header for the plain ones.
CAIRN_VNNI inline __m256i fold(__m512i sum) {
  return _mm256_add_epi32(_mm512_maskz_extracti64x4_epi64(0xFF, sum, 0),
                          _mm512_maskz_extracti64x4_epi64(0xFF, sum, 1));
}

// vpdpbusd wants unsigned times signed: flipping the top bit makes a row byte a into a + 128.
CAIRN_VNNI inline __m512i add_flipped(__m512i sum, __m512i row, __m512i query) {
  return _mm512_dpbusd_epi32(sum, _mm512_xor_si512(row, _mm512_set1_epi8(-128)), query);
}

inline void prefetch(const std::int8_t* bytes) {
  _mm_prefetch(reinterpret_cast<const char*>(bytes), _MM_HINT_T0);
}

}  // namespace

CAIRN_AVX2 void dots_avx2(const DotQuery& query, const std::int8_t* const* rows, std::size_t count,
                          std::int32_t* dots) {
  for (std::size_t i = 0; i < count; i += kGroup) {
    const std::int8_t* const* const row = rows + i;
    const std::int8_t* const* const ahead = row + kAhead;
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    std::size_t j = 0;
    for (; j + 16 <= query.dim; j += 16) {
      const __m256i part = widen(query.codes + j);
      if (j % 64 == 0) {
        for (std::size_t r = 0; r < kGroup; ++r) prefetch(ahead[r] + j);
      }
      a = add_products(a, row[0] + j, part);
      b = add_products(b, row[1] + j, part);
      c = add_products(c, row[2] + j, part);
      d = add_products(d, row[3] + j, part);
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dots + i), sum_lanes(a, b, c, d));
    if (j < query.dim) {
      for (std::size_t r = 0; r < kGroup; ++r) dots[i + r] += tail_dot(row[r], query, j);
    }
  }
}

CAIRN_VNNI void dots_avx512vnni(const DotQuery& query, const std::int8_t* const* rows,
                                std::size_t count, std::int32_t* dots) {
  const __m128i bias = _mm_set1_epi32(128 * query.sum);
  const __mmask64 tail = (1ULL << (query.dim % 64)) - 1;
  for (std::size_t i = 0; i < count; i += kGroup) {
    const std::int8_t* const* const row = rows + i;
    const std::int8_t* const* const ahead = row + kAhead;
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    std::size_t j = 0;
    for (; j + 64 <= query.dim; j += 64) {
      const __m512i part = _mm512_loadu_si512(query.codes + j);
      for (std::size_t r = 0; r < kGroup; ++r) prefetch(ahead[r] + j);
      a = add_flipped(a, _mm512_loadu_si512(row[0] + j), part);
      b = add_flipped(b, _mm512_loadu_si512(row[1] + j), part);
      c = add_flipped(c, _mm512_loadu_si512(row[2] + j), part);
      d = add_flipped(d, _mm512_loadu_si512(row[3] + j), part);
    }
    if (tail != 0) {  // masked query bytes are zero, so the flipped padding adds nothing
      const __m512i part = _mm512_maskz_loadu_epi8(tail, query.codes + j);
      a = add_flipped(a, _mm512_maskz_loadu_epi8(tail, row[0] + j), part);
      b = add_flipped(b, _mm512_maskz_loadu_epi8(tail, row[1] + j), part);
      c = add_flipped(c, _mm512_maskz_loadu_epi8(tail, row[2] + j), part);
      d = add_flipped(d, _mm512_maskz_loadu_epi8(tail, row[3] + j), part);
    }
    const __m128i sums = sum_lanes(fold(a), fold(b), fold(c), fold(d));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dots + i), _mm_sub_epi32(sums, bias));
  }
}

}  // namespace cairn::scan

#endif
