#include "flash/experts.h"

#include <algorithm>
#include <cmath>

namespace cairn::flash {
namespace {

// Of two heats, which are logarithms, the sum.
float joined(float a, float b) {
  const float more = std::max(a, b), less = std::min(a, b);
  return more + std::log2(1.0F + std::exp2(less - more));
}

}  // namespace

std::size_t Experts::add(const std::vector<Stretch>& matrices, std::size_t count) {
  Layer layer;
  layer.matrices = matrices;
  layer.count = count;
  std::size_t room = 0;
  for (const Stretch& each : matrices) {
    layer.rooms.push_back(room);
    room += up_to(each.size / count, kPage) + kPage;
  }
  const auto same = std::find_if(kinds_.begin(), kinds_.end(),
                                 [&](const Kind& kind) { return kind.room == room; });
  layer.kind = static_cast<std::size_t>(same - kinds_.begin());
  if (same == kinds_.end()) {
    kinds_.emplace_back();
    kinds_.back().room = room;
  }
  kinds_[layer.kind].units += count;
  layer.units = std::make_unique<Unit[]>(count);
  for (std::size_t i = 0; i < count; ++i) {
    layer.units[i].layer = static_cast<std::uint32_t>(layers_.size());
    layer.units[i].expert = static_cast<std::uint32_t>(i);
  }
  layers_.push_back(std::move(layer));
  return layers_.size() - 1;
}

void Experts::open(std::size_t used) {
  used_ = std::max<std::size_t>(used, 1);
  std::uint64_t size = 0;
  for (Kind& kind : kinds_) {
    kind.base = size;
    size += up_to(kind.units * kind.room, std::size_t{2} << 20);
    kind.holders.assign(kind.units, nullptr);
  }
  if (size == 0) return;
  space_ = std::make_unique<Space>(size);
  space_->commit(0, size);
}

std::size_t Experts::least(std::size_t used) const {
  std::size_t bytes = 0;
  for (const Kind& kind : kinds_) bytes += std::min(kind.units, used) * kind.room;
  return bytes;
}

// -- how much there may be

void Experts::resize(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  wanted_bytes_ = bytes;
}

void Experts::settle_size() {
  const std::lock_guard lock(mutex_);
  // First what a token needs of each kind, then by how much there is of it.
  double all = 0;
  for (const Kind& kind : kinds_) all += static_cast<double>(kind.units * kind.room);
  const std::size_t first = least(used_) <= wanted_bytes_ ? used_ : 1;
  const std::size_t rest = wanted_bytes_ - std::min(wanted_bytes_, least(first));
  for (Kind& kind : kinds_) {
    const double share = static_cast<double>(kind.units * kind.room) / all;
    const auto more =
        static_cast<std::size_t>(share * static_cast<double>(rest)) / kind.room;
    const std::size_t slots = std::min(kind.units, first + more);
    // What is on its way keeps its slot until the next time.
    std::size_t kept = slots;
    for (std::size_t i = slots; i < kind.slots; ++i) {
      Unit* const unit = kind.holders[i];
      const auto is_coming = [](const Piece& piece) { return piece.is_coming(); };
      if (unit && std::any_of(std::begin(unit->pieces), std::end(unit->pieces), is_coming)) {
        kept = i + 1;
      } else if (unit) {
        vacate(kind, *unit);
      }
    }
    if (kept < kind.touched) {
      space_->release(kind.base + kept * kind.room, (kind.touched - kept) * kind.room);
      resident_ -= (kind.touched - kept) * kind.room;
      kind.touched = kept;
    }
    if (kept != kind.slots) space_->prefer_large(kind.base, kept * kind.room);
    kind.slots = kept;
    kind.free.clear();
    for (std::size_t i = kept; i-- > 0;) {
      if (!kind.holders[i]) kind.free.push_back(static_cast<std::int32_t>(i));
    }
  }
}

// -- slots

void Experts::vacate(Kind& kind, Unit& unit) {
  kind.holders[static_cast<std::size_t>(unit.slot)] = nullptr;
  for (Piece& piece : unit.pieces) piece.state.store(State::absent, std::memory_order_release);
  unit.slot = -1;
}

// In a scan through all layers, what was last needed is needed again last; else what is coldest.
Experts::Unit* Experts::victim(const Kind& kind, std::size_t layer) const {
  Unit* found = nullptr;
  std::size_t farthest = 0;
  for (std::size_t i = 0; i < kind.slots; ++i) {
    Unit* const unit = kind.holders[i];
    if (!unit || (unit->visit == visit_ && !(is_tight_ && unit->done == product_))) continue;
    const std::size_t n = layers_.size();
    const std::size_t far = is_scan_ ? (unit->layer + n - layer - 1) % n : 0;
    if (found && (far < farthest || (far == farthest && unit->heat >= found->heat))) continue;
    if (std::any_of(std::begin(unit->pieces), std::end(unit->pieces),
                    [](const Piece& piece) { return piece.is_coming(); })) {
      continue;
    }
    found = unit;
    farthest = far;
  }
  return found;
}

bool Experts::take_slot(Unit& unit) {
  Kind& kind = kinds_[layers_[unit.layer].kind];
  if (kind.free.empty()) {
    Unit* const other = victim(kind, layer_);
    if (!other) return false;
    const std::int32_t slot = other->slot;
    vacate(kind, *other);
    kind.free.push_back(slot);
  }
  unit.slot = kind.free.back();
  kind.free.pop_back();
  const auto slot = static_cast<std::size_t>(unit.slot);
  kind.holders[slot] = &unit;
  if (slot + 1 > kind.touched) {
    resident_ += (slot + 1 - kind.touched) * kind.room;
    kind.touched = slot + 1;
  }
  return true;
}

void Experts::want(Unit& unit, std::size_t matrix, bool is_urgent) {
  Piece& piece = unit.pieces[matrix];
  if (!piece.is_missing()) return;
  const Layer& layer = layers_[unit.layer];
  const Kind& kind = kinds_[layer.kind];
  const Stretch& all = layer.matrices[matrix];
  const std::size_t size = all.size / layer.count;
  std::byte* const room =
      space_->at(kind.base + static_cast<std::size_t>(unit.slot) * kind.room) +
      layer.rooms[matrix];
  reads_.want(piece, {all.file, all.offset + unit.expert * size, size}, room, is_urgent);
}

// -- products

void Experts::note(Layer& layer, const std::vector<Need>& needs, std::size_t matrix) {
  const bool is_new = layer_ != static_cast<std::size_t>(&layer - layers_.data()) ||
                      (seen_ >> matrix & 1) || visit_ == 0;
  product_ += 1;
  if (!is_new) {
    seen_ |= 1U << matrix;
    return;
  }
  const auto number = static_cast<std::size_t>(&layer - layers_.data());
  if (visit_ == 0 || number <= layer_) now_ += 1;
  cycles = now_;
  visit_ += 1;
  layer_ = number;
  seen_ = 1U << matrix;
  for (const Need& need : needs) {
    Unit& unit = layer.units[static_cast<std::size_t>(need.expert)];
    unit.visit = visit_;
    const float use = static_cast<float>(static_cast<double>(now_) / habits_.memory) +
                      std::log2(static_cast<float>(need.tokens));
    unit.heat = joined(unit.heat, use);
    (unit.slot >= 0 ? hits : misses) += 1;
  }
}

void Experts::begin(std::size_t number, std::size_t matrix, const std::vector<Need>& needs,
                    std::size_t tokens) {
  const std::lock_guard lock(mutex_);
  Layer& layer = layers_[number];
  note(layer, needs, matrix);
  matrix_ = matrix;
  is_tight_ = needs.size() > kinds_[layer.kind].slots;
  is_scan_ = tokens > 1 && 2 * needs.size() >= layer.count;
  waiting_.clear();
  for (const Need& need : needs) {
    Unit& unit = layer.units[static_cast<std::size_t>(need.expert)];
    unit.visit = visit_;
    if (unit.slot < 0 && !take_slot(unit)) waiting_.push_back(&unit);
    else want(unit, matrix, true);
  }
  is_short_ = !waiting_.empty();
  if (is_tight_) return;
  for (std::size_t i = 0; habits_.together && i < layer.matrices.size(); ++i) {
    for (const Need& need : needs) {
      Unit& unit = layer.units[static_cast<std::size_t>(need.expert)];
      if (unit.slot >= 0) want(unit, i, true);
    }
  }
  if (habits_.ahead && is_scan_ && 4 * needs.size() >= 3 * layer.count) look_ahead(number);
}

void Experts::look_ahead(std::size_t number) {
  if (number + 1 >= layers_.size()) return;
  Layer& next = layers_[number + 1];
  if (kinds_[next.kind].slots < 2 * next.count) return;
  for (std::size_t i = 0; i < next.count; ++i) {
    Unit& unit = next.units[i];
    unit.visit = visit_;
    if (unit.slot < 0 && !take_slot(unit)) return;
    for (std::size_t j = 0; j < next.matrices.size(); ++j) want(unit, j, false);
  }
}

const Piece& Experts::piece(std::size_t layer, std::size_t matrix, std::int32_t expert) const {
  return layers_[layer].units[static_cast<std::size_t>(expert)].pieces[matrix];
}

void Experts::done(std::size_t layer, std::int32_t expert) {
  const std::lock_guard lock(mutex_);
  layers_[layer].units[static_cast<std::size_t>(expert)].done = product_;
  advance_locked();
}

void Experts::advance() {
  const std::lock_guard lock(mutex_);
  advance_locked();
}

void Experts::advance_locked() {
  while (!waiting_.empty() && take_slot(*waiting_.back())) {
    want(*waiting_.back(), matrix_, true);
    waiting_.pop_back();
  }
  is_short_ = !waiting_.empty();
}

}  // namespace cairn::flash
