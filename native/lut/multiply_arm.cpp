// The NEON dot-product instructions behind tiles.inl: 4 rows to a vector.
#if defined(__aarch64__)

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lut/formats.h"

// The two compilers spell the same feature differently.
#if defined(__clang__)
#define LUT_TARGET __attribute__((target("dotprod")))
#else
#define LUT_TARGET __attribute__((target("arch=armv8.2-a+dotprod")))
#endif
#define LUT_OP LUT_TARGET static inline __attribute__((always_inline))

namespace cairn::lut {
namespace {

struct V {
  using I = int32x4_t;
  using F = float32x4_t;
  static constexpr std::size_t kLanes = 4;
  static constexpr int kRegisters = 32;
  static constexpr bool kLate = false;
  static constexpr int kBias = 0;

  LUT_OP int8x16_t eights(I x) { return vreinterpretq_s8_s32(x); }
  LUT_OP uint16x8_t sixteens(I x) { return vreinterpretq_u16_s32(x); }
  LUT_OP I words(uint16x8_t x) { return vreinterpretq_s32_u16(x); }

  LUT_OP I zero() { return vdupq_n_s32(0); }
  LUT_OP F zero_float() { return vdupq_n_f32(0); }
  LUT_OP I load(const void* from) {
    return vreinterpretq_s32_u8(vld1q_u8(static_cast<const std::uint8_t*>(from)));
  }
  LUT_OP I bytes(char value) {
    return vreinterpretq_s32_u8(vdupq_n_u8(static_cast<std::uint8_t>(value)));
  }
  LUT_OP I repeat_int(std::int32_t value) { return vdupq_n_s32(value); }
  LUT_OP I repeat(const void* from) {
    return vld1q_dup_s32(static_cast<const std::int32_t*>(from));
  }
  LUT_OP F repeat_float(const void* from) { return vld1q_dup_f32(static_cast<const float*>(from)); }
  LUT_OP I both(I a, I b) { return vandq_s32(a, b); }
  LUT_OP I either(I a, I b) { return vorrq_s32(a, b); }
  LUT_OP I choose(I pick, I a, I b) { return vbslq_s32(vreinterpretq_u32_s32(pick), a, b); }
  template <int kBits>
  LUT_OP I down(I x) { return words(vshrq_n_u16(sixteens(x), kBits)); }
  template <int kBits>
  LUT_OP I up(I x) { return words(vshlq_n_u16(sixteens(x), kBits)); }
  template <int kBits>
  LUT_OP I down32(I x) { return vshrq_n_s32(x, kBits); }
  template <int kBits>
  LUT_OP I up32(I x) { return vshlq_n_s32(x, kBits); }
  LUT_OP I down32_by(I x, int bits) {
    return vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(x), vdupq_n_s32(-bits)));
  }
  LUT_OP I up32_by(I x, int bits) { return vshlq_s32(x, vdupq_n_s32(bits)); }
  LUT_OP I add(I a, I b) { return vaddq_s32(a, b); }
  LUT_OP I add8(I a, I b) { return vreinterpretq_s32_s8(vaddq_s8(eights(a), eights(b))); }
  LUT_OP I minus(I a, I b) { return vsubq_s32(a, b); }
  LUT_OP I mul(I a, I b) { return vmulq_s32(a, b); }
  // 3q / 256 of each byte, rounded down: whether q has passed 85, and 170.
  LUT_OP I digit(I q) {
    const uint8x16_t bytes = vreinterpretq_u8_s32(q);
    const uint8x16_t first = vcgeq_u8(bytes, vdupq_n_u8(86));
    const uint8x16_t second = vcgeq_u8(bytes, vdupq_n_u8(171));
    return vreinterpretq_s32_s8(vnegq_s8(vreinterpretq_s8_u8(vaddq_u8(first, second))));
  }
  // Assembly, because clang before 16 hides vdotq_s32 unless the whole file is built for dotprod.
  LUT_OP I dot(I sum, I quants, I codes) {
    __asm__("sdot %0.4s, %1.16b, %2.16b" : "+w"(sum) : "w"(eights(quants)), "w"(eights(codes)));
    return sum;
  }
  LUT_OP I wide(I signed_bytes) { return signed_bytes; }
  LUT_OP I dot_wide(I sum, I quants, I codes) { return dot(sum, quants, codes); }
  LUT_OP I unbias8(const void*) { return zero(); }
  LUT_OP F to_float(I x) { return vcvtq_f32_s32(x); }
  LUT_OP F half(const void* from) {
    return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(static_cast<const std::uint8_t*>(from))));
  }
  LUT_OP F times(F a, F b) { return vmulq_f32(a, b); }
  LUT_OP F fma(F a, F b, F sum) { return vfmaq_f32(sum, a, b); }
  LUT_OP void store(float* to, F x) { vst1q_f32(to, x); }
};

#include "lut/tiles.inl"

}  // namespace

void multiply_neon(Type type, const Job& job) { multiply_all(type, job); }

}  // namespace cairn::lut

#endif
