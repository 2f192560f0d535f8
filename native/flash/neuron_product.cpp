#include "flash/neuron_product.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "flash/neurons.h"
#include "flash/sparse.h"
#include "flash/store.h"
#include "ggml/entry.h"
#include "lut/formats.h"

namespace cairn::flash {
namespace {

using ggml::Tensor;
using ggml::Turn;

constexpr std::size_t kLine = 64, kChunk = 32;
constexpr std::size_t kPlaces = 16;  // of which 9 are used
constexpr std::size_t kActivations = 34, kHead = 2;  // a block of Q8_0: its scale, then 32 bytes
constexpr std::int32_t kQ4 = 2, kQ8 = 8;

const ggml::Library& library() { return ggml::entry().library; }

void meet(const Turn& turn) {
  if (turn.nth > 1) library().barrier(turn.threadpool);
}

bool is_finite(std::uint16_t half) { return (half & 0x7C00) != 0x7C00; }

// Which units fire, place by place.
void list(const std::byte* activations, std::size_t blocks, std::int32_t too_much,
          std::uint32_t* places, Firing* firing) {
  std::uint32_t count = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    places[lane] = count;
    for (std::size_t block = 0; block < blocks; ++block) {
      const std::byte* const from = activations + block * kActivations;
      std::uint16_t scale = 0;
      std::array<std::int8_t, kUnitNeurons> x{};
      Firing& next = firing[count];
      std::memcpy(&scale, from, sizeof scale);
      std::memcpy(&next.x, from + kHead + lane * kUnitNeurons, sizeof next.x);
      if (next.x == 0 && is_finite(scale)) continue;
      std::memcpy(x.data(), &next.x, sizeof next.x);
      next.unit = static_cast<std::uint32_t>(block * kLanes + lane);
      next.scale = lut::from_half(scale);
      next.bias = too_much * (x[0] + x[1] + x[2] + x[3]);
      count += 1;
    }
  }
  places[kLanes] = count;
}

class NeuronProduct final : public ggml::Traits {
 public:
  bool work_size(int, const Tensor* op, std::size_t& size) override {
    const Room room(*op, nullptr);
    size = kLine + std::min(kChunk, count_of(*op)) * room.size;
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    Entry& entry = *entry_of(op->src[0]);
    Neurons& neurons = entry.store->neurons();
    const std::size_t count = count_of(*op);
    const Room room(*op, turn->work);
    for (std::size_t begin = 0; begin < count; begin += kChunk) {
      const std::size_t end = std::min(count, begin + kChunk);
      look(*turn, *op, room, begin, end);
      if (count > 1) meet(*turn);  // else the first thread has seen all
      if (begin == 0) {
        if (turn->ith == 0) neurons.begin(entry.number, needs(room, count));
        meet(*turn);
        if (neurons.has_missed()) {
          const std::uint64_t waited = neurons.take(turn->ith, turn->nth);
          if (turn->ith == 0) entry.store->waited(waited);
          meet(*turn);
        }
        if (!neurons.is_whole()) return void_of(*turn, *op, *entry.store);
      }
      multiply(*turn, *op, room, neurons.packed(), begin, end);
      if (end < count) meet(*turn);
    }
    return true;
  }

 private:
  // For each of a few tokens: its activations, where its units of each place begin, and the units.
  struct Room {
    std::size_t blocks, activations, places, size;
    std::byte* data;
    Room(const Tensor& op, void* work)
        : blocks(static_cast<std::size_t>(op.src[0]->ne[0]) / kBlockNeurons),
          activations(up_to(blocks * kActivations, kLine)),
          places(kPlaces * sizeof(std::uint32_t)),
          size(activations + places + up_to((blocks * kLanes + 1) * sizeof(Firing), kLine)),
          data(reinterpret_cast<std::byte*>(
              up_to(reinterpret_cast<std::uintptr_t>(work), kLine))) {}
    std::byte* of(std::size_t token) const { return data + token % kChunk * size; }
    std::uint32_t* places_of(std::size_t token) const {
      return reinterpret_cast<std::uint32_t*>(of(token) + activations);
    }
    Firing* firing_of(std::size_t token) const {
      return reinterpret_cast<Firing*>(of(token) + activations + places);
    }
  };

  static std::size_t count_of(const Tensor& op) {
    return static_cast<std::size_t>(op.src[1]->ne[1] * op.src[1]->ne[2] * op.src[1]->ne[3]);
  }
  static std::byte* row_of(const Tensor& tensor, std::size_t token) {
    const auto second = static_cast<std::size_t>(tensor.ne[1]);
    const auto third = static_cast<std::size_t>(tensor.ne[2]);
    return static_cast<std::byte*>(tensor.data) + token % second * tensor.nb[1] +
           token / second % third * tensor.nb[2] + token / second / third * tensor.nb[3];
  }

  static void look(const Turn& turn, const Tensor& op, const Room& room, std::size_t begin,
                   std::size_t end) {
    const auto pack = library().cpu_traits(kQ8)->from_float;
    const std::int32_t too_much = op.src[0]->type == kQ4 ? 8 : 128;
    for (std::size_t token = begin + static_cast<std::size_t>(turn.ith); token < end;
         token += static_cast<std::size_t>(turn.nth)) {
      pack(reinterpret_cast<const float*>(row_of(*op.src[1], token)), room.of(token),
           op.src[1]->ne[0]);
      list(room.of(token), room.blocks, too_much, room.places_of(token), room.firing_of(token));
    }
  }

  // Of so many tokens most units fire for one or another.
  static std::vector<std::uint8_t> needs(const Room& room, std::size_t count) {
    if (count > kChunk) return {};
    std::vector<std::uint8_t> found(room.blocks * kLanes, 0);
    for (std::size_t token = 0; token < count; ++token) {
      const Firing* const firing = room.firing_of(token);
      for (std::uint32_t i = 0; i < room.places_of(token)[kLanes]; ++i) found[firing[i].unit] = 1;
    }
    return found;
  }

  static void multiply(const Turn& turn, const Tensor& op, const Room& room, const Packed& packed,
                       std::size_t begin, std::size_t end) {
    const Sparse level = sparse_level();
    const std::size_t tiles = (packed.rows + kTileRows - 1) / kTileRows;
    for (auto tile = static_cast<std::size_t>(turn.ith); tile < tiles;
         tile += static_cast<std::size_t>(turn.nth)) {
      const std::size_t first = tile * kTileRows;
      for (std::size_t token = begin; token < end; ++token) {
        multiply_firing(level, packed, room.places_of(token), room.firing_of(token), first,
                        std::min(kTileRows, packed.rows - first),
                        reinterpret_cast<float*>(row_of(op, token)) + first);
      }
    }
  }

  static bool void_of(const Turn& turn, const Tensor& op, Store& store) {
    if (turn.ith == 0) {
      store.fail(store.neurons().failure());
      std::memset(op.data, 0, library().nbytes(&op));
    }
    return true;
  }
};

// -- held against ggml's own product of a row

void fill(std::vector<std::byte>& bytes, std::uint32_t& seed) {
  for (std::byte& each : bytes) {
    seed = seed * 1664525 + 1013904223;
    each = static_cast<std::byte>(seed >> 24);
  }
}

}  // namespace

std::string check_sparse() {
  if (sparse_level() == Sparse::none) return "this processor sums in another order";
  constexpr std::size_t kBlocks = 24, kWidth = kBlocks * kBlockNeurons;
  std::uint32_t seed = 7;
  std::vector<float> x(kWidth, 0.0F);
  std::vector<std::byte> noise(2 * kWidth), activations(kBlocks * kActivations);
  fill(noise, seed);
  for (std::size_t i = 0; i < kWidth; ++i) {
    const auto chance = std::to_integer<int>(noise[i]);
    if (chance > 200) x[i] = static_cast<float>(std::to_integer<int>(noise[kWidth + i]) - 90) / 7;
  }
  library().cpu_traits(kQ8)->from_float(x.data(), activations.data(), kWidth);
  for (const std::int32_t type : {kQ4, kQ8}) {
    const std::size_t bits = type == kQ4 ? 4 : 8, block = kHead + bits * kBlockNeurons / 8;
    std::vector<std::byte> row(kBlocks * block), units(kBlocks * kLanes * kRowStep * bits / 2);
    std::vector<std::uint16_t> scales(kBlocks * kRowStep);
    std::vector<const std::byte*> places;
    fill(row, seed);
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const auto scale = static_cast<std::uint16_t>(0x2C00 + 37 * i);
      std::memcpy(row.data() + i * block, &scale, sizeof scale);
      scales[i * kRowStep] = scale;
      for (std::size_t j = 0; j < kBlockNeurons; ++j) {
        const std::byte both = row[i * block + kHead + (bits == 4 ? j % 16 : j)];
        const std::byte own = bits == 8 ? both ^ std::byte{0x80}
                              : j < 16  ? both & std::byte{15}
                                        : both >> 4;
        units[(i * kLanes + j / 4) * kRowStep * bits / 2 + j % 4] = own;
      }
    }
    for (std::size_t i = 0; i < kBlocks * kLanes; ++i) {
      places.push_back(units.data() + i * kRowStep * bits / 2);
    }
    std::array<std::uint32_t, kPlaces> begins{};
    std::vector<Firing> firing(kBlocks * kLanes + 1);
    list(activations.data(), kBlocks, type == kQ4 ? 8 : 128, begins.data(), firing.data());
    std::array<float, kRowStep> ours{};
    float theirs = 0;
    multiply_firing(sparse_level(),
                    {kRowStep, static_cast<std::uint32_t>(bits), scales.data(), places.data()},
                    begins.data(), firing.data(), 0, kRowStep, ours.data());
    library().cpu_traits(type)->dot(static_cast<int>(kWidth), &theirs, 0, row.data(), 0,
                                    activations.data(), 0, 1);
    if (std::memcmp(&theirs, ours.data(), sizeof theirs) != 0) {
      return "this llama.cpp sums in another order";
    }
  }
  return "";
}

ggml::Traits& neuron_product() {
  static NeuronProduct only;
  return only;
}

}  // namespace cairn::flash
