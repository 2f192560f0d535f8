// Is the sieve good for the vectors that are here? Some rows are looked for, as if they were asked
// for: once in all codes, once through the sieve, which is made wider until it finds enough.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "scan/rows.h"

namespace cairn::scan {
namespace {

constexpr std::size_t kNeighbours = 10;
constexpr std::size_t kTogether = 16;  // rows looked for in one pass, while nobody may write

// A row is its own best neighbour, and never missed: it doesn't count.
std::vector<Hit> without(std::size_t row, std::vector<Hit> hits) {
  std::erase_if(hits, [&](const Hit& hit) { return hit.row == static_cast<std::int64_t>(row); });
  hits.resize(std::min(hits.size(), kNeighbours));
  return hits;
}

}  // namespace

void Rows::try_some(Level level, std::size_t from, std::size_t to, std::size_t samples,
                    Trial& trial) const {
  const std::shared_lock lock(mutex_);
  const View all = view(nullptr);
  std::vector<std::size_t> rows;
  std::vector<Query> queries;
  for (std::size_t sample = from; size_ != 0 && sample < to; ++sample) {
    rows.push_back(size_ * sample / samples);
    queries.push_back({all.matrix.codes + rows.back() * dim_, all.matrix.scales[rows.back()]});
  }
  const Wanted wanted{kNeighbours + 1, nullptr, Way::sieve, 1};
  const auto best = top_k(level, all.matrix, queries, wanted.k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<Hit> exact = without(rows[i], best[i]);
    if (exact.empty()) continue;
    const std::vector<Hit> found =
        without(rows[i], sift(level, *rotation_, all, queries[i], wanted, trial.width));
    ++trial.tried;
    trial.wanted += static_cast<std::uint32_t>(exact.size());
    trial.found += static_cast<std::uint32_t>(std::count_if(
        found.begin(), found.end(),
        [&](const Hit& hit) { return hit.score >= exact.back().score; }));  // any of those equal
  }
  trial.rows = static_cast<std::uint32_t>(std::min<std::size_t>(size_, UINT32_MAX));
}

Trial Rows::try_out(Level level, std::size_t samples, const std::vector<float>& widths) {
  if (!rotation_) return trial();
  Trial trial;
  for (const float width : widths) {
    trial = {width};
    for (std::size_t from = 0; from < samples; from += kTogether) {
      try_some(level, from, std::min(samples, from + kTogether), samples, trial);
    }
    if (trial.is_enough()) break;
  }
  if (!trial.is_enough()) trial.width = 0;
  const std::unique_lock lock(mutex_);
  return trial_ = trial;
}

Trial Rows::trial() const {
  const std::shared_lock lock(mutex_);
  return trial_;
}

}  // namespace cairn::scan
