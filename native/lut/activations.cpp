// Quantizes columns of activations as ggml does on this machine: Q8_0 as its x86 or ARM kernel
// (which differ in how they divide), Q8_K as its reference. NaN and infinity take ggml's way too.
#include <bit>
#include <cmath>

#include "lut/formats.h"

namespace cairn::lut {
namespace {

#if defined(__aarch64__)
constexpr bool kArm = true;
#else
constexpr bool kArm = false;
#endif

// The vector instructions' maximum: x86 takes the second operand unless the first is greater, ARM
// keeps a NaN.
float greater(float a, float b) {
  if (kArm && std::isnan(a)) return a;
  return a > b ? a : b;
}

// ggml's kernel reduces 32 magnitudes in this order, which only NaN can tell from another.
float peak_of_32(const float* x) {
  float lanes[8];
  for (int i = 0; i < 8; ++i) {
    lanes[i] = std::fabs(x[i]);
    for (int j = 8; j < 32; j += 8) lanes[i] = greater(lanes[i], std::fabs(x[i + j]));
  }
  float four[4];
  for (int i = 0; i < 4; ++i) four[i] = greater(lanes[4 + i], lanes[i]);
  const float a = greater(four[0], four[2]), b = greater(four[1], four[3]);
  return greater(a, b);
}

// Rounds half to even. x86 saturates to int8, and what no int32 holds, NaN too, becomes the least;
// ARM saturates to int32, with 0 for NaN, and keeps the low byte.
std::int8_t to_code(float value) {
  if (!(std::fabs(value) < 2147483648.0f)) {
    if (!kArm) return -128;
    return value > 0 ? -1 : 0;
  }
  const float rounded = std::nearbyintf(value);
  if (kArm) return static_cast<std::int8_t>(static_cast<std::int32_t>(rounded));
  return static_cast<std::int8_t>(rounded > 127 ? 127 : rounded < -128 ? -128 : rounded);
}

void quantize_q8_0(const float* x, std::size_t cols, std::uint8_t* out) {
  auto* const codes = reinterpret_cast<std::int8_t*>(out);
  auto* const scales = reinterpret_cast<float*>(out + cols);
  auto* const biases = reinterpret_cast<std::int32_t*>(scales + cols / 32);
  for (std::size_t b = 0; b < cols / 32; ++b) {
    const float peak = peak_of_32(x + b * 32);
    const float d = peak / 127.0f;
    float inverse = peak != 0 ? 127.0f / peak : 0.0f;
    if (kArm) inverse = d != 0 ? 1.0f / d : 0.0f;
    std::int32_t sum = 0;
    for (std::size_t i = b * 32; i < b * 32 + 32; ++i) sum += codes[i] = to_code(x[i] * inverse);
    scales[b] = from_half(to_half(d));
    biases[b] = -8 * sum;
  }
}

// Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the mantissa.
std::int8_t to_code_k(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value + 12582912.0f);
  const std::int32_t nearest = (bits & 0x007fffff) - 0x00400000;
  return static_cast<std::int8_t>(nearest > 127 ? 127 : nearest);
}

void quantize_q8_k(const float* x, std::size_t cols, std::size_t width, std::uint8_t* out) {
  auto* codes = reinterpret_cast<std::int8_t*>(out);
  auto* side = reinterpret_cast<Side*>(out + cols);
  for (std::size_t b = 0; b < cols / 256; ++b, x += 256, codes += 256, ++side) {
    float peak = 0, signed_peak = 0;
    for (std::size_t i = 0; i < 256; ++i) {
      if (std::fabs(x[i]) > peak) peak = std::fabs(x[i]), signed_peak = x[i];
    }
    const float inverse = -127.0f / signed_peak;
    std::int32_t sums[256];
    for (std::size_t i = 0; i < 256; ++i) {
      codes[i] = peak != 0 ? to_code_k(inverse * x[i]) : std::int8_t{0};
      sums[i] = codes[i];
    }
    *side = side_of(sums, 1, width, peak != 0 ? 1.0f / inverse : 0.0f);
  }
}

}  // namespace

Side side_of(const std::int32_t* sums, std::size_t each, std::size_t width, float d) {
  Side side{};
  side.d = d;
  for (std::size_t i = 0; i < 256 / width; ++i) {
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < width / each; ++j) sum += sums[i * (width / each) + j];
    const std::int32_t low = ((sum + 64) & 127) - 64;
    side.low[i] = static_cast<std::int8_t>(low);
    side.high[i] = static_cast<std::int8_t>((sum - low) / 128);
    side.total += sum;
  }
  return side;
}

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16, magnitude = bits & 0x7fffu;
  const std::uint32_t shifted = magnitude << 13;
  if (magnitude >= 0x7c00) return std::bit_cast<float>(sign | 0x7f800000u | (shifted & 0x7fffff));
  if (magnitude >= 0x400) return std::bit_cast<float>(sign | (shifted + (112u << 23)));
  const float value = static_cast<float>(magnitude) * 0x1p-24f;
  return sign != 0 ? -value : value;
}

std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  std::uint32_t half;
  if (magnitude > 0x7f800000) {
    half = 0x7e00 | (magnitude >> 13 & 0x3ff);
  } else if (magnitude >= 0x477ff000) {
    half = 0x7c00;
  } else if (magnitude >= 0x38800000) {
    half = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
  } else {
    half = static_cast<std::uint32_t>(std::nearbyintf(std::fabs(value) * 0x1p24f));
  }
  return static_cast<std::uint16_t>(sign | half);
}

std::size_t activation_bytes(Type type, std::size_t cols) {
  const std::size_t block = format_of(type).block;
  const std::size_t side = block == 32 ? 2 * sizeof(float) : sizeof(Side);
  return (cols + cols / block * side + kLine - 1) / kLine * kLine;
}

void quantize_scalar(Type type, const float* x, std::size_t cols, std::uint8_t* out) {
  const Format format = format_of(type);
  if (format.block == 32) return quantize_q8_0(x, cols, out);
  quantize_q8_k(x, cols, format.sums, out);
}

}  // namespace cairn::lut
