#include "flash/reads.h"

#include <algorithm>
#include <chrono>

namespace cairn::flash {

std::uint64_t Reads::clock() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

Reads::Reads(std::size_t threads, std::size_t most)
    : most_(std::max<std::size_t>(up_to(most, kPage), kPage)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back(&Reads::work, this);
  }
}

Reads::~Reads() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Reads::want(Piece& piece, const Stretch& what, std::byte* room, bool is_urgent) {
  const std::uint64_t begin = what.offset / kPage * kPage;
  const std::size_t size = room_for(what.offset, what.size);
  const std::size_t parts = (size + most_ - 1) / most_;
  const std::size_t step = up_to((size + parts - 1) / parts, kPage);
  const std::size_t needed = what.offset % kPage + what.size;
  piece.data = room + what.offset % kPage;
  std::size_t woken = 0;
  {
    const std::lock_guard lock(mutex_);
    piece.is_bad = false;
    piece.state.store(State::coming, std::memory_order_release);
    std::deque<Read>& queue = is_urgent ? urgent_ : ahead_;
    for (std::size_t at = 0; at < needed; at += step) {
      queue.push_back({&piece, what.file, begin + at, std::min(step, size - at),
                       std::min(step, needed - at), room + at});
      woken += 1;
    }
    piece.left.store(static_cast<std::uint32_t>(woken), std::memory_order_relaxed);
  }
  if (woken == 1) wanted_.notify_one();
  else wanted_.notify_all();
}

void Reads::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [&] { return is_stopped_ || !urgent_.empty() || !ahead_.empty(); });
    if (is_stopped_) return;
    std::deque<Read>& queue = urgent_.empty() ? ahead_ : urgent_;
    const Read read = queue.front();
    queue.pop_front();
    if (under_way_++ == 0) busy_since_ = clock();
    lock.unlock();
    const std::string reason = read.file->read(read.begin, read.size, read.needed, read.to);
    bytes_.fetch_add(read.size, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
    lock.lock();
    if (--under_way_ == 0) busy_ += clock() - busy_since_;
    settle(*read.piece, reason);
  }
}

void Reads::settle(Piece& piece, const std::string& reason) {
  if (!reason.empty()) failure_ = reason;
  if (!reason.empty()) piece.is_bad = true;
  if (piece.left.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  piece.state.store(piece.is_bad ? State::failed : State::here, std::memory_order_release);
  settled_ += 1;
  arrived_.notify_all();
}

void Reads::wake() {
  const std::lock_guard lock(mutex_);
  arrived_.notify_all();
}

std::string Reads::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::uint64_t Reads::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_ + (under_way_ ? clock() - busy_since_ : 0);
}

}  // namespace cairn::flash
