// Checks every level of the scan that this CPU can run against a naive oracle, without Python:
// for sanitizers and for emulators of other architectures. Built by native/CMakeLists.txt with
// -DCAIRN_NATIVE_CHECK=ON; prints one line a level and exits with 1 at the first difference.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "scan/scan.h"

namespace {

using cairn::Level;
using cairn::scan::Hit;
using Random = std::mt19937_64;

// Vectors sized to the byte, so that AddressSanitizer sees a read past any end.
struct Case {
  std::size_t rows, dim, k;
  std::vector<std::int8_t> codes, query;
  std::vector<float> scales;
  std::vector<std::uint8_t> mask;
  bool masked;
};

std::size_t up_to(Random& random, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>(0, most)(random);
}

std::int8_t any_code(Random& random, bool extreme) {
  if (extreme) return up_to(random, 1) == 0 ? -128 : 127;
  return static_cast<std::int8_t>(static_cast<int>(up_to(random, 255)) - 128);
}

float any_scale(Random& random) {
  switch (up_to(random, 9)) {
    case 0: return 0.0F;
    case 1: return std::numeric_limits<float>::denorm_min();
    case 2: return std::numeric_limits<float>::quiet_NaN();
    case 3: return std::numeric_limits<float>::infinity();
    case 4: return -0.25F;
    default: return static_cast<float>(1 + up_to(random, 3)) / 127.0F;
  }
}

Case make_case(Random& random, std::size_t rows, std::size_t dim) {
  Case made{rows, dim, up_to(random, rows + 3), {}, {}, {}, {}, up_to(random, 2) == 0};
  const bool extreme = up_to(random, 4) == 0;
  for (std::size_t i = 0; i < rows * dim; ++i) made.codes.push_back(any_code(random, extreme));
  for (std::size_t j = 0; j < dim; ++j) made.query.push_back(any_code(random, extreme));
  for (std::size_t i = 0; i < rows; ++i) made.scales.push_back(any_scale(random));
  for (std::size_t i = 0; i < rows; ++i) made.mask.push_back(up_to(random, 2) == 0 ? 0 : 255);
  for (std::size_t i = 1; i < rows; i += 3) {  // ties
    std::copy_n(made.codes.begin() + (i - 1) * dim, dim, made.codes.begin() + i * dim);
    made.scales[i] = made.scales[i - 1];
  }
  made.codes.shrink_to_fit();
  made.query.shrink_to_fit();
  made.scales.shrink_to_fit();
  made.mask.shrink_to_fit();
  return made;
}

constexpr float kQueryScale = 0.007F;

std::vector<Hit> expected(const Case& made) {
  std::vector<Hit> hits;
  for (std::size_t i = 0; i < made.rows; ++i) {
    if (made.masked && made.mask[i] == 0) continue;
    std::int64_t dot = 0;
    for (std::size_t j = 0; j < made.dim; ++j) dot += made.codes[i * made.dim + j] * made.query[j];
    const float scale = made.scales[i] * kQueryScale;
    const float score = static_cast<float>(dot) * scale;
    if (!std::isnan(score)) hits.push_back({score, static_cast<std::int64_t>(i)});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  hits.resize(std::min(hits.size(), made.k));
  return hits;
}

bool same(const Hit& a, const Hit& b) {
  return a.row == b.row &&
         std::bit_cast<std::uint32_t>(a.score) == std::bit_cast<std::uint32_t>(b.score);
}

bool agrees(Level level, const Case& made) {
  const auto hits =
      cairn::scan::top_k(level,
                         {made.codes.data(), made.scales.data(),
                          made.masked ? made.mask.data() : nullptr, made.rows, made.dim},
                         {made.query.data(), kQueryScale}, made.k);
  const auto want = expected(made);
  return std::equal(hits.begin(), hits.end(), want.begin(), want.end(), same);
}

// Several queries in one pass find what each finds alone.
bool agrees_together(Level level, const Case& made) {
  const cairn::scan::Matrix matrix{made.codes.data(), made.scales.data(),
                                   made.masked ? made.mask.data() : nullptr, made.rows, made.dim};
  std::vector<cairn::scan::Query> queries{{made.query.data(), kQueryScale}};
  for (std::size_t i = 0; i < std::min<std::size_t>(made.rows, 4); ++i) {
    queries.push_back({made.codes.data() + i * made.dim, made.scales[i]});
  }
  const auto found = cairn::scan::top_k(level, matrix, queries, made.k);
  if (found.size() != queries.size()) return false;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto alone = cairn::scan::top_k(level, matrix, queries[i], made.k);
    if (!std::equal(found[i].begin(), found[i].end(), alone.begin(), alone.end(), same)) {
      return false;
    }
  }
  return true;
}

bool refuses(Level level, std::size_t dim) {
  try {
    cairn::scan::top_k(level, {nullptr, nullptr, nullptr, 0, dim}, {nullptr, 1.0F}, 1);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

}  // namespace

int check_rows();

int main() {
  for (const Level level : cairn::supported_levels()) {
    Random random(7);
    std::size_t cases = 0;
    for (std::size_t dim = 1; dim <= 300; ++dim, ++cases) {
      const Case made = make_case(random, dim % 29 == 0 ? 600 : up_to(random, 40), dim);
      if (agrees(level, made) && agrees_together(level, made)) continue;
      std::printf("%s: wrong at %zu rows x %zu\n", level_name(level).data(), made.rows, dim);
      return 1;
    }
    Case widest = make_case(random, 5, cairn::scan::kMaxDim);
    std::fill(widest.codes.begin(), widest.codes.end(), std::int8_t{-128});
    for (const int code : {-128, 127}) {
      std::fill(widest.query.begin(), widest.query.end(), static_cast<std::int8_t>(code));
      if (!agrees(level, widest)) return std::printf("wrong at the widest row\n"), 1;
    }
    if (!refuses(level, 0) || !refuses(level, cairn::scan::kMaxDim + 1)) {
      return std::printf("a dim out of range was not refused\n"), 1;
    }
    std::printf("%s: %zu cases equal\n", level_name(level).data(), cases);
  }
  return check_rows();
}
