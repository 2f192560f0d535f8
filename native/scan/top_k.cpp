// Walks the kept rows in blocks through a dot kernel and keeps the k best in a bounded heap.
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "scan/kernels.h"
#include "scan/scan.h"

namespace cairn::scan {
namespace {

constexpr std::size_t kBlock = 256;  // pointers and sums of a block stay in L1
static_assert(kBlock % kGroup == 0);

bool is_better(const Hit& a, const Hit& b) {
  return a.score > b.score || (a.score == b.score && a.row < b.row);
}

// A heap whose root is the worst hit, so one comparison rejects most rows.
class Best {
 public:
  explicit Best(std::size_t capacity) : capacity_(capacity) { hits_.reserve(capacity); }

  // Rows come in ascending order, so an equal score never displaces the root.
  void offer(float score, std::size_t row) {
    const Hit hit{score, static_cast<std::int64_t>(row)};
    if (hits_.size() < capacity_) {
      if (std::isnan(score)) return;
      hits_.push_back(hit);
      std::push_heap(hits_.begin(), hits_.end(), is_better);
    } else if (score > hits_.front().score) {  // false for NaN
      std::pop_heap(hits_.begin(), hits_.end(), is_better);
      hits_.back() = hit;
      std::push_heap(hits_.begin(), hits_.end(), is_better);
    }
  }

  std::vector<Hit> sorted() && {
    std::sort_heap(hits_.begin(), hits_.end(), is_better);
    return std::move(hits_);
  }

 private:
  std::size_t capacity_;
  std::vector<Hit> hits_;
};

// The next kept rows from `next` on; returns how many, and moves `next` past them.
std::size_t gather(const Matrix& matrix, std::size_t& next, std::array<std::size_t, kBlock>& kept) {
  std::size_t count = 0;
  for (; next < matrix.rows && count < kBlock; ++next) {
    if (matrix.mask == nullptr || matrix.mask[next] != 0) kept[count++] = next;
  }
  return count;
}

}  // namespace

DotKernel dots_for(Level level) {
  if (is_supported(level)) {
    switch (level) {
      case Level::scalar: return dots_scalar;
#if defined(__x86_64__)
      case Level::avx2: return dots_avx2;
      case Level::avx512vnni: return dots_avx512vnni;
#elif defined(__aarch64__)
      case Level::neon: return dots_neon;
      case Level::neon_dotprod: return dots_neon_dotprod;
#endif
      default: break;
    }
  }
  throw std::invalid_argument("this machine cannot run the level " +
                              std::string(level_name(level)));
}

std::int32_t sum_of(const std::int8_t* codes, std::size_t dim) {
  std::int32_t sum = 0;
  for (std::size_t j = 0; j < dim; ++j) sum += codes[j];
  return sum;
}

std::vector<Hit> top_k(Level level, const Matrix& matrix, const Query& query, std::size_t k) {
  return std::move(top_k(level, matrix, std::vector<Query>{query}, k).front());
}

std::vector<std::vector<Hit>> top_k(Level level, const Matrix& matrix,
                                    const std::vector<Query>& queries, std::size_t k) {
  if (matrix.dim == 0 || matrix.dim > kMaxDim) {
    throw std::invalid_argument("dim must be between 1 and 65536");
  }
  const DotKernel dots_of = dots_for(level);
  const std::size_t capacity = std::min(k, matrix.rows);
  if (capacity == 0) return std::vector<std::vector<Hit>>(queries.size());

  std::vector<DotQuery> dot_queries;
  for (const Query& query : queries) {
    dot_queries.push_back({query.codes, matrix.dim, sum_of(query.codes, matrix.dim)});
  }
  std::vector<Best> best(queries.size(), Best(capacity));
  std::array<std::size_t, kBlock> kept;
  std::array<const std::int8_t*, kBlock + kAhead> rows;
  std::array<std::int32_t, kBlock> dots;
  std::size_t next = 0;
  while (const std::size_t count = gather(matrix, next, kept)) {
    for (std::size_t i = 0; i < count; ++i) rows[i] = matrix.codes + kept[i] * matrix.dim;
    const std::size_t padded = (count + kGroup - 1) / kGroup * kGroup;
    std::fill(rows.begin() + count, rows.begin() + padded + kAhead, rows[count - 1]);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      dots_of(dot_queries[q], rows.data(), padded, dots.data());
      for (std::size_t i = 0; i < count; ++i) {
        const float scale = matrix.scales[kept[i]] * queries[q].scale;
        best[q].offer(static_cast<float>(dots[i]) * scale, kept[i]);
      }
    }
  }
  std::vector<std::vector<Hit>> found;
  for (Best& each : best) found.push_back(std::move(each).sorted());
  return found;
}

}  // namespace cairn::scan
