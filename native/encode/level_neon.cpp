// The encoder for arm64 with the dot product of bytes.
#if defined(__aarch64__)

#include <arm_neon.h>

#include "encode/forward.h"

// The two compilers spell the same feature differently.
#if defined(__clang__)
#define CAIRN_DOTPROD __attribute__((target("dotprod")))
#else
#define CAIRN_DOTPROD __attribute__((target("arch=armv8.2-a+dotprod")))
#endif

namespace cairn::encode {
namespace {

struct Lanes {
  struct F {
    float32x4_t at[4];
  };
  static constexpr std::uint8_t flip = 0;
  static constexpr std::size_t rows = 4, queries = 3;

  template <typename Make>
  static F each(Make make) {
    return {{make(0), make(1), make(2), make(3)}};
  }
  static F load(const float* from) {
    return each([&](int i) { return vld1q_f32(from + 4 * i); });
  }
  static void store(float* to, const F& a) {
    for (int i = 0; i < 4; ++i) vst1q_f32(to + 4 * i, a.at[i]);
  }
  static F all(float value) { return each([&](int) { return vdupq_n_f32(value); }); }
  static F add(const F& a, const F& b) {
    return each([&](int i) { return vaddq_f32(a.at[i], b.at[i]); });
  }
  static F sub(const F& a, const F& b) {
    return each([&](int i) { return vsubq_f32(a.at[i], b.at[i]); });
  }
  static F mul(const F& a, const F& b) {
    return each([&](int i) { return vmulq_f32(a.at[i], b.at[i]); });
  }
  static F div(const F& a, const F& b) {
    return each([&](int i) { return vdivq_f32(a.at[i], b.at[i]); });
  }
  static F fma(const F& a, const F& b, const F& c) {
    return each([&](int i) { return vfmaq_f32(c.at[i], a.at[i], b.at[i]); });
  }
  static F max(const F& a, const F& b) {
    return each([&](int i) { return vbslq_f32(vcgtq_f32(a.at[i], b.at[i]), a.at[i], b.at[i]); });
  }
  static F min(const F& a, const F& b) {
    return each([&](int i) { return vbslq_f32(vcltq_f32(a.at[i], b.at[i]), a.at[i], b.at[i]); });
  }
  static F abs(const F& a) {
    return each([&](int i) { return vabsq_f32(a.at[i]); });
  }
  static F rint(const F& a) {
    return each([&](int i) { return vrndnq_f32(a.at[i]); });
  }
  static F scale(const F& a, const F& n) {
    return each([&](int i) {
      const int32x4_t up = vshlq_n_s32(vcvtq_s32_f32(n.at[i]), 23);
      return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(a.at[i]), up));
    });
  }
  static F first(const F& a, std::size_t count, float other) {
    const std::int32_t numbers[] = {0, 1, 2, 3};
    const int32x4_t lane = vld1q_s32(numbers);
    return each([&](int i) {
      const int32x4_t left = vdupq_n_s32(static_cast<std::int32_t>(count) - 4 * i);
      return vbslq_f32(vcgtq_s32(left, lane), a.at[i], vdupq_n_f32(other));
    });
  }
  static float sum(const F& a) {
    const float32x4_t four =
        vaddq_f32(vaddq_f32(a.at[0], a.at[2]), vaddq_f32(a.at[1], a.at[3]));
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
  }
  static float peak(const F& a) {
    const F pairs = max(a, {{a.at[2], a.at[3], a.at[0], a.at[1]}});
    return vmaxvq_f32(vmaxq_f32(pairs.at[0], pairs.at[1]));
  }
  static void codes(std::int8_t* to, const F& a) {
    int16x4_t words[4];
    for (int i = 0; i < 4; ++i) words[i] = vqmovn_s32(vcvtq_s32_f32(a.at[i]));
    vst1_s8(to, vqmovn_s16(vcombine_s16(words[0], words[1])));
    vst1_s8(to + 8, vqmovn_s16(vcombine_s16(words[2], words[3])));
  }

  // Assembly, because clang before 16 hides vdotq_s32 unless the whole file is built for dotprod.
  template <int Lane>
  CAIRN_DOTPROD static void add_dots(int32x4_t& sum, int8x16_t weights, int8x16_t inputs) {
    __asm__("sdot %0.4s, %1.16b, %2.4b[%3]"
            : "+w"(sum)
            : "w"(weights), "x"(inputs), "n"(Lane));
  }

  template <std::size_t Rows, int Lane>
  CAIRN_DOTPROD static void add_group(int32x4_t (&dots)[Rows][4], const std::uint8_t* codes,
                                      const int8x16_t (&inputs)[Rows]) {
    for (int i = 0; i < 4; ++i) {
      const int8x16_t weights = vreinterpretq_s8_u8(vld1q_u8(codes + Lane * 128 + 16 * i));
      for (std::size_t r = 0; r < Rows; ++r) add_dots<Lane>(dots[r][i], weights, inputs[r]);
    }
  }

  // Half a panel at a time: its sums stay in memory, so that the dots have the registers.
  template <std::size_t Rows>
  CAIRN_DOTPROD static void multiply(const Codes* row, std::size_t stride,
                                     const std::uint8_t* panel, const float* scales,
                                     std::size_t blocks, float* out) {
    for (std::size_t i = 0; i < Rows * kBlock; ++i) out[i] = 0;
    for (std::size_t b = 0; b < blocks; ++b, ++row, panel += kPanelBytes, scales += kBlock) {
      for (std::size_t from = 0; from < kBlock; from += kLanes) {
        int32x4_t dots[Rows][4];
        for (auto& four : dots) four[0] = four[1] = four[2] = four[3] = vdupq_n_s32(0);
        for (std::size_t half = 0; half < 2; ++half) {
          const std::uint8_t* const codes = panel + from * kGroup + half * 4 * 128;
          int8x16_t inputs[Rows];
          for (std::size_t r = 0; r < Rows; ++r) {
            inputs[r] = vld1q_s8(row[r * stride].at + half * 16);
          }
          add_group<Rows, 0>(dots, codes, inputs);
          add_group<Rows, 1>(dots, codes, inputs);
          add_group<Rows, 2>(dots, codes, inputs);
          add_group<Rows, 3>(dots, codes, inputs);
        }
        for (std::size_t r = 0; r < Rows; ++r) {
          for (int i = 0; i < 4; ++i) {
            float* const to = out + r * kBlock + from + 4 * i;
            const float32x4_t of = vld1q_f32(scales + from + 4 * i);
            const float32x4_t scale = vmulq_n_f32(of, row[r * stride].scale);
            vst1q_f32(to, vfmaq_f32(vld1q_f32(to), vcvtq_f32_s32(dots[r][i]), scale));
          }
        }
      }
    }
  }
};

}  // namespace

constinit const Kernels kNeonDotprod = kernels<Lanes>();

}  // namespace cairn::encode

#endif
