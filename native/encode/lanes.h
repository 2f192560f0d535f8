// Sixteen floats that are worked on at once, in plain C++: what every other level's `Lanes` must
// equal, bit by bit. Sums go over halves: 16 to 8, to 4, to 2, to 1.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "encode/model.h"

namespace cairn::encode {

constexpr std::size_t kLanes = 16;

struct ScalarLanes {
  struct F {
    float at[kLanes];
  };
  static constexpr std::uint8_t flip = 0;  // what a matrix's codes are xor-ed with

  template <typename Make>
  static F each(Make make) {
    F made;
    for (std::size_t i = 0; i < kLanes; ++i) made.at[i] = make(i);
    return made;
  }
  static F load(const float* from) { return each([&](std::size_t i) { return from[i]; }); }
  static void store(float* to, const F& a) { std::copy(a.at, a.at + kLanes, to); }
  static F all(float value) { return each([&](std::size_t) { return value; }); }
  static F add(const F& a, const F& b) { return each([&](auto i) { return a.at[i] + b.at[i]; }); }
  static F sub(const F& a, const F& b) { return each([&](auto i) { return a.at[i] - b.at[i]; }); }
  static F mul(const F& a, const F& b) { return each([&](auto i) { return a.at[i] * b.at[i]; }); }
  static F div(const F& a, const F& b) { return each([&](auto i) { return a.at[i] / b.at[i]; }); }
  static F fma(const F& a, const F& b, const F& c) {
    return each([&](auto i) { return std::fma(a.at[i], b.at[i], c.at[i]); });
  }
  // As the instructions have it: the second of two that can't be compared.
  static F max(const F& a, const F& b) {
    return each([&](auto i) { return a.at[i] > b.at[i] ? a.at[i] : b.at[i]; });
  }
  static F min(const F& a, const F& b) {
    return each([&](auto i) { return a.at[i] < b.at[i] ? a.at[i] : b.at[i]; });
  }
  static F abs(const F& a) { return each([&](auto i) { return std::fabs(a.at[i]); }); }
  static F rint(const F& a) { return each([&](auto i) { return std::nearbyintf(a.at[i]); }); }
  // a * 2^n for whole n that leave it a normal number
  static F scale(const F& a, const F& n) {
    return each([&](auto i) {
      const auto up = static_cast<std::uint32_t>(static_cast<std::int32_t>(n.at[i])) << 23;
      return std::bit_cast<float>(std::bit_cast<std::uint32_t>(a.at[i]) + up);
    });
  }
  // The first `count` lanes of a, and `other` in the rest
  static F first(const F& a, std::size_t count, float other) {
    return each([&](auto i) { return i < count ? a.at[i] : other; });
  }
  static float sum(const F& a) {
    F left = a;
    for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) left.at[i] += left.at[i + half];
    }
    return left.at[0];
  }
  static float peak(const F& a) { return *std::max_element(a.at, a.at + kLanes); }
  static void codes(std::int8_t* to, const F& a) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      to[i] = a.at[i] >= -128 && a.at[i] <= 127 ? static_cast<std::int8_t>(a.at[i]) : -128;
    }
  }

  static constexpr std::size_t rows = 1, queries = 1;  // that are taken at once

  // Rows (one after the other `stride` blocks) times a panel -> [row][32].
  template <std::size_t Rows>
  static void multiply(const Codes* row, std::size_t stride, const std::uint8_t* panel,
                       const float* scales, std::size_t blocks, float* out) {
    for (std::size_t r = 0; r < Rows; ++r, row += stride, out += kBlock) {
      std::fill(out, out + kBlock, 0.0f);
      for (std::size_t b = 0; b < blocks; ++b) {
        for (std::size_t o = 0; o < kBlock; ++o) {
          const std::uint8_t* const weights = panel + b * kPanelBytes + o * kGroup;
          std::int32_t dot = 0;
          for (std::size_t i = 0; i < kBlock; ++i) {
            const auto weight = weights[i / kGroup * kGroup * kBlock + i % kGroup];
            dot += static_cast<std::int8_t>(weight) * row[b].at[i];
          }
          const float scale = scales[b * kBlock + o] * row[b].scale;
          out[o] = std::fma(static_cast<float>(dot), scale, out[o]);
        }
      }
    }
  }
};

}  // namespace cairn::encode
