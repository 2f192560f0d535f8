// The sieve's kernels for x86-64: 64 rows are looked up at once by a permutation of 64 bytes, or 32
// by two shuffles of 16.
#if defined(__x86_64__)

// gcc 12 warns of its own header's placeholders.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include <limits>

#include "scan/sieve.h"

#define CAIRN_AVX2 __attribute__((target("avx2")))
#define CAIRN_AVX512 __attribute__((target("avx512f,avx512bw")))
#define CAIRN_VBMI __attribute__((target("avx512f,avx512bw,avx512vbmi")))

namespace cairn::scan {
namespace {

// Sends for what is read some time from now; it need not exist.
inline void fetch(const void* bytes) {
  _mm_prefetch(static_cast<const char*>(bytes) + kBytesAhead, _MM_HINT_T0);
}

// The lines of three bytes a row.
inline void fetch_triple(const std::uint8_t* codes) {
  for (std::size_t line = 0; line < kTriple; line += 64) fetch(codes + line);
}

inline void fetch_slopes(const std::uint16_t* slopes) {
  for (std::size_t row = 0; row < 2 * kBlockRows; row += 32) fetch(slopes + row);
}

CAIRN_VBMI inline __m512i look_up(__m512i signs, const Table& table) {
  return _mm512_permutexvar_epi8(signs, _mm512_load_si512(table.numbers));
}

CAIRN_AVX512 inline __m512 halves_512(const std::uint16_t* from) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

// What 16 rows may score at most.
CAIRN_AVX512 inline __m512 most_512(const Sieve& sieve, const std::uint16_t* sums,
                                    const std::uint16_t* slopes, __m512 reach) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums));
  const __m512 numbers = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(bits));
  const __m512 reading = _mm512_add_ps(_mm512_mul_ps(numbers, _mm512_set1_ps(sieve.unit)),
                                       _mm512_set1_ps(sieve.base));
  return _mm512_add_ps(_mm512_mul_ps(halves_512(slopes), reading),
                       _mm512_mul_ps(halves_512(slopes + kBlockRows), reach));
}

CAIRN_AVX2 inline __m256i half_256(const std::uint8_t* half) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(half)));
}

// The numbers of six signs; the index needs no more bits taken off than the shuffle would obey.
CAIRN_AVX2 inline __m256i look_up_256(__m256i signs, const Halves& halves) {
  const __m256i three = _mm256_set1_epi8(7);
  const __m256i first = _mm256_and_si256(signs, three);
  const __m256i last = _mm256_and_si256(_mm256_srli_epi16(signs, 3), three);
  return _mm256_add_epi8(_mm256_shuffle_epi8(half_256(halves.first), first),
                         _mm256_shuffle_epi8(half_256(halves.last), last));
}

CAIRN_AVX2 inline __m256 halves_256(const std::uint16_t* from) {
  const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}

// What 8 rows may score at most.
CAIRN_AVX2 inline __m256 most_256(const Sieve& sieve, const std::uint16_t* sums,
                                  const std::uint16_t* slopes, __m256 reach) {
  const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sums));
  const __m256 numbers = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(bits));
  const __m256 reading = _mm256_add_ps(_mm256_mul_ps(numbers, _mm256_set1_ps(sieve.unit)),
                                       _mm256_set1_ps(sieve.base));
  return _mm256_add_ps(_mm256_mul_ps(halves_256(slopes), reading),
                       _mm256_mul_ps(halves_256(slopes + kBlockRows), reach));
}

// Half a block: the sums of its even bytes, and those of its odd ones 32 rows further.
template <bool kFetches>
CAIRN_AVX2 inline void sum_half(const Sieve& sieve, const std::uint8_t* codes,
                                std::uint16_t* sums) {
  const __m256i two = _mm256_set1_epi8(3), four = _mm256_set1_epi8(15);
  __m256i all = _mm256_setzero_si256(), odd = all;
  const Halves* halves = sieve.halves.data();
  for (std::size_t triple = 0; triple < triples_of(sieve.dim); ++triple) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + kBlockRows));
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + 2 * kBlockRows));
    if constexpr (kFetches) fetch_triple(codes);
    const __m256i low = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(a, 6), two),
                                        _mm256_andnot_si256(two, _mm256_srli_epi16(b, 4)));
    const __m256i last = _mm256_or_si256(_mm256_and_si256(low, four),
                                         _mm256_andnot_si256(four, _mm256_srli_epi16(c, 2)));
    const __m256i sum = _mm256_add_epi8(
        _mm256_add_epi8(look_up_256(a, halves[0]), look_up_256(b, halves[1])),
        _mm256_add_epi8(look_up_256(c, halves[2]), look_up_256(last, halves[3])));
    all = _mm256_add_epi16(all, sum);  // even bytes, and 256 times the odd ones
    odd = _mm256_add_epi16(odd, _mm256_srli_epi16(sum, 8));
    codes += kTriple;
    halves += kSixes;
  }
  const __m256i even = _mm256_sub_epi16(all, _mm256_slli_epi16(odd, 8));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums), even);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + kBlockRows / 2), odd);
}

}  // namespace

CAIRN_VBMI float sum_vbmi(const Sieve& sieve, const std::uint8_t* block, float reach,
                          Sums& sums) {
  const __m512i two = _mm512_set1_epi8(3), four = _mm512_set1_epi8(15);
  constexpr int kSelect = 0xca;  // where the first has a bit the second's, else the third's
  __m512i all = _mm512_setzero_si512(), odd = all;
  const std::uint8_t* codes = block;
  const Table* tables = sieve.tables.data();
  for (std::size_t triple = 0; triple < triples_of(sieve.dim); ++triple) {
    __m512i a = _mm512_loadu_si512(codes);
    __m512i b = _mm512_loadu_si512(codes + kBlockRows);
    __m512i c = _mm512_loadu_si512(codes + 2 * kBlockRows);
    fetch_triple(codes);
    __asm__("" : "+v"(a), "+v"(b), "+v"(c));  // loads are scarce, and each would be done twice
    // The permutation takes six bits of an index and leaves the rest.
    const __m512i low = _mm512_ternarylogic_epi64(two, _mm512_srli_epi16(a, 6),
                                                  _mm512_srli_epi16(b, 4), kSelect);
    const __m512i last =
        _mm512_ternarylogic_epi64(four, low, _mm512_srli_epi16(c, 2), kSelect);
    const __m512i sum = _mm512_add_epi8(
        _mm512_add_epi8(look_up(a, tables[0]), look_up(b, tables[1])),
        _mm512_add_epi8(look_up(c, tables[2]), look_up(last, tables[3])));
    all = _mm512_add_epi16(all, sum);  // even bytes, and 256 times the odd ones
    odd = _mm512_add_epi16(odd, _mm512_srli_epi16(sum, 8));
    codes += kTriple;
    tables += kSixes;
  }
  _mm512_store_si512(sums.of, _mm512_sub_epi16(all, _mm512_slli_epi16(odd, 8)));
  _mm512_store_si512(sums.of + kBlockRows / 2, odd);
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  fetch_slopes(slopes);
  const __m512 far = _mm512_set1_ps(reach);
  __m512 top = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
  for (std::size_t row = 0; row < kBlockRows; row += 16) {
    top = _mm512_max_ps(most_512(sieve, sums.of + row, slopes + row, far), top);
  }
  return _mm512_reduce_max_ps(top);
}

CAIRN_AVX512 std::uint64_t pass_avx512(const Sieve& sieve, const std::uint8_t* block,
                                       const Sums& sums, float reach, float least) {
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  const __m512 far = _mm512_set1_ps(reach), floor = _mm512_set1_ps(least);
  std::uint64_t passing = 0;
  for (std::size_t row = 0; row < kBlockRows; row += 16) {
    const __m512 most = most_512(sieve, sums.of + row, slopes + row, far);
    passing |= static_cast<std::uint64_t>(_mm512_cmp_ps_mask(most, floor, _CMP_GE_OQ)) << row;
  }
  return passing;
}

CAIRN_AVX2 float sum_avx2(const Sieve& sieve, const std::uint8_t* block, float reach,
                          Sums& sums) {
  sum_half<true>(sieve, block, sums.of);  // the other half has the same lines
  sum_half<false>(sieve, block + kBlockRows / 2, sums.of + kBlockRows / 4);
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  fetch_slopes(slopes);
  const __m256 far = _mm256_set1_ps(reach);
  __m256 top = _mm256_set1_ps(-std::numeric_limits<float>::infinity());
  for (std::size_t row = 0; row < kBlockRows; row += 8) {
    top = _mm256_max_ps(most_256(sieve, sums.of + row, slopes + row, far), top);
  }
  alignas(32) float tops[8];
  _mm256_store_ps(tops, top);
  float best = tops[0];
  for (const float value : tops) best = value > best ? value : best;
  return best;
}

CAIRN_AVX2 std::uint64_t pass_avx2(const Sieve& sieve, const std::uint8_t* block,
                                   const Sums& sums, float reach, float least) {
  const std::uint16_t* const slopes = slopes_of(block, sieve.dim);
  const __m256 far = _mm256_set1_ps(reach), floor = _mm256_set1_ps(least);
  std::uint64_t passing = 0;
  for (std::size_t row = 0; row < kBlockRows; row += 8) {
    const __m256 most = most_256(sieve, sums.of + row, slopes + row, far);
    const int mask = _mm256_movemask_ps(_mm256_cmp_ps(most, floor, _CMP_GE_OQ));
    passing |= static_cast<std::uint64_t>(static_cast<unsigned>(mask)) << row;
  }
  return passing;
}

}  // namespace cairn::scan

#endif
