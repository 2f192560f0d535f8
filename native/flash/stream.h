// The matrices of dense layers: as many as the budget holds stay, the others pass through a ring
// in the order in which every token needs them, each read ahead while others are computed.
// Asked by products.cpp. Invariant: what stays and the ring together are within the budget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "flash/reads.h"
#include "flash/space.h"

namespace cairn::flash {

class Stream {
 public:
  // `homes` are the addresses of those that stay, one for each byte of the files.
  Stream(Reads& reads, Space& homes, double ring) : reads_(reads), homes_(homes), share_(ring) {}

  // In the order in which they are likely needed; returns the matrix's number.
  std::size_t add(const Stretch& what, std::uint64_t home);
  std::size_t least() const;  // bytes, without which nothing goes

  // Budget in bytes, at the beginning and later; heeded at the next begin().
  void resize(std::size_t bytes);
  void open();

  // By one thread, before a product with that matrix: its piece arrives later.
  void begin(std::size_t number);
  const Piece& piece(std::size_t number) const { return items_[number].piece; }

  std::uint64_t hits = 0, misses = 0;
  std::size_t resident() const { return pinned_ + touched_; }
  std::size_t pinned() const { return pinned_; }
  std::size_t ring() const { return ring_size_; }

 private:
  struct Item {
    Stretch what{};
    std::uint64_t home = 0;
    bool stays = false;
    Piece piece;
    std::size_t room() const { return room_for(what.offset, what.size); }
  };
  struct Passing {
    std::size_t number, begin, end;
  };

  void place();
  void choose(std::size_t bytes);
  void learn(std::size_t number);
  void drop_until(std::size_t number);
  void drop_front();
  bool issue(std::size_t number, bool is_urgent);
  void fill();
  std::size_t place_of(std::size_t number, std::size_t from) const;

  Reads& reads_;
  Space& homes_;
  double share_;
  std::deque<Item> items_;
  std::vector<std::size_t> order_, seen_;
  std::size_t next_ = 0;  // in the order, to be read ahead
  std::unique_ptr<Space> ring_;
  std::size_t ring_size_ = 0, touched_ = 0, pinned_ = 0;
  std::deque<Passing> passing_;
  std::size_t current_ = 0;  // of those that pass, what was needed last
  bool is_placed_ = false;
  std::mutex mutex_;
  std::size_t wanted_bytes_ = 0, placed_bytes_ = 0;
};

}  // namespace cairn::flash
