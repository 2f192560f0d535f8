// Reads on their way: stretches of files into memory, by a few threads, so many at a time.
// Used by the experts' cache and by the stream of dense layers. Invariant: a piece that is `here`
// is whole; of those that failed, failure() says why the last one did.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "flash/file.h"

namespace cairn::flash {

enum class State : std::uint8_t { absent, coming, here, failed };

// A stretch of a file that is in memory, or is not.
struct Piece {
  std::atomic<State> state{State::absent};
  std::atomic<std::uint32_t> left{0};  // reads that it waits for
  std::atomic<bool> is_bad{false};     // one of them failed
  std::byte* data = nullptr;

  bool is_here() const { return state.load(std::memory_order_acquire) == State::here; }
  bool is_coming() const { return state.load(std::memory_order_acquire) == State::coming; }
  bool is_settled() const {
    const State now = state.load(std::memory_order_acquire);
    return now == State::here || now == State::failed;
  }
  bool is_missing() const {
    const State now = state.load(std::memory_order_acquire);
    return now == State::absent || now == State::failed;
  }
};

struct Stretch {
  const File* file;
  std::uint64_t offset;
  std::size_t size;
};

class Reads {
 public:
  // `most` is what one read takes at most.
  Reads(std::size_t threads, std::size_t most);
  ~Reads();

  // Puts the first byte at `room` + offset % kPage; `room` is of whole pages. What is urgent comes
  // before what is not. A missing piece only.
  void want(Piece& piece, const Stretch& what, std::byte* room, bool is_urgent);

  // Until `is_done()`, which is asked again whenever a piece has settled. Nanoseconds.
  template <typename IsDone>
  std::uint64_t wait(IsDone&& is_done) {
    std::unique_lock lock(mutex_);
    if (is_done()) return 0;
    const std::uint64_t begun = clock();
    arrived_.wait(lock, is_done);
    return clock() - begun;
  }
  void wake();

  std::string failure() const;

  std::uint64_t settled() const { return settled_; }  // pieces, so far
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t count() const { return count_; }
  std::uint64_t busy() const;  // nanoseconds in which at least one read was under way

 private:
  struct Read {
    Piece* piece;
    const File* file;
    std::uint64_t begin;
    std::size_t size, needed;
    std::byte* to;
  };

  static std::uint64_t clock();
  void work();
  void settle(Piece& piece, const std::string& reason);

  mutable std::mutex mutex_;
  std::condition_variable wanted_, arrived_;
  std::deque<Read> urgent_, ahead_;
  bool is_stopped_ = false;
  std::size_t under_way_ = 0;
  std::uint64_t busy_ = 0, busy_since_ = 0;
  std::string failure_;
  std::size_t most_;
  std::atomic<std::uint64_t> bytes_{0}, count_{0}, settled_{0};
  std::vector<std::thread> threads_;
};

}  // namespace cairn::flash
