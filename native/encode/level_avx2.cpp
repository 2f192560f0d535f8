// The encoder for x86-64 with AVX2 and FMA.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "encode/pack.h"
#include "encode/target.h"

CAIRN_TARGET("avx2,fma")

#include "encode/forward.h"
#include "encode/lanes_avx2.h"

namespace cairn::encode {
namespace {

struct Lanes : WideLanes<Lanes> {
  static constexpr std::uint8_t flip = 0;

  // Unsigned times signed: the sign goes to the input. A code is never -128 on that side, so the
  // sums of two products stay within 16 bits.
  static __m256i add_dots(__m256i sum, __m256i weights, __m256i inputs) {
    const __m256i pairs =
        _mm256_maddubs_epi16(_mm256_abs_epi8(weights), _mm256_sign_epi8(inputs, weights));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
};

}  // namespace

constinit const Kernels kAvx2 = kernels<Lanes>();

}  // namespace cairn::encode

CAIRN_TARGET_END

#endif
