#include "flash/stream.h"

#include <algorithm>

namespace cairn::flash {

std::size_t Stream::add(const Stretch& what, std::uint64_t home) {
  Item& item = items_.emplace_back();
  item.what = what;
  item.home = home;
  order_.push_back(items_.size() - 1);
  return items_.size() - 1;
}

// The largest, and one to be read meanwhile.
std::size_t Stream::least() const {
  std::size_t most = 0, all = 0;
  for (const Item& item : items_) {
    most = std::max(most, item.room());
    all += item.room();
  }
  return std::min(2 * most, all);
}

void Stream::resize(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  wanted_bytes_ = bytes;
}

void Stream::open() {
  if (!items_.empty()) place();
}

// -- what stays

// Which ones stay: those that are too large for the ring, then some of each stretch of the order,
// so that the disk is never idle for long, nor the ring too short.
void Stream::choose(std::size_t bytes) {
  std::size_t all = 0, most = 0;
  for (const Item& item : items_) all += item.room();
  for (Item& item : items_) item.stays = false;
  if (all <= bytes) {
    ring_size_ = 0;
    for (Item& item : items_) item.stays = true;
    return;
  }
  std::vector<std::size_t> by_size(order_);
  std::sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) {
    return items_[a].room() > items_[b].room();
  });
  // A few large ones, such as the scores of all words, would make the ring as large.
  std::size_t left = bytes;
  for (const std::size_t number : by_size) {
    most = items_[number].room();
    const auto rest = std::count_if(order_.begin(), order_.end(), [&](std::size_t other) {
      return !items_[other].stays && 2 * items_[other].room() > most;
    });
    const auto ring = static_cast<std::size_t>(share_ * static_cast<double>(most));
    if (rest > 3 || left < most + ring) break;
    items_[number].stays = true;
    left -= most;
  }
  ring_size_ = std::max(2 * most, std::min(static_cast<std::size_t>(
                                      share_ * static_cast<double>(most)), left));
  ring_size_ = std::min(up_to(ring_size_, kPage), std::max(left, 2 * most));
  left -= std::min(left, ring_size_);
  std::size_t open = 0;
  for (const std::size_t number : order_) {
    if (!items_[number].stays) open += items_[number].room();
  }
  double owed = 0;
  const double share =
      static_cast<double>(left) / static_cast<double>(std::max<std::size_t>(open, 1));
  for (const std::size_t number : order_) {
    Item& item = items_[number];
    if (item.stays) continue;
    owed += share * static_cast<double>(item.room());
    if (owed < 0.5 * static_cast<double>(item.room()) || left < item.room()) continue;
    item.stays = true;
    owed -= static_cast<double>(item.room());
    left -= item.room();
  }
  for (const std::size_t number : by_size) {
    Item& item = items_[number];
    if (item.stays || left < item.room()) continue;
    item.stays = true;
    left -= item.room();
  }
}

// Where no product is under way: what leaves its home gives its memory back, what stays is read.
void Stream::place() {
  std::size_t bytes = 0;
  {
    const std::lock_guard lock(mutex_);
    bytes = wanted_bytes_;
  }
  reads_.wait([&] {
    return std::none_of(items_.begin(), items_.end(),
                        [](const Item& item) { return item.piece.is_coming(); });
  });
  for (const Passing& each : passing_) items_[each.number].piece.state = State::absent;
  passing_.clear();
  std::vector<bool> stayed;
  for (const Item& item : items_) stayed.push_back(item.stays);
  choose(bytes);
  pinned_ = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    Item& item = items_[i];
    if (item.stays) {
      pinned_ += item.room();
    } else if (stayed[i]) {  // its first and last page may be a neighbour's too
      const std::uint64_t begin = up_to(item.home, kPage);
      const std::uint64_t end = (item.home + item.what.size) / kPage * kPage;
      if (end > begin) homes_.release(begin, end - begin);
      item.piece.state = State::absent;
    }
  }
  if (touched_ > ring_size_ || (ring_ && ring_->size() < ring_size_)) ring_.reset();
  if (!ring_) touched_ = 0;
  if (ring_size_ && !ring_) {
    ring_ = std::make_unique<Space>(ring_size_);
    ring_->commit(0, ring_->size());
    ring_->prefer_large(0, ring_size_);
  }
  for (const std::size_t number : order_) {
    Item& item = items_[number];
    if (!item.stays || !item.piece.is_missing()) continue;
    const std::uint64_t begin = item.home / kPage * kPage;
    homes_.commit(begin, item.room());
    reads_.want(item.piece, item.what, homes_.at(begin), false);
  }
  next_ = 0;
  placed_bytes_ = bytes;
}

// -- the ring

bool Stream::issue(std::size_t number, bool is_urgent) {
  Item& item = items_[number];
  const std::size_t room = item.room();
  std::size_t begin = passing_.empty() ? 0 : passing_.back().end;
  const std::size_t oldest = passing_.empty() ? ring_size_ : passing_.front().begin;
  if (passing_.empty() || begin > oldest) {
    if (begin + room > ring_size_) {
      if (passing_.empty() || room > oldest) return false;
      begin = 0;
    }
  } else if (begin + room > oldest) {
    return false;
  }
  passing_.push_back({number, begin, begin + room});
  touched_ = std::max(touched_, begin + room);
  reads_.want(item.piece, item.what, ring_->at(begin), is_urgent);
  return true;
}

std::size_t Stream::place_of(std::size_t number, std::size_t from) const {
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const std::size_t at = (from + i) % order_.size();
    if (order_[at] == number) return at;
  }
  return from;
}

// What was read ahead and passed over makes room, as soon as nothing is written to it any more.
void Stream::drop_until(std::size_t number) {
  while (!passing_.empty() && passing_.front().number != number) drop_front();
}

void Stream::drop_front() {
  Piece& piece = items_[passing_.front().number].piece;
  reads_.wait([&] { return !piece.is_coming(); });
  piece.state = State::absent;
  passing_.pop_front();
}

void Stream::fill() {
  for (std::size_t tried = 0; tried < order_.size(); ++tried) {
    const std::size_t number = order_[next_];
    if (!items_[number].stays) {
      if (!items_[number].piece.is_missing() || !issue(number, false)) return;
    }
    next_ = (next_ + 1) % order_.size();
  }
}

// The order is that of the last graph that needed all of them.
void Stream::learn(std::size_t number) {
  if (!seen_.empty() && seen_.front() == number) {
    std::vector<std::size_t> sorted(seen_);
    std::sort(sorted.begin(), sorted.end());
    const bool is_whole = sorted.size() == items_.size() &&
                          std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
    if (is_whole && seen_ != order_) {
      order_ = seen_;
      const std::size_t last = passing_.empty() ? order_.back() : passing_.back().number;
      next_ = (place_of(last, 0) + 1) % order_.size();
    }
    seen_.clear();
  }
  if (seen_.size() < items_.size()) seen_.push_back(number);
}

void Stream::begin(std::size_t number) {
  bool is_resized = false;
  {
    const std::lock_guard lock(mutex_);
    is_resized = wanted_bytes_ != placed_bytes_;
  }
  if (is_resized) place();
  learn(number);
  Item& item = items_[number];
  (item.stays ? hits : misses) += 1;
  if (item.stays) {
    if (item.piece.is_missing()) {  // an earlier read failed
      reads_.want(item.piece, item.what, homes_.at(item.home / kPage * kPage), true);
    }
    if (!passing_.empty() && passing_.front().number == current_) drop_front();
  } else {
    const auto found = std::find_if(passing_.begin(), passing_.end(), [&](const Passing& each) {
      return each.number == number && !items_[number].piece.is_missing();
    });
    drop_until(found == passing_.end() ? items_.size() : number);
    current_ = number;
    if (passing_.empty()) {
      next_ = (place_of(number, next_) + 1) % order_.size();
      issue(number, true);
    }
  }
  if (ring_size_) fill();
}

}  // namespace cairn::flash
