// The experts of a model that are in memory: a number of slots, each for one expert with all its
// matrices. Asked by products.cpp for those that a router has chosen. Invariant: no more than the
// budget is ever taken, and what the product of the moment needs is not evicted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "flash/reads.h"
#include "flash/space.h"

namespace cairn::flash {

struct Habits {
  bool together = true;   // all matrices of an expert are read when the first is needed
  bool ahead = true;      // long prompts read the next layer's while this one's are computed
  double memory = 16;     // tokens after which a use counts half
};

// A chosen expert, and for how many tokens it was.
struct Need {
  std::int32_t expert;
  std::uint32_t tokens;
};

class Experts {
 public:
  Experts(Reads& reads, const Habits& habits) : reads_(reads), habits_(habits) {}
  ~Experts() = default;

  // A layer's matrices, each with the stretch of all its experts; returns the layer's number.
  std::size_t add(const std::vector<Stretch>& matrices, std::size_t count);
  void open(std::size_t used);  // after the last of them; so many are needed at a time
  std::size_t least(std::size_t used) const;  // bytes, so that so many experts have a slot

  // Slots for so many bytes; what no longer fits goes as soon as nobody computes with it. The
  // second is called where nobody does.
  void resize(std::size_t bytes);
  void settle_size();

  // By one thread, before a product with that matrix; the pieces of what is needed arrive later.
  void begin(std::size_t layer, std::size_t matrix, const std::vector<Need>& needs,
             std::size_t tokens);
  const Piece& piece(std::size_t layer, std::size_t matrix, std::int32_t expert) const;

  // By any thread, as soon as an expert has been computed, and while waiting for one: with little
  // memory others wait for its slot.
  void done(std::size_t layer, std::int32_t expert);
  void advance();
  bool is_short() const { return is_short_; }  // of slots: others that settle make room

  std::uint64_t hits = 0, misses = 0, cycles = 0;
  std::size_t resident() const { return resident_; }

 private:
  static constexpr std::size_t kMostMatrices = 4;
  struct Unit {
    std::int32_t slot = -1;
    std::uint32_t layer = 0, expert = 0;
    float heat = -1e30F;
    std::uint64_t visit = 0, done = 0;
    Piece pieces[kMostMatrices];
  };
  // Experts that take the same room.
  struct Kind {
    std::size_t room = 0, units = 0, slots = 0, touched = 0;
    std::uint64_t base = 0;
    std::vector<std::int32_t> free;
    std::vector<Unit*> holders;  // by slot
  };
  struct Layer {
    std::vector<Stretch> matrices;
    std::vector<std::size_t> rooms;
    std::size_t count = 0, kind = 0;
    std::unique_ptr<Unit[]> units;
  };

  bool take_slot(Unit& unit);
  Unit* victim(const Kind& kind, std::size_t layer) const;
  void vacate(Kind& kind, Unit& unit);
  void want(Unit& unit, std::size_t matrix, bool is_urgent);
  void note(Layer& layer, const std::vector<Need>& needs, std::size_t matrix);
  void look_ahead(std::size_t layer);
  void advance_locked();

  Reads& reads_;
  Habits habits_;
  mutable std::mutex mutex_;
  std::vector<Layer> layers_;
  std::vector<Kind> kinds_;
  std::unique_ptr<Space> space_;
  std::vector<Unit*> waiting_;  // for a slot
  std::size_t used_ = 1, wanted_bytes_ = 0, resident_ = 0;
  std::uint64_t visit_ = 0, product_ = 0, now_ = 0;
  std::size_t layer_ = 0, matrix_ = 0;
  std::uint32_t seen_ = 0;  // a bit for each matrix of this visit
  std::atomic<bool> is_short_{false};
  bool is_tight_ = false, is_scan_ = false;
};

}  // namespace cairn::flash
