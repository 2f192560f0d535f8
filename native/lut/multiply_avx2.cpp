// The AVX2 instructions behind tiles.inl: 8 rows to a vector. vpmaddubsw adds pairs of products in
// int16, exactly, because every quant given to dot() is below 128.
#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lut/formats.h"

#define LUT_TARGET __attribute__((target("avx2,fma,f16c")))
#define LUT_OP LUT_TARGET static inline __attribute__((always_inline))

namespace cairn::lut {
namespace {

struct V {
  using I = __m256i;
  using F = __m256;
  static constexpr std::size_t kLanes = 8;
  static constexpr int kRegisters = 16;
  static constexpr bool kLate = false;
  static constexpr int kBias = 0;

  LUT_OP I zero() { return _mm256_setzero_si256(); }
  LUT_OP F zero_float() { return _mm256_setzero_ps(); }
  LUT_OP I load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
  LUT_OP I bytes(char value) { return _mm256_set1_epi8(value); }
  LUT_OP I repeat_int(std::int32_t value) { return _mm256_set1_epi32(value); }
  LUT_OP I repeat(const void* from) {
    std::int32_t four;
    std::memcpy(&four, from, sizeof four);
    return _mm256_set1_epi32(four);
  }
  LUT_OP F repeat_float(const void* from) {
    float value;
    std::memcpy(&value, from, sizeof value);
    return _mm256_set1_ps(value);
  }
  LUT_OP I both(I a, I b) { return _mm256_and_si256(a, b); }
  LUT_OP I either(I a, I b) { return _mm256_or_si256(a, b); }
  LUT_OP I choose(I pick, I a, I b) { return either(both(pick, a), _mm256_andnot_si256(pick, b)); }
  template <int kBits>
  LUT_OP I down(I x) { return _mm256_srli_epi16(x, kBits); }
  template <int kBits>
  LUT_OP I up(I x) { return _mm256_slli_epi16(x, kBits); }
  template <int kBits>
  LUT_OP I down32(I x) { return _mm256_srai_epi32(x, kBits); }
  template <int kBits>
  LUT_OP I up32(I x) { return _mm256_slli_epi32(x, kBits); }
  LUT_OP I down32_by(I x, int bits) { return _mm256_srli_epi32(x, bits); }
  LUT_OP I up32_by(I x, int bits) { return _mm256_slli_epi32(x, bits); }
  LUT_OP I add(I a, I b) { return _mm256_add_epi32(a, b); }
  LUT_OP I add8(I a, I b) { return _mm256_add_epi8(a, b); }
  LUT_OP I minus(I a, I b) { return _mm256_sub_epi32(a, b); }
  LUT_OP I mul(I a, I b) { return _mm256_mullo_epi32(a, b); }
  // 3q / 256 of each byte, rounded down: whether q has passed 85, and 170.
  LUT_OP I passed(I q, int least) {
    return _mm256_cmpeq_epi8(_mm256_max_epu8(q, bytes(static_cast<char>(least))), q);
  }
  LUT_OP I digit(I q) {
    return _mm256_sub_epi8(zero(), _mm256_add_epi8(passed(q, 86), passed(q, 171)));
  }
  LUT_OP I dot(I sum, I quants, I codes) {
    const I pairs = _mm256_maddubs_epi16(quants, codes);
    return add(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
  // Signed bytes would overflow pairs of int16, so even and odd bytes are widened apart.
  LUT_OP I wide(I signed_bytes) { return signed_bytes; }
  LUT_OP I even(I x) { return _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8); }
  LUT_OP I odd(I x) { return _mm256_srai_epi16(x, 8); }
  LUT_OP I dot_wide(I sum, I quants, I codes) {
    sum = add(sum, _mm256_madd_epi16(even(quants), even(codes)));
    return add(sum, _mm256_madd_epi16(odd(quants), odd(codes)));
  }
  LUT_OP I unbias8(const void*) { return zero(); }
  LUT_OP F to_float(I x) { return _mm256_cvtepi32_ps(x); }
  LUT_OP F half(const void* from) {
    return _mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(from)));
  }
  LUT_OP F times(F a, F b) { return _mm256_mul_ps(a, b); }
  LUT_OP F fma(F a, F b, F sum) { return _mm256_fmadd_ps(a, b, sum); }
  LUT_OP void store(float* to, F x) { _mm256_storeu_ps(to, x); }
};

#include "lut/tiles.inl"

}  // namespace

// clang 14 doesn't know the name of F16C.
bool runs_avx2() {
  constexpr unsigned kFma = 1u << 12, kHalf = 1u << 29;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & kFma) != 0 && (c & kHalf) != 0;
}

void multiply_avx2(Type type, const Job& job) { multiply_all(type, job); }

}  // namespace cairn::lut

#endif
