// The AVX-512 VNNI instructions behind tiles.inl: 16 rows to a vector, vpdpbusd for the products.
#if defined(__x86_64__)

// gcc 12 warns inside its own header for every plain intrinsic that has a masked sibling.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lut/formats.h"

#define LUT_TARGET \
  __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define LUT_OP LUT_TARGET static inline __attribute__((always_inline))

namespace cairn::lut {
namespace {

struct V {
  using I = __m512i;
  using F = __m512;
  static constexpr std::size_t kLanes = 16;
  static constexpr int kRegisters = 32;
  static constexpr bool kLate = true;
  static constexpr int kBias = 128;  // what wide() adds to bytes

  LUT_OP I zero() { return _mm512_setzero_si512(); }
  LUT_OP F zero_float() { return _mm512_setzero_ps(); }
  LUT_OP I load(const void* from) { return _mm512_loadu_si512(from); }
  LUT_OP I bytes(char value) { return _mm512_set1_epi8(value); }
  LUT_OP I repeat_int(std::int32_t value) { return _mm512_set1_epi32(value); }
  LUT_OP I repeat(const void* from) {
    std::int32_t four;
    std::memcpy(&four, from, sizeof four);
    return _mm512_set1_epi32(four);
  }
  LUT_OP F repeat_float(const void* from) {
    float value;
    std::memcpy(&value, from, sizeof value);
    return _mm512_set1_ps(value);
  }
  LUT_OP I both(I a, I b) { return _mm512_and_si512(a, b); }
  LUT_OP I either(I a, I b) { return _mm512_or_si512(a, b); }
  LUT_OP I choose(I pick, I a, I b) { return _mm512_ternarylogic_epi32(pick, a, b, 0xca); }
  template <int kBits>
  LUT_OP I down(I x) { return _mm512_srli_epi16(x, kBits); }
  template <int kBits>
  LUT_OP I up(I x) { return _mm512_slli_epi16(x, kBits); }
  template <int kBits>
  LUT_OP I down32(I x) { return _mm512_srai_epi32(x, kBits); }
  template <int kBits>
  LUT_OP I up32(I x) { return _mm512_slli_epi32(x, kBits); }
  LUT_OP I down32_by(I x, int bits) { return _mm512_srli_epi32(x, static_cast<unsigned>(bits)); }
  LUT_OP I up32_by(I x, int bits) { return _mm512_slli_epi32(x, static_cast<unsigned>(bits)); }
  LUT_OP I add(I a, I b) { return _mm512_add_epi32(a, b); }
  LUT_OP I add8(I a, I b) { return _mm512_add_epi8(a, b); }
  LUT_OP I minus(I a, I b) { return _mm512_sub_epi32(a, b); }
  LUT_OP I mul(I a, I b) { return _mm512_mullo_epi32(a, b); }
  LUT_OP I dot(I sum, I quants, I codes) { return _mm512_dpbusd_epi32(sum, quants, codes); }
  LUT_OP I digit(I q) { return q; }  // never called: see kLate
  LUT_OP I wide(I signed_bytes) { return _mm512_xor_si512(signed_bytes, bytes(-128)); }
  LUT_OP I dot_wide(I sum, I wide_bytes, I codes) { return dot(sum, wide_bytes, codes); }
  // From -8 times a sum of codes to what undoes the bias of wide().
  LUT_OP I unbias8(const void* from) { return up32<4>(repeat(from)); }
  LUT_OP F to_float(I x) { return _mm512_cvtepi32_ps(x); }
  LUT_OP F half(const void* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(from)));
  }
  LUT_OP F times(F a, F b) { return _mm512_mul_ps(a, b); }
  LUT_OP F fma(F a, F b, F sum) { return _mm512_fmadd_ps(a, b, sum); }
  LUT_OP void store(float* to, F x) { _mm512_storeu_ps(to, x); }
};

#include "lut/tiles.inl"

}  // namespace

bool runs_avx512() {
  return runs_avx2() && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

void multiply_avx512(Type type, const Job& job) { multiply_all(type, job); }

}  // namespace cairn::lut

#endif
