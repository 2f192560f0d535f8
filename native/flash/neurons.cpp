#include "flash/neurons.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace cairn::flash {
namespace {

// Reading on costs less than one more read.
constexpr std::size_t kNear = std::size_t{32} << 10;
constexpr std::size_t kLooks = 4;  // at slots, for each that is needed
constexpr float kCold = -1e30F;

}  // namespace

std::uint32_t sum_of(const std::byte* data, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < size / 4; ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, data + 4 * std::size_t{i}, sizeof word);
    sum += word * (2 * i + 1);
  }
  return sum;
}

std::size_t Neurons::add(const File& file, const PackedLayer& what) {
  Layer& layer = layers_.emplace_back();
  layer.file = &file;
  layer.what = what;
  layer.table = tables_size_;
  layer.slots.assign(what.count(), -1);
  layer.heat.assign(what.count(), kCold);
  tables_size_ += up_to(what.table_size(), kPage);
  slot_size_ = std::max(slot_size_, what.unit_size());
  staging_size_ = std::max(staging_size_, up_to(what.count() * what.unit_size(), kPage));
  return layers_.size() - 1;
}

// A layer's neurons all at once, and what tells of all layers' where they are.
std::size_t Neurons::least() const {
  return layers_.empty() ? 0 : tables_size_ + staging_size_;
}

void Neurons::resize(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  wanted_bytes_ = bytes;
}

std::string Neurons::open() {
  if (layers_.empty()) return "";
  tables_ = std::make_unique<Space>(tables_size_);
  tables_->commit(0, tables_size_);
  staging_ = std::make_unique<Space>(staging_size_);
  staging_->commit(0, staging_size_);
  for (const Layer& layer : layers_) {
    std::byte* const to = tables_->at(layer.table);
    const std::size_t size = layer.what.table_size();
    if (auto reason = layer.file->read(layer.what.table, up_to(size, kPage), size, to);
        !reason.empty()) {
      return reason;
    }
    if (sum_of(to, size) != layer.what.table_sum) return "the packed file is damaged";
  }
  settle_size();
  return "";
}

// -- slots

void Neurons::settle_size() {
  {
    const std::lock_guard lock(mutex_);
    if (wanted_bytes_ == placed_bytes_ && slots_) return;
    placed_bytes_ = wanted_bytes_;
  }
  std::size_t all = 0;
  for (const Layer& layer : layers_) all += layer.what.count();
  if (!slots_) {  // addresses for all; memory comes as slots are filled
    slots_ = std::make_unique<Space>(all * slot_size_ + kPage);
    slots_->commit(0, up_to(all * slot_size_, kPage));
    holders_.resize(all);
    used_.assign(all, 0);
  }
  const std::size_t left = placed_bytes_ - std::min(placed_bytes_, least());
  slot_count_ = std::min(all, left / slot_size_);
  for (std::size_t slot = slot_count_; slot < touched_; ++slot) drop(static_cast<std::int32_t>(slot));
  if (slot_count_ < touched_) {
    const std::size_t begin = up_to(slot_count_ * slot_size_, kPage);
    const std::size_t end = up_to(touched_ * slot_size_, kPage);
    slots_->release(begin, end - begin);
    touched_ = slot_count_;
  }
  std::erase_if(free_, [&](std::int32_t slot) {
    return static_cast<std::size_t>(slot) >= slot_count_;
  });
  hand_ = 0;
}

void Neurons::drop(std::int32_t slot) {
  Holder& holder = holders_[static_cast<std::size_t>(slot)];
  if (holder.layer >= 0) layers_[static_cast<std::size_t>(holder.layer)].slots[holder.unit] = -1;
  holder.layer = -1;
}

// The coldest of the next few, all round; never one that this product needs.
void Neurons::find_slots(std::size_t number) {
  Layer& layer = layers_[number];
  std::size_t next = 0;
  const auto give = [&](std::int32_t slot) {
    Miss& miss = missed_[next++];
    miss.slot = slot;
    holders_[static_cast<std::size_t>(slot)] = {static_cast<std::int32_t>(number), miss.unit};
    used_[static_cast<std::size_t>(slot)] = product_;
    layer.slots[miss.unit] = slot;
  };
  while (next < missed_.size() && touched_ < slot_count_) {
    give(static_cast<std::int32_t>(touched_++));
  }
  while (next < missed_.size() && !free_.empty()) {
    give(free_.back());
    free_.pop_back();
  }
  const std::size_t lacking = missed_.size() - next;
  if (lacking == 0 || slot_count_ == 0) return;
  std::vector<std::pair<float, std::int32_t>> seen;
  for (std::size_t i = 0; i < std::min(slot_count_, kLooks * lacking); ++i) {
    const std::size_t slot = hand_;
    hand_ = (hand_ + 1) % slot_count_;
    const Holder& holder = holders_[slot];
    if (used_[slot] == product_ || holder.layer < 0) continue;
    const Layer& whose = layers_[static_cast<std::size_t>(holder.layer)];
    seen.emplace_back(whose.heat[holder.unit], static_cast<std::int32_t>(slot));
  }
  std::sort(seen.begin(), seen.end());
  // What is new is not kept in place of what was needed more.
  std::sort(missed_.begin() + static_cast<std::ptrdiff_t>(next), missed_.end(),
            [&](const Miss& a, const Miss& b) { return layer.heat[a.unit] > layer.heat[b.unit]; });
  for (const auto& [heat, slot] : seen) {
    if (next == missed_.size() || layer.heat[missed_[next].unit] <= heat) break;
    drop(slot);
    give(slot);
  }
}

// -- a product

void Neurons::begin(std::size_t number, const std::vector<std::uint8_t>& firing) {
  settle_size();
  Layer& layer = layers_[number];
  if (number <= layer_) token_ += 1;
  layer_ = number;
  product_ += 1;
  is_bad_ = is_damaged_ = false;
  missed_.clear();
  const bool is_all = firing.empty();
  const auto now = static_cast<float>(static_cast<double>(token_) / memory_);
  for (std::uint32_t unit = 0; unit < layer.what.count(); ++unit) {
    if (!is_all && !firing[unit]) continue;
    if (!is_all) {  // log2 of all uses, of which each counts half after so many tokens
      float& heat = layer.heat[unit];
      const float most = std::max(heat, now), least = std::min(heat, now);
      heat = most + std::log2(1.0F + std::exp2(std::max(least - most, -60.0F)));
    }
    const std::int32_t slot = layer.slots[unit];
    if (slot >= 0) used_[static_cast<std::size_t>(slot)] = product_;
    if (slot < 0) missed_.push_back({unit, -1});
    else hits += 1;
  }
  misses += missed_.size();
  want(layer);
  find_slots(number);
  places_.assign(layer.what.count(), nullptr);
  for (std::uint32_t unit = 0; unit < layer.what.count(); ++unit) {
    const std::int32_t slot = layer.slots[unit];
    places_[unit] = slot >= 0 ? slots_->at(static_cast<std::size_t>(slot) * slot_size_)
                              : staging_->at(unit * layer.what.unit_size());
  }
  const std::byte* const table = tables_->at(layer.table);
  packed_ = {layer.what.rows, layer.what.bits, reinterpret_cast<const std::uint16_t*>(table),
             places_.data()};
}

// What lies near together is one read, with what lies between.
void Neurons::want(const Layer& layer) {
  const std::size_t size = layer.what.unit_size();
  const std::size_t near = std::max<std::size_t>(kNear / size, 1);
  run_count_ = 0;
  for (std::size_t i = 0; i < missed_.size();) {
    std::size_t j = i + 1;
    while (j < missed_.size() && missed_[j].unit - missed_[j - 1].unit <= near) ++j;
    const std::uint64_t from = missed_[i].unit * size, to = (missed_[j - 1].unit + 1) * size;
    if (runs_.size() == run_count_) runs_.emplace_back();
    reads_.want(runs_[run_count_++], {layer.file, layer.what.units + from, to - from},
                staging_->at(from / kPage * kPage), true);
    staged_ = std::max(staged_, static_cast<std::size_t>(up_to(to, kPage)));
    i = j;
  }
}

std::uint64_t Neurons::take(int thread, int threads) {
  const auto end = runs_.begin() + static_cast<std::ptrdiff_t>(run_count_);
  const std::uint64_t waited = reads_.wait([&] {
    return std::all_of(runs_.begin(), end, [](const Piece& run) { return run.is_settled(); });
  });
  if (std::any_of(runs_.begin(), end, [](const Piece& run) { return !run.is_here(); })) {
    is_bad_ = true;
  }
  Layer& layer = layers_[layer_];
  const std::size_t size = layer.what.unit_size(), count = missed_.size();
  const auto parts = static_cast<std::size_t>(threads), part = static_cast<std::size_t>(thread);
  const std::byte* const sums =
      tables_->at(layer.table) + layer.what.blocks * layer.what.rows * 2;
  for (std::size_t i = count * part / parts; i < count * (part + 1) / parts; ++i) {
    const auto [unit, slot] = missed_[i];
    const std::byte* const from = staging_->at(unit * size);
    std::uint32_t sum = 0;
    std::memcpy(&sum, sums + 4 * std::size_t{unit}, sizeof sum);
    if (is_bad_ || sum_of(from, size) != sum) {
      if (!is_bad_) is_damaged_ = true;
      is_bad_ = true;
    }
    if (slot < 0) continue;
    std::memcpy(slots_->at(static_cast<std::size_t>(slot) * slot_size_), from, size);
  }
  return waited;
}

// By one thread, when nobody computes: nothing of this product is kept.
std::string Neurons::failure() {
  for (const auto& [unit, slot] : missed_) {
    if (slot < 0) continue;
    drop(slot);
    free_.push_back(slot);
  }
  missed_.clear();
  return is_damaged_ ? "the packed file is damaged" : reads_.failure();
}

}  // namespace cairn::flash
