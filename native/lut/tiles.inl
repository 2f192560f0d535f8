// The algorithm of every vector level: blocks of 16 rows times N columns of activations. A level's
// source defines LUT_TARGET and struct V (its instructions), then includes this in a namespace of
// its own. V::kLanes int32 or float lanes are as many rows; kParts vectors make 16.
// V::kLate: quants are left where masks find them, times a power of two, and sums shifted after;
// otherwise (where products must stay small) quants are shifted first.

#define LUT_INLINE LUT_TARGET inline __attribute__((always_inline))
// Arrays of vectors stay in registers only where every index is a constant.
#if defined(__clang__)
#define LUT_UNROLL _Pragma("unroll")
#else
#define LUT_UNROLL _Pragma("GCC unroll 16")
#endif

using Byte = std::uint8_t;
using I = V::I;
using F = V::F;

constexpr std::size_t kPart = 4 * V::kLanes;  // bytes of a line that one vector takes
constexpr int kParts = static_cast<int>(kLine / kPart);
constexpr std::size_t kAhead = 6144;          // bytes from a load to what is fetched for later

// (x & mask) >> shift in each byte, the shift done late where V allows.
template <int kShift>
LUT_INLINE I field(I x, I mask) {
  if constexpr (V::kLate || kShift == 0) return V::both(x, mask);
  else return V::template down<kShift>(V::both(x, mask));
}

template <int kShift>
LUT_INLINE I settled(I sum) {
  if constexpr (V::kLate && kShift != 0) return V::template down32<kShift>(sum);
  else return sum;
}

template <int N>
struct Columns {
  const Byte* at[N];  // each column's codes
  std::size_t cols;

  LUT_INLINE I four(int n, std::size_t i) const { return V::repeat(at[n] + i); }
  LUT_INLINE const Byte* small(int n, std::size_t i) const { return at[n] + cols + i; }
  LUT_INLINE const Side& side(int n, std::size_t block) const {
    return reinterpret_cast<const Side*>(at[n] + cols)[block];
  }
};

template <int N>
LUT_INLINE I take(const Byte* bytes) {
  // Further columns find the weights in the cache.
  if constexpr (N == 1) __builtin_prefetch(bytes + kAhead);
  return V::load(bytes);
}

template <int N>
using Sums = F[kParts][N];

struct Q4_0 {
  static constexpr Type kType = Type::q4_0;
  static constexpr int kTile = V::kRegisters / 4;

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    const I low = V::bytes(0x0f), high = V::bytes(static_cast<char>(0xf0));
    const std::size_t blocks = columns.cols / 32;
    for (int p = 0; p < kParts; ++p) {
      I first[N], second[N];
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        first[n] = V::repeat(columns.small(n, (blocks + block) * 4));
        second[n] = V::zero();
      }
      for (std::size_t j = 0; j < 4; ++j) {
        const I w = take<N>(body + j * kLine + p * kPart);
        const I a = V::both(w, low), b = field<4>(w, high);
        LUT_UNROLL
        for (int n = 0; n < N; ++n) {
          first[n] = V::dot(first[n], a, columns.four(n, block * 32 + j * 4));
          second[n] = V::dot(second[n], b, columns.four(n, block * 32 + 16 + j * 4));
        }
      }
      const F scale = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const F both = V::times(scale, V::repeat_float(columns.small(n, block * 4)));
        sums[p][n] = V::fma(V::to_float(V::add(first[n], settled<4>(second[n]))), both, sums[p][n]);
      }
    }
  }
};

struct Q8_0 {
  static constexpr Type kType = Type::q8_0;
  static constexpr int kTile = V::kRegisters / 4;

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    const std::size_t blocks = columns.cols / 32;
    for (int p = 0; p < kParts; ++p) {
      I dot[N];
      LUT_UNROLL
      for (int n = 0; n < N; ++n) dot[n] = V::unbias8(columns.small(n, (blocks + block) * 4));
      LUT_UNROLL
      for (std::size_t j = 0; j < 8; ++j) {
        const I w = V::wide(take<N>(body + j * kLine + p * kPart));
        LUT_UNROLL
        for (int n = 0; n < N; ++n) {
          dot[n] = V::dot_wide(dot[n], w, columns.four(n, block * 32 + j * 4));
        }
      }
      const F scale = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const F both = V::times(scale, V::repeat_float(columns.small(n, block * 4)));
        sums[p][n] = V::fma(V::to_float(dot[n]), both, sums[p][n]);
      }
    }
  }
};

template <int N>
LUT_INLINE void accumulate(F& sum, I product, F scale, const Columns<N>& columns, int n,
                           std::size_t block) {
  const F both = V::times(scale, V::repeat_float(&columns.side(n, block).d));
  sum = V::fma(V::to_float(product), both, sum);
}

// Four pairs of bits of a line.
LUT_INLINE void pairs_of(I w, I (&out)[4]) {
  out[0] = V::both(w, V::bytes(0x03));
  out[1] = field<2>(w, V::bytes(0x0c));
  out[2] = field<4>(w, V::bytes(0x30));
  out[3] = field<6>(w, V::bytes(static_cast<char>(0xc0)));
}

struct TQ2_0 {
  static constexpr Type kType = Type::tq2_0;
  static constexpr int kTile = V::kRegisters / 8;

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    for (int p = 0; p < kParts; ++p) {
      I dot[4][N];
      LUT_UNROLL
      for (int t = 0; t < 4; ++t) {
        LUT_UNROLL
        for (int n = 0; n < N; ++n) dot[t][n] = V::zero();
      }
      LUT_UNROLL
      for (std::size_t g = 0; g < 16; ++g) {
        I quants[4];
        pairs_of(take<N>(body + g * kLine + p * kPart), quants);
        LUT_UNROLL
        for (int t = 0; t < 4; ++t) {
          LUT_UNROLL
          for (int n = 0; n < N; ++n) {
            const I four = columns.four(n, block * 256 + g / 8 * 128 + t * 32 + g % 8 * 4);
            dot[t][n] = V::dot(dot[t][n], quants[t], four);
          }
        }
      }
      const F d = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const I low = V::add(dot[0][n], settled<2>(dot[1][n]));
        const I high = V::add(settled<4>(dot[2][n]), settled<6>(dot[3][n]));
        const I total = V::repeat_int(columns.side(n, block).total);
        accumulate(sums[p][n], V::minus(V::add(low, high), total), d, columns, n, block);
      }
    }
  }
};

// Ternary in base 3: a byte q is a fraction of 256 whose next digit is t = 3q / 256, rounded down,
// and leaves q' = 3q - 256t, so t = (3q - q') / 256: where products of whole bytes are allowed, two
// of them replace taking the digits out.
struct TQ1_0 {
  static constexpr Type kType = Type::tq1_0;
  static constexpr int kTile = V::kRegisters / 4;

  // One column alone would wait for each sum before it can add the next.
  template <int N>
  static constexpr std::size_t kChains = N == 1 ? 4 : 1;

  template <int N, int kDigits>
  LUT_INLINE static void add_line(I q, const Columns<N>& columns, std::size_t first,
                                  std::size_t step, I (&dots)[kChains<N>][N],
                                  I (&rests)[kChains<N>][N]) {
    LUT_UNROLL
    for (std::size_t t = 0; t < kDigits; ++t) {
      const I next = V::add8(V::add8(q, q), q);
      const I digit = V::kLate ? q : V::digit(q);
      I(&dot)[N] = dots[t % kChains<N>];
      I(&rest)[N] = rests[t % kChains<N>];
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        const I four = columns.four(n, first + t * step);
        dot[n] = V::dot(dot[n], digit, four);
        if constexpr (V::kLate) rest[n] = V::dot(rest[n], next, four);
      }
      q = next;
    }
  }

  template <int N>
  LUT_INLINE static void add(const Byte* body, const Byte* tail, const Columns<N>& columns,
                             std::size_t block, Sums<N>& sums) {
    for (int p = 0; p < kParts; ++p) {
      I dot[kChains<N>][N], rest[kChains<N>][N];
      LUT_UNROLL
      for (std::size_t c = 0; c < kChains<N>; ++c) {
        LUT_UNROLL
        for (int n = 0; n < N; ++n) dot[c][n] = rest[c][n] = V::zero();
      }
      const Byte* const at = body + p * kPart;
      for (std::size_t g = 0; g < 8; ++g) {
        add_line<N, 5>(take<N>(at + g * kLine), columns, block * 256 + g * 4, 32, dot, rest);
      }
      for (std::size_t g = 0; g < 4; ++g) {
        add_line<N, 5>(take<N>(at + (8 + g) * kLine), columns, block * 256 + 160 + g * 4, 16, dot,
                       rest);
      }
      add_line<N, 4>(take<N>(at + 12 * kLine), columns, block * 256 + 240, 4, dot, rest);
      const F d = V::half(tail + p * kPart / 2);
      LUT_UNROLL
      for (int n = 0; n < N; ++n) {
        I sum = dot[0][n], left = rest[0][n];
        LUT_UNROLL
        for (std::size_t c = 1; c < kChains<N>; ++c) {
          sum = V::add(sum, dot[c][n]);
          left = V::add(left, rest[c][n]);
        }
        if constexpr (V::kLate) {
          sum = V::template down32<8>(V::minus(V::add(V::add(sum, sum), sum), left));
        }
        const I total = V::repeat_int(columns.side(n, block).total);
        accumulate(sums[p][n], V::minus(sum, total), d, columns, n, block);
      }
    }
  }
};

#include "lut/tiles_k.inl"
#include "lut/walk.inl"
