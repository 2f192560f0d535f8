#include "scan/rows.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "pool.h"
#include "scan/kernels.h"
#include "scan/sketch.h"

namespace cairn::scan {
namespace {

constexpr std::size_t kPart = 1024;  // rows that a thread sketches at a time

}  // namespace

Rows::Rows(std::size_t dim) : dim_(dim) {
  if (dim == 0 || dim > kMaxDim) throw std::invalid_argument("dim must be between 1 and 65536");
  if (Rotation::fits(dim)) rotation_.emplace(dim);
}

std::size_t Rows::size() const {
  const std::shared_lock lock(mutex_);
  return size_;
}

std::size_t Rows::sketches_bytes(std::size_t rows) const {
  return rotation_ ? blocks_for(rows) * block_bytes(dim_) : 0;
}

void Rows::check_row(std::int64_t row) const {
  if (row < 0 || static_cast<std::size_t>(row) >= size_) throw std::out_of_range("no such row");
}

void Rows::put(std::size_t row, const std::int8_t* codes, float scale) {
  std::memcpy(codes_.data() + row * dim_, codes, dim_);
  reinterpret_cast<float*>(scales_.data())[row] = scale;
  if (rotation_) {
    std::uint8_t* const block = sketches_.data() + row / kBlockRows * block_bytes(dim_);
    sketch(*rotation_, codes, scale, block, row % kBlockRows);
  }
}

void Rows::append(const std::int8_t* codes, const float* scales, std::size_t count) {
  const std::unique_lock lock(mutex_);
  if (count > (SIZE_MAX / 2 - size_) / (2 * dim_ + kBlockRows)) throw std::bad_alloc();
  const std::size_t size = size_ + count;
  codes_.reserve(codes_bytes(size), codes_bytes(size_));
  scales_.reserve(size * sizeof(float), size_ * sizeof(float));
  sketches_.reserve(sketches_bytes(size), sketches_bytes(size_));
  const std::size_t parts = (count + kPart - 1) / kPart;
  in_parts(parts, usual_threads(), [&](std::size_t part) {
    const std::size_t end = std::min(count, (part + 1) * kPart);
    for (std::size_t i = part * kPart; i < end; ++i) put(size_ + i, codes + i * dim_, scales[i]);
  });
  size_ = size;
}

void Rows::write(const std::int64_t* rows, const std::int8_t* codes, const float* scales,
                 std::size_t count) {
  const std::unique_lock lock(mutex_);
  for (std::size_t i = 0; i < count; ++i) check_row(rows[i]);
  for (std::size_t i = 0; i < count; ++i) {
    put(static_cast<std::size_t>(rows[i]), codes + i * dim_, scales[i]);
  }
}

void Rows::remove(std::size_t row) {
  const std::unique_lock lock(mutex_);
  if (row >= size_) throw std::out_of_range("no such row");
  const std::size_t last = --size_;
  std::int8_t* const codes = reinterpret_cast<std::int8_t*>(codes_.data());
  float* const scales = reinterpret_cast<float*>(scales_.data());
  if (row != last) put(row, codes + last * dim_, scales[last]);
  std::memset(codes + last * dim_, 0, dim_);  // nothing of it stays behind
  scales[last] = 0;
}

std::vector<Hit> Rows::search(Level level, const Query& query, const Wanted& wanted,
                              std::size_t mask_size) const {
  const std::shared_lock lock(mutex_);
  if (wanted.mask != nullptr && mask_size != size_) {
    throw std::invalid_argument("the mask must have one byte for each row");
  }
  const View all = view(wanted.mask);
  const bool sifts = wanted.way == Way::sieve ||
                     (wanted.way == Way::best && is_worth_sifting(all.matrix, wanted.k));
  if (!sifts || !rotation_ || trial_.width == 0) return top_k(level, all.matrix, query, wanted.k);
  return sift(level, *rotation_, all, query, wanted, trial_.width);
}

View Rows::view(const std::uint8_t* mask) const {
  return {{reinterpret_cast<const std::int8_t*>(codes_.data()),
           reinterpret_cast<const float*>(scales_.data()), mask, size_, dim_},
          sketches_.data()};
}

std::vector<float> Rows::scores(Level level, const Query& query, const std::int64_t* rows,
                                std::size_t count) const {
  const std::shared_lock lock(mutex_);
  for (std::size_t i = 0; i < count; ++i) check_row(rows[i]);
  const DotKernel dots_of = dots_for(level);
  const DotQuery dot_query{query.codes, dim_, sum_of(query.codes, dim_)};
  const std::size_t padded = (count + kGroup - 1) / kGroup * kGroup;
  std::vector<const std::int8_t*> at(padded + kAhead);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const std::int64_t row = count == 0 ? 0 : rows[std::min(i, count - 1)];
    at[i] = reinterpret_cast<const std::int8_t*>(codes_.data()) + row * dim_;
  }
  std::vector<std::int32_t> dots(padded);
  dots_of(dot_query, at.data(), padded, dots.data());
  std::vector<float> found(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float scale = reinterpret_cast<const float*>(scales_.data())[rows[i]];
    found[i] = static_cast<float>(dots[i]) * (scale * query.scale);
  }
  return found;
}

}  // namespace cairn::scan
