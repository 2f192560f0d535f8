// The blocks of tiles.inl whose parts have scales of their own: Q2_K, Q3_K, Q4_K and Q6_K.

// The 16 six-bit numbers of put_sixes, four to a lane: numbers 4g ... 4g+3 in out[g].
template <int N>
LUT_INLINE void six_bits(const Byte* lines, int p, I (&out)[4]) {
  const I low = V::bytes(0x0f), high = V::bytes(0x30);
  const I ab = take<N>(lines + p * kPart), cd = take<N>(lines + kLine + p * kPart);
  const I top = take<N>(lines + 2 * kLine + p * kPart);
  out[0] = V::either(V::both(ab, low), V::both(top, high));
  const I b = V::template down<4>(ab), d = V::template down<4>(cd);
  out[1] = V::either(V::both(b, low), V::both(V::template down<2>(top), high));
  out[2] = V::either(V::both(cd, low), V::both(V::template up<4>(top), high));
  out[3] = V::either(V::both(d, low), V::both(V::template up<2>(top), high));
}

// Sum over scales (unsigned, below 128) of scale times the sum of activations that it covers.
template <int kGroups>
LUT_INLINE I covered(const I* scales, const Side& side) {
  I low = V::zero(), high = V::zero();
  LUT_UNROLL
  for (int g = 0; g < kGroups; ++g) {
    low = V::dot(low, scales[g], V::repeat(side.low + 4 * g));
    high = V::dot(high, scales[g], V::repeat(side.high + 4 * g));
  }
  return V::add(low, V::template up32<7>(high));
}

template <int N>
LUT_INLINE void subtract(F& sum, I product, F scale, const Columns<N>& columns, int n,
                         std::size_t block) {
  const F both = V::times(scale, V::repeat_float(&columns.side(n, block).d));
  sum = V::fma(V::to_float(V::minus(V::zero(), product)), both, sum);
}

struct Q4_K {
  static constexpr Type kType = Type::q4_k;
  static constexpr int kTile = V::kRegisters / 4;

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    const I low = V::bytes(0x0f), high = V::bytes(static_cast<char>(0xf0));
    const I byte = V::repeat_int(255);
    for (int p = 0; p < kParts; ++p) {
      I sixes[4], product[N];
      six_bits<N>(body, p, sixes);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) product[n] = V::zero();
      I scales = sixes[0];
      for (std::size_t j = 0; j < 4; ++j) {
        I first[N], second[N];
        LUT_UNROLL
        for (int n = 0; n < N; ++n) first[n] = second[n] = V::zero();
        LUT_UNROLL
        for (std::size_t g = 0; g < 8; ++g) {
          const I w = take<N>(body + (3 + j * 8 + g) * kLine + p * kPart);
          const I a = V::both(w, low), b = field<4>(w, high);
          LUT_UNROLL
          for (int n = 0; n < N; ++n) {
            first[n] = V::dot(first[n], a, columns.four(n, block * 256 + j * 64 + g * 4));
            second[n] = V::dot(second[n], b, columns.four(n, block * 256 + j * 64 + 32 + g * 4));
          }
        }
        if (j == 2) scales = sixes[1];
        const I s = V::both(scales, byte), t = V::both(V::template down32<8>(scales), byte);
        scales = V::template down32<16>(scales);
        LUT_UNROLL
        for (int n = 0; n < N; ++n) {
          product[n] = V::add(product[n], V::mul(s, first[n]));
          product[n] = V::add(product[n], V::mul(t, settled<4>(second[n])));
        }
      }
      const F d = V::half(tail + p * kPart / 2), dmin = V::half(tail + 32 + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        accumulate(sums[p][n], product[n], d, columns, n, block);
        const I minima = covered<2>(sixes + 2, columns.side(n, block));
        subtract(sums[p][n], minima, dmin, columns, n, block);
      }
    }
  }
};

// The types with 16 scales share a walk: half h and quarter u of a block hold parts of the four
// sub-blocks 8h + 2t + u, whose quants T::quants takes out of line g and whose sums come late by
// T::kLate[t] bits.
template <class T, int N>
LUT_INLINE void walk_sixteen(const Byte* body, int p, const I (&scales)[4],
                             const Columns<N>& columns, std::size_t block, I (&product)[N]) {
  LUT_UNROLL
  for (int n = 0; n < N; ++n) product[n] = V::zero();
  for (std::size_t u = 0; u < 2; ++u) {
    LUT_UNROLL
    for (std::size_t h = 0; h < 2; ++h) {
      I dot[4][N];
      LUT_UNROLL
      for (int t = 0; t < 4; ++t) {
        LUT_UNROLL
        for (int n = 0; n < N; ++n) dot[t][n] = V::zero();
      }
      LUT_UNROLL
      for (std::size_t g = u * 4; g < u * 4 + 4; ++g) {
        I quants[4];
        T::template quants<N>(body, h, g, p, quants);
        LUT_UNROLL
        for (int t = 0; t < 4; ++t) {
          LUT_UNROLL
          for (int n = 0; n < N; ++n) {
            const I four = columns.four(n, block * 256 + h * 128 + t * 32 + g * 4);
            dot[t][n] = V::dot(dot[t][n], quants[t], four);
          }
        }
      }
      const I ab = scales[2 * h], cd = scales[2 * h + 1];
      const I s[4] = {T::scale(ab, u), T::scale(ab, u + 2), T::scale(cd, u), T::scale(cd, u + 2)};
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        product[n] = V::add(product[n], V::mul(s[0], settled<T::kLate[0]>(dot[0][n])));
        product[n] = V::add(product[n], V::mul(s[1], settled<T::kLate[1]>(dot[1][n])));
        product[n] = V::add(product[n], V::mul(s[2], settled<T::kLate[2]>(dot[2][n])));
        product[n] = V::add(product[n], V::mul(s[3], settled<T::kLate[3]>(dot[3][n])));
      }
    }
  }
}

LUT_INLINE I byte_of(I x, std::size_t which) {
  return V::both(V::down32_by(x, static_cast<int>(which) * 8), V::repeat_int(255));
}

struct Q6_K {
  static constexpr Type kType = Type::q6_k;
  static constexpr int kTile = V::kRegisters / 8;
  static constexpr int kLate[4] = {0, 0, 2, 2};

  template <int N>
  LUT_INLINE static void quants(const Byte* body, std::size_t h, std::size_t g, int p,
                                I (&out)[4]) {
    const I nibble = V::bytes(0x0f), keep = V::bytes(0x3f);
    const I keep_late = V::bytes(static_cast<char>(0xfc));
    const Byte* const at = body + line_q6_k(h, g) * kLine + p * kPart;
    const I a = take<N>(at), b = take<N>(at + kLine), pairs = take<N>(at + 2 * kLine);
    out[0] = V::both(V::choose(nibble, a, pairs), keep);
    out[1] = V::both(V::choose(nibble, b, V::template down<2>(pairs)), keep);
    out[2] = field<2>(V::choose(nibble, pairs, a), keep_late);
    out[3] = field<2>(V::choose(nibble, V::template up<2>(pairs), b), keep_late);
  }
  LUT_INLINE static I scale(I scales, std::size_t which) {
    return V::template down32<24>(V::up32_by(scales, 24 - static_cast<int>(which) * 8));
  }

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    for (int p = 0; p < kParts; ++p) {
      I scales[4], product[N];
      LUT_UNROLL
      for (int g = 0; g < 4; ++g) scales[g] = take<N>(body + g * kLine + p * kPart);
      walk_sixteen<Q6_K>(body, p, scales, columns, block, product);
      const F d = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const Side& side = columns.side(n, block);
        I low = V::zero(), high = V::zero();
        LUT_UNROLL
        for (int g = 0; g < 4; ++g) {
          const I wide = V::wide(scales[g]);
          low = V::dot_wide(low, wide, V::repeat(side.low + 4 * g));
          high = V::dot_wide(high, wide, V::repeat(side.high + 4 * g));
        }
        I cover = V::add(low, V::template up32<7>(high));
        cover = V::minus(cover, V::repeat_int(V::kBias * side.total));
        product[n] = V::minus(product[n], V::template up32<5>(cover));
        accumulate(sums[p][n], product[n], d, columns, n, block);
      }
    }
  }
};

struct Q2_K {
  static constexpr Type kType = Type::q2_k;
  static constexpr int kTile = V::kRegisters / 8;
  static constexpr int kLate[4] = {0, 2, 4, 6};

  template <int N>
  LUT_INLINE static void quants(const Byte* body, std::size_t h, std::size_t g, int p,
                                I (&out)[4]) {
    pairs_of(take<N>(body + line_q2_k(h, g) * kLine + p * kPart), out);
  }
  LUT_INLINE static I scale(I scales, std::size_t which) { return byte_of(scales, which); }

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    const I nibble = V::bytes(0x0f);
    for (int p = 0; p < kParts; ++p) {
      I scales[4], minima[4], product[N];
      LUT_UNROLL
      for (int g = 0; g < 4; ++g) {
        const I both = take<N>(body + g * kLine + p * kPart);
        scales[g] = V::both(both, nibble);
        minima[g] = V::both(V::template down<4>(both), nibble);
      }
      walk_sixteen<Q2_K>(body, p, scales, columns, block, product);
      const F d = V::half(tail + p * kPart / 2), dmin = V::half(tail + 32 + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        accumulate(sums[p][n], product[n], d, columns, n, block);
        subtract(sums[p][n], covered<4>(minima, columns.side(n, block)), dmin, columns, n, block);
      }
    }
  }
};

struct Q3_K {
  static constexpr Type kType = Type::q3_k;
  static constexpr int kTile = V::kRegisters / 8;
  static constexpr int kLate[4] = {0, 2, 4, 4};

  template <int N>
  LUT_INLINE static void quants(const Byte* body, std::size_t h, std::size_t g, int p,
                                I (&out)[4]) {
    const Byte* const thirds = body + thirds_q3_k(g) * kLine + p * kPart;
    const I third = h == 0 ? take<N>(thirds) : V::load(thirds);
    const I w = take<N>(body + line_q3_k(h, g) * kLine + p * kPart);
    const I high = h == 0 ? third : V::template down<1>(third);
    const I last = h == 0 ? V::template up<6>(third) : V::template up<5>(third);
    out[0] = V::both(V::choose(V::bytes(0x03), w, high), V::bytes(0x07));
    out[1] = field<2>(V::choose(V::bytes(0x0c), w, high), V::bytes(0x1c));
    out[2] = field<4>(V::choose(V::bytes(0x30), w, high), V::bytes(0x70));
    out[3] = field<4>(V::choose(V::bytes(0x30), V::template down<2>(w), last), V::bytes(0x70));
  }
  LUT_INLINE static I scale(I scales, std::size_t which) {
    return V::minus(byte_of(scales, which), V::repeat_int(32));
  }

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    for (int p = 0; p < kParts; ++p) {
      I sixes[4], product[N];
      six_bits<N>(body, p, sixes);
      walk_sixteen<Q3_K>(body, p, sixes, columns, block, product);
      const F d = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const Side& side = columns.side(n, block);
        const I cover = V::minus(covered<4>(sixes, side), V::repeat_int(32 * side.total));
        product[n] = V::minus(product[n], V::template up32<2>(cover));
        accumulate(sums[p][n], product[n], d, columns, n, block);
      }
    }
  }
};
