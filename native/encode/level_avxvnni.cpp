// The encoder for x86-64 with AVX2, FMA and the dot product of bytes in its registers (AVX-VNNI).
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

CAIRN_TARGET("avx2,fma,avxvnni")

#include "encode/forward.h"
#include "encode/lanes_avx2.h"

namespace cairn::encode {
namespace {

struct Lanes : WideLanes<Lanes> {
  static constexpr std::uint8_t flip = 0x80;

  static __m256i add_dots(__m256i sum, __m256i weights, __m256i inputs) {
    return _mm256_dpbusd_avx_epi32(sum, weights, inputs);
  }
};

}  // namespace

constinit const Kernels kAvxVnni = kernels<Lanes>();

}  // namespace cairn::encode

CAIRN_TARGET_END

#endif
