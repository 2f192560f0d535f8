#include "flash/together.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <new>
#include <vector>

#include "flash/exact.h"
#include "flash/store.h"
#include "ggml/entry.h"

namespace cairn::flash {
namespace {

using ggml::Tensor;
using ggml::Turn;

constexpr std::int64_t kMany = 8;
constexpr std::size_t kLine = 64, kRows = 4, kRangesPerThread = 4;
constexpr std::size_t kNear = 4096;  // blocks of columns that the nearer caches hold

const ggml::Library& library() { return ggml::entry().library; }

// The threads' memory for one product: what is next to be computed, and the columns.
struct Room {
  std::atomic<std::uint32_t>* next;
  std::byte* columns;
  std::size_t stride;
};

std::size_t stride_of(const Tensor& op) {
  const int type = library().cpu_traits(op.src[0]->type)->dot_type;
  return library().row_size(type, op.src[1]->ne[0]);
}

Room room_of(const Turn& turn, const Tensor& op) {
  const auto address = up_to(reinterpret_cast<std::uintptr_t>(turn.work), kLine);
  auto* const begin = reinterpret_cast<std::byte*>(address);
  return {reinterpret_cast<std::atomic<std::uint32_t>*>(begin), begin + kLine, stride_of(op)};
}

}  // namespace

bool goes_together(const Tensor& op) {
  if (op.op != operations().mul_mat) return false;
  const Tensor &weights = *op.src[0], &from = *op.src[1];
  return from.ne[1] >= kMany && from.ne[2] == 1 && from.ne[3] == 1 && weights.ne[2] == 1 &&
         weights.ne[3] == 1 && from.type == ggml::kF32 && from.nb[0] == sizeof(float) &&
         is_exact(library(), weights.type);
}

std::size_t together_room(const Tensor& op) {
  return 2 * kLine + static_cast<std::size_t>(op.src[1]->ne[1]) * stride_of(op);
}

void prepare_together(const Turn& turn, const Tensor& op) {
  const Tensor& from = *op.src[1];
  const Room room = room_of(turn, op);
  if (turn.ith == 0) new (room.next) std::atomic<std::uint32_t>(0);
  const int type = library().cpu_traits(op.src[0]->type)->dot_type;
  const auto pack = library().cpu_traits(type)->from_float;
  const auto step = static_cast<std::size_t>(turn.nth);
  for (auto i = static_cast<std::size_t>(turn.ith); i < static_cast<std::size_t>(from.ne[1]);
       i += step) {
    const auto* const column = static_cast<const std::byte*>(from.data) + i * from.nb[1];
    pack(reinterpret_cast<const float*>(column), room.columns + i * room.stride, from.ne[0]);
  }
}

void multiply_together(const Turn& turn, const Tensor& op, const std::byte* rows) {
  const Tensor& weights = *op.src[0];
  const Room room = room_of(turn, op);
  const auto width = static_cast<std::size_t>(weights.ne[0]);
  const auto count = static_cast<std::size_t>(weights.ne[1]);
  std::vector<const std::byte*> from;
  std::vector<float*> to;
  for (std::size_t i = 0; i < static_cast<std::size_t>(op.src[1]->ne[1]); ++i) {
    from.push_back(room.columns + i * room.stride);
    to.push_back(reinterpret_cast<float*>(static_cast<std::byte*>(op.data) + i * op.nb[1]));
  }
  const std::size_t some = std::max<std::size_t>(kNear * 32 / width, 16);
  const std::size_t ranges = kRangesPerThread * static_cast<std::size_t>(turn.nth);
  const std::size_t step = up_to((count + ranges - 1) / ranges, kRows);
  for (std::size_t at = step * (*room.next)++; at < count; at = step * (*room.next)++) {
    for (std::size_t i = 0; i < from.size(); i += some) {
      multiply_exactly(weights.type, rows, weights.nb[1], width, at, std::min(count, at + step),
                       &from[i], std::min(some, from.size() - i), &to[i]);
    }
  }
}

}  // namespace cairn::flash
