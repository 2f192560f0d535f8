#include "flash/exact.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "dispatch.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#if !defined(__clang__)  // its own headers leave what is not looked at unset
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#define CAIRN_HAS_EXACT 1
#endif

namespace cairn::flash {
namespace {

constexpr std::int32_t kQ4 = 2, kQ8 = 8;  // as ggml numbers them
constexpr std::size_t kBlock = 32;        // weights
constexpr std::size_t kQ4Bytes = 18, kQ8Bytes = 34, kScale = 2;

}  // namespace

#if CAIRN_HAS_EXACT

#define CAIRN_LEVEL __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,fma,f16c")))

namespace {

constexpr std::size_t kRows = 4, kColumns = 4;  // at a time; rows are two to a register

// A block of two rows, as numbers from 0 on, and their scales.
struct alignas(64) Unpacked {
  std::uint8_t weights[64];
  float scales[16];
};

// Of a column's block: what counting weights from 0 on adds too much, and the scale.
struct alignas(64) Prepared {
  std::int32_t excess[8];
  float scale;
  std::int8_t pad[28];
};

template <std::int32_t Type>
constexpr int kOffset = Type == kQ4 ? 8 : 128;

CAIRN_LEVEL float half(const std::byte* from) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, from, sizeof bits);
  return _cvtsh_ss(bits);
}

template <std::int32_t Type>
CAIRN_LEVEL __m256i block_of(const std::byte* from) {
  if constexpr (Type == kQ8) {
    const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + kScale));
    return _mm256_xor_si256(bytes, _mm256_set1_epi8(static_cast<char>(0x80)));
  } else {
    const auto both = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + kScale));
    const auto high = _mm_srli_epi16(both, 4);
    return _mm256_and_si256(_mm256_set_m128i(high, both), _mm256_set1_epi8(15));
  }
}

template <std::int32_t Type>
CAIRN_LEVEL void unpack(const std::byte* one, const std::byte* other, std::size_t blocks,
                        Unpacked* to, std::size_t step) {
  constexpr std::size_t size = Type == kQ4 ? kQ4Bytes : kQ8Bytes;
  for (std::size_t i = 0; i < blocks; ++i, one += size, other += size, to += step) {
    const __m512i low = _mm512_castsi256_si512(block_of<Type>(one));
    _mm512_store_si512(to->weights, _mm512_inserti64x4(low, block_of<Type>(other), 1));
    const __m512 scale = _mm512_castps256_ps512(_mm256_set1_ps(half(one)));
    const __m256 upper = _mm256_set1_ps(half(other));
    _mm512_store_ps(to->scales, _mm512_castpd_ps(_mm512_insertf64x4(
                                    _mm512_castps_pd(scale), _mm256_castps_pd(upper), 1)));
  }
}

template <std::int32_t Type>
CAIRN_LEVEL void prepare(const std::byte* column, std::size_t blocks, Prepared* to) {
  const __m256i each = _mm256_set1_epi8(Type == kQ4 ? kOffset<kQ4> : 64);
  for (std::size_t i = 0; i < blocks; ++i, column += kQ8Bytes) {
    const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(column + kScale));
    __m256i sums = _mm256_dpbusd_epi32(_mm256_setzero_si256(), each, bytes);
    if constexpr (Type == kQ8) sums = _mm256_slli_epi32(sums, 1);
    _mm256_store_si256(reinterpret_cast<__m256i*>(to[i].excess),
                       _mm256_sub_epi32(_mm256_setzero_si256(), sums));
    to[i].scale = half(column);
  }
}

// In ggml's own order.
CAIRN_LEVEL float sum(__m256 lanes) {
  __m128 four = _mm_add_ps(_mm256_extractf128_ps(lanes, 1), _mm256_castps256_ps128(lanes));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  four = _mm_add_ss(four, _mm_movehdup_ps(four));
  return _mm_cvtss_f32(four);
}

// Two pairs of rows with some columns; lane by lane as ggml adds up the blocks of one row.
template <std::size_t Columns>
CAIRN_LEVEL void tile(const Unpacked* rows, std::size_t blocks, const std::byte* const* columns,
                      const Prepared* const* prepared, std::size_t begin, std::size_t count,
                      float* const* to) {
  __m512 sums[2][Columns];
  for (auto& pair : sums) {
    for (__m512& each : pair) each = _mm512_setzero_ps();
  }
  for (std::size_t i = 0; i < blocks; ++i) {
    const __m512i one = _mm512_load_si512(rows[2 * i].weights);
    const __m512i other = _mm512_load_si512(rows[2 * i + 1].weights);
    const __m512 one_scale = _mm512_load_ps(rows[2 * i].scales);
    const __m512 other_scale = _mm512_load_ps(rows[2 * i + 1].scales);
    for (std::size_t j = 0; j < Columns; ++j) {
      const __m512i column = _mm512_broadcast_i64x4(_mm256_loadu_si256(
          reinterpret_cast<const __m256i*>(columns[j] + i * kQ8Bytes + kScale)));
      const __m512i excess = _mm512_broadcast_i64x4(
          _mm256_load_si256(reinterpret_cast<const __m256i*>(prepared[j][i].excess)));
      const __m512 scale = _mm512_set1_ps(prepared[j][i].scale);
      sums[0][j] = _mm512_fmadd_ps(
          _mm512_mul_ps(one_scale, scale),
          _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(excess, one, column)), sums[0][j]);
      sums[1][j] = _mm512_fmadd_ps(
          _mm512_mul_ps(other_scale, scale),
          _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(excess, other, column)), sums[1][j]);
    }
  }
  for (std::size_t j = 0; j < Columns; ++j) {
    for (std::size_t k = 0; k < count; ++k) {
      const __m512d both = _mm512_castps_pd(sums[k / 2][j]);
      const __m256d part = k % 2 ? _mm512_extractf64x4_pd(both, 1) : _mm512_castpd512_pd256(both);
      to[j][begin + k] = sum(_mm256_castpd_ps(part));
    }
  }
}

template <std::int32_t Type>
void multiply_typed(const std::byte* rows, std::size_t row_bytes, std::size_t width,
                    std::size_t begin, std::size_t end, const std::byte* const* columns,
                    std::size_t count, float* const* to) {
  const std::size_t blocks = width / kBlock;
  thread_local std::vector<Unpacked> unpacked;
  thread_local std::vector<Prepared> prepared;
  thread_local std::vector<const Prepared*> places;
  unpacked.resize(2 * blocks);
  prepared.resize(blocks * count);
  places.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    places[i] = prepared.data() + i * blocks;
    prepare<Type>(columns[i], blocks, prepared.data() + i * blocks);
  }
  for (std::size_t row = begin; row < end; row += kRows) {
    const std::size_t some = std::min(kRows, end - row);
    const auto at = [&](std::size_t i) { return rows + (row + std::min(i, some - 1)) * row_bytes; };
    unpack<Type>(at(0), at(1), blocks, unpacked.data(), 2);
    unpack<Type>(at(2), at(3), blocks, unpacked.data() + 1, 2);
    std::size_t i = 0;
    for (; i + kColumns <= count; i += kColumns) {
      tile<kColumns>(unpacked.data(), blocks, columns + i, &places[i], row, some, to + i);
    }
    for (; i < count; ++i) {
      tile<1>(unpacked.data(), blocks, columns + i, &places[i], row, some, to + i);
    }
  }
}

bool is_same(const ggml::Library& library, std::int32_t type) {
  constexpr std::size_t width = 37 * kBlock, rows = 7, columns = 6;
  const std::size_t size = library.row_size(type, width), side = library.row_size(kQ8, width);
  std::vector<float> numbers(width * std::max(rows, columns));
  std::uint32_t state = 77777;
  for (float& number : numbers) {
    state = state * 1664525U + 1013904223U;
    number = static_cast<float>(state >> 8) / static_cast<float>(1U << 23) - 1.0F;
  }
  std::vector<std::byte> weights(rows * size), others(columns * side);
  library.quantize(type, numbers.data(), weights.data(), 0, rows, width, nullptr);
  std::vector<const std::byte*> places;
  std::vector<std::array<float, rows>> found(columns);
  std::vector<float*> to;
  for (std::size_t i = 0; i < columns; ++i) {
    places.push_back(others.data() + i * side);
    to.push_back(found[i].data());
    library.cpu_traits(kQ8)->from_float(numbers.data() + i * width, others.data() + i * side,
                                        width);
  }
  multiply_exactly(type, weights.data(), size, width, 0, rows, places.data(), columns, to.data());
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j < rows; ++j) {
      float expected = 0;
      library.cpu_traits(type)->dot(static_cast<int>(width), &expected, 0,
                                    weights.data() + j * size, 0, places[i], 0, 1);
      if (std::memcmp(&expected, &found[i][j], sizeof expected) != 0) return false;
    }
  }
  return true;
}

}  // namespace

void multiply_exactly(std::int32_t type, const std::byte* rows, std::size_t row_bytes,
                      std::size_t width, std::size_t begin, std::size_t end,
                      const std::byte* const* columns, std::size_t count, float* const* to) {
  if (type == kQ4) multiply_typed<kQ4>(rows, row_bytes, width, begin, end, columns, count, to);
  else multiply_typed<kQ8>(rows, row_bytes, width, begin, end, columns, count, to);
}

bool is_exact(const ggml::Library& library, std::int32_t type) {
  if (type != kQ4 && type != kQ8) return false;
  static std::array<std::atomic<int>, 2> known{};  // not yet, no, yes
  std::atomic<int>& here = known[type == kQ8];
  if (here == 0) {
    here = is_supported(Level::avx512vnni) && library.cpu_traits(type)->dot_type == kQ8 &&
                   is_same(library, type)
               ? 2
               : 1;
  }
  return here == 2;
}

#else

void multiply_exactly(std::int32_t, const std::byte*, std::size_t, std::size_t, std::size_t,
                      std::size_t, const std::byte* const*, std::size_t, float* const*) {}
bool is_exact(const ggml::Library&, std::int32_t) { return false; }

#endif

}  // namespace cairn::flash
