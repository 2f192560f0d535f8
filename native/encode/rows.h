// What a layer does with single rows of values, sixteen at a time: exp, GELU, normalising, and
// values to codes. Used by forward.h at every level, so all levels give the same bits.
#pragma once

#include "encode/lanes.h"

namespace cairn::encode {

// Within 2 ulp between -87 and 88; held there beyond.
template <typename L>
typename L::F exp(typename L::F x) {
  x = L::min(L::max(x, L::all(-87.0f)), L::all(88.0f));
  const auto n = L::rint(L::mul(x, L::all(1.44269504f)));
  auto rest = L::fma(n, L::all(-0.693359375f), x);
  rest = L::fma(n, L::all(2.12194440e-4f), rest);
  auto sum = L::all(1.9875691500e-4f);
  for (const float next : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                           1.6666665459e-1f, 5.0000001201e-1f}) {
    sum = L::fma(sum, rest, L::all(next));
  }
  sum = L::add(L::fma(sum, L::mul(rest, rest), rest), L::all(1.0f));
  return L::scale(sum, n);
}

// x * the share of a normal distribution below x, by tanh as llama.cpp has it:
// x * (1 + tanh(u)) / 2 = x / (1 + exp(-2u)) with u = sqrt(2 / pi) * (x + 0.044715 x^3).
template <typename L>
typename L::F gelu(typename L::F x) {
  const auto inner = L::fma(L::mul(x, x), L::all(-0.0713548163f), L::all(-1.5957691216f));
  return L::div(x, L::add(L::all(1.0f), encode::exp<L>(L::mul(x, inner))));
}

// To the nearest number that 16 bits hold, as ggml keeps a scale; larger ones have no limit.
template <typename L>  // so that no level runs another's
float half(float value) {
  if (value < 6.103515625e-5f) return (value + 0.5f) - 0.5f;  // steps of 2^-24
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0xFFF + (bits >> 13 & 1)) & ~0x1FFFu);
}

template <typename L>
float from_half(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = bits >> 10 & 0x1F, rest = bits & 0x3FF;
  if (exponent == 0) {
    const float small = static_cast<float>(rest) * 5.9604644775390625e-8f;
    return sign == 0 ? small : -small;
  }
  const std::uint32_t up = exponent == 0x1F ? 0xFF : exponent + 112;
  return std::bit_cast<float>(sign | up << 23 | rest << 13);
}

template <typename L>
void quantize(typename L::F a, typename L::F b, Codes& to) {
  const float peak = L::peak(L::max(L::abs(a), L::abs(b)));
  const auto up = L::all(peak > 0 ? 127.0f / peak : 0.0f);
  a = L::rint(L::mul(a, up));
  b = L::rint(L::mul(b, up));
  to.scale = half<L>(peak / 127.0f);
  const float total = L::sum(L::add(a, b));  // weights of a bad file may have led out of all bounds
  to.bias = total >= -4096 && total <= 4096 ? -128 * static_cast<std::int32_t>(total) : 0;
  L::codes(to.at, a);
  L::codes(to.at + kLanes, b);
}

template <typename L>
void quantize_row(const float* row, std::size_t size, Codes* to) {
  for (std::size_t i = 0; i < size; i += kBlock) {
    quantize<L>(L::load(row + i), L::load(row + i + kLanes), *to++);
  }
}

// The row to mean 0 and variance 1, times weight plus bias; in place, and as codes.
template <typename L>
void normalise(const Norm& norm, float epsilon, std::size_t size, float* row, Codes* codes) {
  auto total = L::all(0.0f);
  for (std::size_t i = 0; i < size; i += kLanes) total = L::add(total, L::load(row + i));
  const auto mean = L::all(L::sum(total) / static_cast<float>(size));
  auto squares = L::all(0.0f);
  for (std::size_t i = 0; i < size; i += kLanes) {
    const auto off = L::sub(L::load(row + i), mean);
    squares = L::fma(off, off, squares);
  }
  const float variance = L::sum(squares) / static_cast<float>(size);
  const auto up = L::all(1.0f / std::sqrt(variance + epsilon));
  for (std::size_t i = 0; i < size; i += kLanes) {
    const auto even = L::mul(L::sub(L::load(row + i), mean), up);
    L::store(row + i, L::fma(even, L::load(norm.weight.data() + i), L::load(norm.bias.data() + i)));
  }
  quantize_row<L>(row, size, codes);
}

}  // namespace cairn::encode
