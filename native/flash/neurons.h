// The neurons of a model that are in memory: of each layer's last matrix the columns that were
// needed lately, in units of four neighbours as `cairn model pack` has written them to a file of
// their own. Asked by neuron_product.cpp. Invariant: no more than the budget is ever taken, and
// every unit that is computed with has the sum that was written with it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "flash/reads.h"
#include "flash/space.h"
#include "flash/sparse.h"

namespace cairn::flash {

struct PackedLayer {
  std::string name;
  std::uint64_t table, units;  // where in the file they begin
  std::uint32_t table_sum;
  std::size_t rows, blocks;
  std::uint32_t bits;
  std::size_t count() const { return blocks * kLanes; }
  std::size_t unit_size() const { return rows * bits / 2; }
  // All scales, then the units' sums.
  std::size_t table_size() const { return blocks * rows * 2 + count() * 4; }
};

// Of 32-bit words, in which no change of a single one goes unseen.
std::uint32_t sum_of(const std::byte* data, std::size_t size);

class Neurons {
 public:
  Neurons(Reads& reads, double memory) : reads_(reads), memory_(memory) {}

  std::size_t add(const File& file, const PackedLayer& layer);
  std::size_t least() const;
  void resize(std::size_t bytes);
  std::string open();  // reads what is always needed; empty, or why it can't be had

  // By one thread, before a product: which units fire, a byte for each, or all if it is empty.
  void begin(std::size_t layer, const std::vector<std::uint8_t>& firing);
  bool has_missed() const { return run_count_ > 0; }
  // If so, by every thread, then all of them meet: its share of what came is looked at, and kept.
  std::uint64_t take(int thread, int threads);
  // After that; if false, what was computed is void.
  bool is_whole() const { return !is_bad_; }
  std::string failure();
  const Packed& packed() const { return packed_; }

  std::uint64_t hits = 0, misses = 0;
  std::size_t resident() const { return tables_size_ + staged_ + touched_ * slot_size_; }
  bool is_empty() const { return layers_.empty(); }

 private:
  struct Layer {
    const File* file;
    PackedLayer what;
    std::uint64_t table;
    std::vector<std::int32_t> slots;  // of each unit, or -1
    std::vector<float> heat;
  };
  struct Holder {
    std::int32_t layer = -1;
    std::uint32_t unit = 0;
  };
  struct Miss {
    std::uint32_t unit;
    std::int32_t slot;
  };

  void settle_size();
  void want(const Layer& layer);
  void find_slots(std::size_t layer);
  void drop(std::int32_t slot);

  Reads& reads_;
  double memory_;
  std::vector<Layer> layers_;
  std::unique_ptr<Space> tables_, staging_, slots_;
  std::size_t tables_size_ = 0, slot_size_ = 0, staging_size_ = 0, staged_ = 0;
  std::size_t touched_ = 0, slot_count_ = 0;
  std::vector<Holder> holders_;
  std::vector<std::int32_t> free_;
  std::size_t hand_ = 0;
  std::vector<Miss> missed_;
  std::deque<Piece> runs_;
  std::size_t run_count_ = 0;
  std::vector<const std::byte*> places_;
  std::vector<std::uint64_t> used_;  // the product that needed a slot last
  std::uint64_t product_ = 0, token_ = 0;
  std::size_t layer_ = 0;
  Packed packed_{};
  std::atomic<bool> is_bad_{false}, is_damaged_{false};
  std::mutex mutex_;
  std::size_t wanted_bytes_ = 0, placed_bytes_ = 0;
};

}  // namespace cairn::flash
