// The search through the sieve: bounds of all rows, then the exact scores of those that could be
// among the best. A row is ranked by the lower of its bound and its score, so what is found is the
// k best by a value of each row alone: neither the order of rows nor of the work can show.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <utility>

#include "pool.h"
#include "scan/kernels.h"
#include "scan/rows.h"
#include "scan/sieve.h"

namespace cairn::scan {
namespace {

constexpr std::size_t kSiftFrom = 8192;      // rows; below, the plain scan is as fast
constexpr std::size_t kRowsAHit = 64;        // as many rows a hit, or too many would pass
constexpr std::size_t kKeptShare = 8;        // of so many rows one is kept, or they are looked up
constexpr std::size_t kThreadsFrom = 100'000;
constexpr std::size_t kPartBlocks = 256;     // what a thread takes at a time
constexpr std::size_t kPromising = 16;       // blocks more than hits, to begin with
constexpr std::size_t kRestParts = 4;        // of each thread: its rows are better fetched together
constexpr std::size_t kBatch = 256;          // rows that are scored together
constexpr std::size_t kFetched = 16;         // blocks whose estimates are fetched together
// More than float sums may be off by, as a share of the query's length.
constexpr double kMargin = 1e-5;

struct Candidate {
  double value;  // that it is ranked by
  Hit hit;
};

bool ranks_before(const Candidate& a, const Candidate& b) {
  return a.value > b.value || (a.value == b.value && a.hit.row < b.hit.row);
}

void fetch_bytes(const void* from, std::size_t size) {
  for (std::size_t at = 0; at < size; at += 64) {
    __builtin_prefetch(static_cast<const char*>(from) + at, 0, 2);
  }
}

class Ranking {
 public:
  explicit Ranking(std::size_t capacity) : capacity_(capacity) { heap_.reserve(capacity); }

  bool is_full() const { return heap_.size() == capacity_; }
  // What a row must reach to be among the best so far.
  double least() const {
    return is_full() ? heap_.front().value : -std::numeric_limits<double>::infinity();
  }
  void offer(const Candidate& candidate) {
    if (is_full()) {
      if (!ranks_before(candidate, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), ranks_before);
      heap_.back() = candidate;
    } else {
      heap_.push_back(candidate);
    }
    std::push_heap(heap_.begin(), heap_.end(), ranks_before);
  }
  const std::vector<Candidate>& all() const { return heap_; }

 private:
  std::size_t capacity_;
  std::vector<Candidate> heap_;  // the last at its root
};

// One thread's share of the second look.
class Scorer {
 public:
  Scorer(const View& view, const Query& query, const Sieve& sieve, DotKernel dots_of,
         PassKernel pass, const Sums* sums, Ranking& ranking)
      : view_(view),
        sieve_(sieve),
        dots_of_(dots_of),
        pass_(pass),
        sums_(sums),
        scale_(query.scale),
        query_{query.codes, view.matrix.dim, sum_of(query.codes, view.matrix.dim)},
        ranking_(ranking) {
    refresh();
  }

  float least() const { return least_; }

  // The rows of a block whose bound, as it was taken at first, is `height` or more.
  void look_above(std::size_t block, float reach, float height) {
    take(block, pass_(sieve_, sketches_of(block), sums_[block], reach, height));
  }
  // The others that could be among the best.
  void look_below(std::size_t block, float reach, float height, float top) {
    const std::uint8_t* const sketches = sketches_of(block);
    std::uint64_t passing = pass_(sieve_, sketches, sums_[block], reach_, least_);
    if (top >= height) passing &= ~pass_(sieve_, sketches, sums_[block], reach, height);
    take(block, passing);
  }

  // Sends for what look_above and look_below read.
  void fetch(std::size_t block) const {
    fetch_bytes(slopes_of(sketches_of(block), view_.matrix.dim), kSlopesBytes);
    fetch_bytes(&sums_[block], sizeof(Sums));
  }

  // Scores what was taken so far.
  void finish() {
    if (count_ == 0) return;
    const Matrix& matrix = view_.matrix;
    const std::size_t padded = (count_ + kGroup - 1) / kGroup * kGroup;
    for (std::size_t i = 0; i < padded + kAhead; ++i) {
      at_[i] = matrix.codes + rows_[std::min(i, count_ - 1)] * matrix.dim;
    }
    dots_of_(query_, at_.data(), padded, dots_.data());
    for (std::size_t i = 0; i < count_; ++i) {
      const float score = static_cast<float>(dots_[i]) * (matrix.scales[rows_[i]] * scale_);
      if (std::isnan(score) || score < ranking_.least()) continue;
      const double value = std::min(static_cast<double>(score), bound(rows_[i]));
      ranking_.offer({value, {score, static_cast<std::int64_t>(rows_[i])}});
    }
    count_ = 0;
    refresh();
  }

 private:
  const std::uint8_t* sketches_of(std::size_t block) const {
    return view_.sketches + block * block_bytes(view_.matrix.dim);
  }

  void take(std::size_t block, std::uint64_t passing) {
    const Matrix& matrix = view_.matrix;
    for (; passing != 0; passing &= passing - 1) {
      const std::size_t row =
          block * kBlockRows + static_cast<std::size_t>(std::countr_zero(passing));
      if (row >= matrix.rows) break;
      if (matrix.mask != nullptr && matrix.mask[row] == 0) continue;
      fetch_bytes(matrix.codes + row * matrix.dim, matrix.dim);
      fetch_bytes(matrix.scales + row, sizeof(float));
      rows_[count_++] = row;
      if (count_ == kBatch) finish();
    }
  }

  double bound(std::size_t row) const {
    const std::uint16_t* const slope =
        slopes_of(sketches_of(row / kBlockRows), view_.matrix.dim) + row % kBlockRows;
    const std::uint16_t sum = sums_[row / kBlockRows].of[row % kBlockRows];
    return sieve_.bound(from_half(slope[0]), from_half(slope[kBlockRows]), sum);
  }

  void refresh() {
    const double least = ranking_.least() - kMargin * sieve_.length;
    least_ = static_cast<float>(least);
    reach_ = sieve_.reach(least);
  }

  const View& view_;
  const Sieve& sieve_;
  const DotKernel dots_of_;
  const PassKernel pass_;
  const Sums* const sums_;
  const float scale_;
  const DotQuery query_;
  Ranking& ranking_;
  float least_ = 0, reach_ = 0;
  std::size_t count_ = 0;
  std::array<std::size_t, kBatch> rows_;
  std::array<const std::int8_t*, kBatch + kAhead> at_;
  std::array<std::int32_t, kBatch> dots_;
};

// Calls look(block) for the blocks whose top is at least `least` when they are come to.
template <typename Look>
void each_above(const Scorer& scorer, const std::vector<float>& tops, std::size_t from,
                std::size_t to, float least, Look&& look) {
  std::array<std::size_t, kFetched> blocks;
  std::size_t count = 0;
  const auto look_at_all = [&] {
    for (std::size_t i = 0; i < count; ++i) look(blocks[i]);
    count = 0;
  };
  for (std::size_t block = from; block < to; ++block) {
    if (!(tops[block] >= least)) continue;
    scorer.fetch(block);
    blocks[count++] = block;
    if (count == kFetched) look_at_all();
  }
  look_at_all();
}

// Eight at a time, so that none waits for the one before.
float highest_of(const float* values, std::size_t size) {
  std::array<float, 8> highest;
  highest.fill(values[0]);
  for (std::size_t i = 0; i < size; i += highest.size()) {
    const float* const eight = values + std::min(i, size - std::min(size, highest.size()));
    const std::size_t count = std::min(size, highest.size());
    for (std::size_t j = 0; j < count; ++j) highest[j] = std::max(highest[j], eight[j]);
  }
  return *std::max_element(highest.begin(), highest.end());
}

// A height that few blocks reach, but `count` of them, or all if they are fewer.
float height_of(const std::vector<float>& tops, std::size_t count) {
  const std::size_t group = std::max<std::size_t>(1, tops.size() / (4 * count));
  std::vector<float> highest;  // of each group
  for (std::size_t start = 0; start < tops.size(); start += group) {
    highest.push_back(highest_of(tops.data() + start, std::min(group, tops.size() - start)));
  }
  const std::size_t last = std::min(count, highest.size()) - 1;
  const auto at = highest.begin() + static_cast<std::ptrdiff_t>(last);
  std::nth_element(highest.begin(), at, highest.end(), std::greater<float>());
  return *at;
}

// Several threads may have found the same.
std::vector<Hit> best_of(std::vector<Candidate> found, std::size_t most) {
  std::sort(found.begin(), found.end(), ranks_before);
  const auto is_same = [](const Candidate& a, const Candidate& b) {
    return a.hit.row == b.hit.row;
  };
  found.erase(std::unique(found.begin(), found.end(), is_same), found.end());
  found.resize(std::min(found.size(), most));
  std::vector<Hit> hits;
  for (const Candidate& candidate : found) hits.push_back(candidate.hit);
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.score > b.score || (a.score == b.score && a.row < b.row);
  });
  return hits;
}

}  // namespace

bool is_worth_sifting(const Matrix& matrix, std::size_t k) {
  if (matrix.rows < kSiftFrom || k > matrix.rows / kRowsAHit) return false;
  if (matrix.mask == nullptr) return true;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < matrix.rows; ++row) kept += matrix.mask[row] != 0 ? 1 : 0;
  return kept >= matrix.rows / kKeptShare;
}

std::vector<Hit> sift(Level level, const Rotation& rotation, const View& view, const Query& query,
                      const Wanted& wanted, double width) {
  const DotKernel dots_of = dots_for(level);
  const SieveKernels kernels = sieve_for(level);
  const std::size_t rows = view.matrix.rows, blocks = blocks_for(rows);
  const std::size_t capacity = std::min(wanted.k, rows);
  if (capacity == 0) return {};

  const Sieve sieve(rotation, query, width);
  thread_local std::vector<Sums> kept_sums;  // too large to be asked for every time
  kept_sums.resize(blocks);
  Sums* const sums = kept_sums.data();
  std::vector<float> tops(blocks);
  const std::size_t parts = (blocks + kPartBlocks - 1) / kPartBlocks;
  const bool is_small = rows < kThreadsFrom && wanted.way != Way::sieve;
  const std::size_t threads = is_small ? 1 : wanted.threads;
  const float reach = sieve.reach(0);
  in_parts(parts, threads, [&](std::size_t part) {
    const std::size_t end = std::min(blocks, (part + 1) * kPartBlocks);
    for (std::size_t block = part * kPartBlocks; block < end; ++block) {
      tops[block] = kernels.sum(sieve, view.sketches + block * block_bytes(view.matrix.dim), reach,
                                sums[block]);
    }
  });

  // The rows that promise most come first: then little else passes.
  Ranking first(capacity);
  const float height = height_of(tops, capacity + kPromising);
  Scorer scorer(view, query, sieve, dots_of, kernels.pass, sums, first);
  each_above(scorer, tops, 0, blocks, height,
             [&](std::size_t block) { scorer.look_above(block, reach, height); });
  scorer.finish();

  std::vector<Candidate> found;
  std::mutex mutex;
  const auto look_at_rest = [&](std::size_t from, std::size_t to) {
    Ranking mine = first;
    Scorer second(view, query, sieve, dots_of, kernels.pass, sums, mine);
    each_above(second, tops, from, to, second.least(), [&](std::size_t block) {
      if (tops[block] >= second.least()) second.look_below(block, reach, height, tops[block]);
    });
    second.finish();
    const std::lock_guard lock(mutex);
    found.insert(found.end(), mine.all().begin(), mine.all().end());
  };
  if (threads == 1) {
    look_at_rest(0, blocks);
  } else {
    const std::size_t rest = std::min(parts, threads * kRestParts);
    in_parts(rest, threads, [&](std::size_t part) {
      look_at_rest(blocks * part / rest, blocks * (part + 1) / rest);
    });
  }
  return best_of(std::move(found), capacity);
}

}  // namespace cairn::scan
