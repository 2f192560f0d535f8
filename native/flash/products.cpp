// Products of a graph whose weights may not be in memory yet: asks for them, and computes with what
// is there while the rest is on its way. Dense ones are left to the stock kernel as soon as they
// are there; experts and rows are computed here by ggml's own functions, to the same bits.
// Runs on every one of llama.cpp's threads at once.
#include <algorithm>
#include <cstring>

#include "flash/exact.h"
#include "flash/neuron_product.h"
#include "flash/product.h"
#include "flash/store.h"
#include "flash/together.h"
#include "ggml/entry.h"

namespace cairn::flash {
namespace {

using ggml::Tensor;
using ggml::Turn;

constexpr std::size_t kLine = 64, kBlock = 16;
constexpr std::size_t kRangesPerThread = 4;

const ggml::Library& library() { return ggml::entry().library; }

void meet(const Turn& turn) {
  if (turn.nth > 1) library().barrier(turn.threadpool);
}

// With what stays in memory, and many columns.
class Together final : public ggml::Traits {
 public:
  bool work_size(int, const Tensor* op, std::size_t& size) override {
    size = together_room(*op);
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    prepare_together(*turn, *op);
    meet(*turn);
    multiply_together(*turn, *op, static_cast<const std::byte*>(op->src[0]->data));
    return true;
  }
};

class Dense final : public ggml::Traits {
 public:
  bool work_size(int, const Tensor* op, std::size_t& size) override {
    if (!goes_together(*op)) return false;
    size = together_room(*op);
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    Entry& entry = *entry_of(op->src[0]);
    Stream& stream = entry.store->stream();
    const Piece& piece = stream.piece(entry.number);
    if (turn->ith == 0) {
      stream.begin(entry.number);
      op->src[0]->data = piece.data;
    }
    const bool together = goes_together(*op);
    if (together) prepare_together(*turn, *op);
    meet(*turn);
    const auto waited = entry.store->reads().wait([&] { return piece.is_settled(); });
    if (turn->ith == 0) entry.store->waited(waited);
    if (piece.is_here() && together) multiply_together(*turn, *op, piece.data);
    if (piece.is_here()) return together;
    if (turn->ith == 0) {
      entry.store->fail();
      std::memset(op->data, 0, library().nbytes(op));
    }
    return true;
  }
};

class Rows final : public ggml::Traits {
 public:
  bool work_size(int, const Tensor*, std::size_t&) override { return false; }

  bool compute(const Turn* turn, Tensor* op) override {
    const Tensor &weights = *op->src[0], &ids = *op->src[1];
    Entry& entry = *entry_of(&weights);
    const auto unpack = library().type_traits(weights.type)->to_float;
    const std::size_t size = library().row_size(weights.type, weights.ne[0]);
    std::vector<std::byte> row(size);
    const std::int64_t count = ids.ne[0] * ids.ne[1] * ids.ne[2];
    for (std::int64_t i = turn->ith; i < count; i += turn->nth) {
      const std::int64_t a = i % ids.ne[0], b = i / ids.ne[0] % ids.ne[1],
                         c = i / ids.ne[0] / ids.ne[1];
      std::int32_t id = 0;
      std::memcpy(&id, at(ids, a, b, c, 0), sizeof id);
      if (id < 0 || id >= weights.ne[1]) continue;
      auto* const to = reinterpret_cast<float*>(at(*op, 0, a, b, c));
      entry.store->read(entry, static_cast<std::uint64_t>(id) * weights.nb[1], size, row.data());
      if (unpack) unpack(row.data(), to, weights.ne[0]);
      else std::memcpy(to, row.data(), size);
    }
    return true;
  }

 private:
  static std::byte* at(const Tensor& tensor, std::int64_t i, std::int64_t j, std::int64_t k,
                       std::int64_t l) {
    return static_cast<std::byte*>(tensor.data) + static_cast<std::size_t>(i) * tensor.nb[0] +
           static_cast<std::size_t>(j) * tensor.nb[1] + static_cast<std::size_t>(k) * tensor.nb[2] +
           static_cast<std::size_t>(l) * tensor.nb[3];
  }
};

// -- experts

// Activations as ggml's kernels want them: in the memory that all threads share, or as they are.
struct Columns {
  std::byte* data;
  std::size_t second, third;  // strides
  char* tiles;                // this thread's room for ggml's tiles, if it wants any

  const std::byte* of(const Tensor& from, const Pair& pair) const {
    return data + pair.used % static_cast<std::size_t>(from.ne[1]) * second + pair.token * third;
  }
};

class ExpertProduct final : public ggml::Traits {
 public:
  bool work_size(int threads, const Tensor* op, std::size_t& size) override {
    const Tensor& from = *op->src[1];
    const auto rows = static_cast<std::size_t>(from.ne[1] * from.ne[2]);
    size = 2 * kLine + rows * stride_of(*op) + library().tiled_room(threads, op);
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    Entry& entry = *entry_of(op->src[0]);
    Store& store = *entry.store;
    if (turn->ith == 0) plan(store, entry, *op);
    const Columns columns = quantize(*turn, *op);
    meet(*turn);
    const std::uint64_t waited = run(*turn, store, entry, *op, columns);
    if (turn->ith == 0) store.waited(waited);
    return true;
  }

 private:
  static std::size_t stride_of(const Tensor& op) {
    const int type = library().cpu_traits(op.src[0]->type)->dot_type;
    return library().row_size(type, op.src[1]->ne[0]);
  }

  static Columns quantize(const Turn& turn, const Tensor& op) {
    const Tensor& from = *op.src[1];
    const int type = library().cpu_traits(op.src[0]->type)->dot_type;
    auto* const data = static_cast<std::byte*>(from.data);
    if (type == from.type) return {data, from.nb[1], from.nb[2], nullptr};
    const auto pack = library().cpu_traits(type)->from_float;
    const std::size_t stride = stride_of(op);
    auto* const room = reinterpret_cast<std::byte*>(
        up_to(reinterpret_cast<std::uintptr_t>(turn.work), kLine));
    const auto second = static_cast<std::size_t>(from.ne[1]);
    const std::size_t count = second * static_cast<std::size_t>(from.ne[2]);
    char* tiles = nullptr;
    if (const std::size_t size = library().tiled_room(turn.nth, &op); size > kLine) {
      const std::size_t each = (size - kLine) / static_cast<std::size_t>(turn.nth);
      tiles = reinterpret_cast<char*>(room) + up_to(count * stride, kLine) +
              static_cast<std::size_t>(turn.ith) * each;
    }
    for (auto i = static_cast<std::size_t>(turn.ith); i < count;
         i += static_cast<std::size_t>(turn.nth)) {
      const std::byte* const row = data + i % second * from.nb[1] + i / second * from.nb[2];
      pack(reinterpret_cast<const float*>(row), room + i * stride, from.ne[0]);
    }
    return {room, stride, second * stride, tiles};
  }

  static void plan(Store& store, const Entry& entry, const Tensor& op) {
    Product& product = store.product();
    const Tensor& ids = *op.src[2];
    product.pairs.clear();
    product.needs.clear();
    for (std::uint32_t token = 0; token < static_cast<std::uint32_t>(ids.ne[1]); ++token) {
      for (std::uint32_t used = 0; used < static_cast<std::uint32_t>(ids.ne[0]); ++used) {
        Pair pair{0, used, token};
        std::memcpy(&pair.expert, static_cast<const std::byte*>(ids.data) + token * ids.nb[1] +
                                      used * ids.nb[0], sizeof pair.expert);
        if (pair.expert >= 0 && pair.expert < op.src[0]->ne[2]) product.pairs.push_back(pair);
      }
    }
    const auto& pairs = product.pairs;
    std::stable_sort(product.pairs.begin(), product.pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.expert < b.expert; });
    if (product.room < pairs.size()) {
      product.room = pairs.size();
      product.groups = std::make_unique<Group[]>(product.room);
    }
    product.places.clear();
    for (const Pair& pair : pairs) {
      product.places.push_back(static_cast<std::int32_t>(pair.used));
      product.places.push_back(static_cast<std::int32_t>(pair.token));
    }
    product.count = 0;
    for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
      while (end < pairs.size() && pairs[end].expert == pairs[begin].expert) ++end;
      Group& group = product.groups[product.count++];
      group.expert = pairs[begin].expert;
      group.begin = begin;
      group.end = end;
      group.next = group.finished = 0;
      product.needs.push_back({group.expert, static_cast<std::uint32_t>(end - begin)});
    }
    store.experts().settle_size();
    store.experts().begin(entry.number, entry.matrix, product.needs,
                          static_cast<std::size_t>(ids.ne[1]));
  }

  static std::uint64_t run(const Turn& turn, Store& store, const Entry& entry, const Tensor& op,
                           const Columns& columns) {
    Product& product = store.product();
    const auto rows = static_cast<std::size_t>(op.src[0]->ne[1]);
    const std::size_t ranges = kRangesPerThread * static_cast<std::size_t>(turn.nth);
    const std::size_t step = up_to(std::max<std::size_t>((rows + ranges - 1) / ranges, 1), kBlock);
    const auto parts = static_cast<std::uint32_t>((rows + step - 1) / step);
    const auto piece_of = [&](const Group& group) -> const Piece& {
      return store.experts().piece(entry.number, entry.matrix, group.expert);
    };
    const auto has_next = [&](const Group& group) {
      return group.next.load(std::memory_order_relaxed) < parts;
    };
    Group* const begin = product.groups.get();
    Group* const end = begin + product.count;
    std::uint64_t waited = 0;
    while (std::any_of(begin, end, has_next)) {
      bool has_worked = false;
      for (Group* group = begin; group != end; ++group) {
        if (!has_next(*group) || !piece_of(*group).is_settled()) continue;
        for (std::uint32_t i = group->next++; i < parts; i = group->next++) {
          has_worked = true;
          if (!piece_of(*group).is_here()) store.fail();
          if (!tile(turn, op, product, *group, piece_of(*group), columns, i, parts)) {
            multiply(op, product, *group, piece_of(*group), columns, i * step,
                     std::min(rows, (i + 1) * step));
          }
          if (++group->finished == parts) store.experts().done(entry.number, group->expert);
        }
      }
      if (has_worked) continue;
      const std::uint64_t settled = store.reads().settled();
      store.experts().advance();
      waited += store.reads().wait([&] {
        if (store.experts().is_short() && store.reads().settled() != settled) return true;
        bool is_over = true;
        for (const Group* group = begin; group != end; ++group) {
          if (!has_next(*group)) continue;
          is_over = false;
          if (piece_of(*group).is_settled()) return true;
        }
        return is_over;
      });
    }
    return waited;
  }

  // By ggml's own tiles, where it would: for a tensor of which only this expert is there.
  static bool tile(const Turn& turn, const Tensor& op, const Product& product, const Group& group,
                   const Piece& piece, const Columns& columns, std::uint32_t part,
                   std::uint32_t parts) {
    const std::size_t count = group.end - group.begin;
    if (!columns.tiles || count < 2 || !piece.is_here()) return false;
    const std::size_t each = (library().tiled_room(1, &op) - kLine);
    Tensor weights = *op.src[0], product_of_it = op;
    weights.data = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(piece.data) -
                                           static_cast<std::size_t>(group.expert) * weights.nb[2]);
    product_of_it.src[0] = &weights;
    const Turn own{static_cast<int>(part), static_cast<int>(parts), turn.room, columns.data,
                   turn.threadpool, turn.is_reference};
    return library().tiled_expert(&own, &product_of_it, group.expert,
                                  static_cast<std::int64_t>(count),
                                  product.places.data() + 2 * group.begin,
                                  columns.tiles - part * each);
  }

  static void together(const Tensor& op, const Product& product, const Group& group,
                       const Piece& piece, const Columns& columns, std::size_t first,
                       std::size_t last) {
    thread_local std::vector<const std::byte*> from;
    thread_local std::vector<float*> to;
    from.clear();
    to.clear();
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const Pair& pair = product.pairs[i];
      from.push_back(columns.of(*op.src[1], pair));
      to.push_back(reinterpret_cast<float*>(static_cast<std::byte*>(op.data) +
                                            pair.used * op.nb[1] + pair.token * op.nb[2]));
    }
    const Tensor& weights = *op.src[0];
    multiply_exactly(weights.type, piece.data, weights.nb[1],
                     static_cast<std::size_t>(weights.ne[0]), first, last, from.data(),
                     from.size(), to.data());
  }

  // By blocks, as the stock kernel does: a block of rows stays in the nearest cache.
  static void multiply(const Tensor& op, const Product& product, const Group& group,
                       const Piece& piece, const Columns& columns, std::size_t first,
                       std::size_t last) {
    const Tensor& weights = *op.src[0];
    const auto dot = library().cpu_traits(weights.type)->dot;
    const bool is_here = piece.is_here();
    if (is_here && is_exact(library(), weights.type)) {
      return together(op, product, group, piece, columns, first, last);
    }
    for (std::size_t row = first; row < last; row += kBlock) {
      const std::size_t stop = std::min(last, row + kBlock);
      for (std::size_t i = group.begin; i < group.end; ++i) {
        const Pair& pair = product.pairs[i];
        const std::byte* const column = columns.of(*op.src[1], pair);
        auto* const to = reinterpret_cast<float*>(static_cast<std::byte*>(op.data) +
                                                  pair.used * op.nb[1] + pair.token * op.nb[2]);
        for (std::size_t at = row; at < stop; ++at) {
          to[at] = 0;
          if (is_here) {
            dot(static_cast<int>(weights.ne[0]), to + at, 0, piece.data + at * weights.nb[1], 0,
                column, 0, 1);
          }
        }
      }
    }
  }
};

// -- which products are ours

class Extra final : public ggml::ExtraType {
 public:
  // All that is fixed is memory like any other; of the rest only what has a way here.
  bool supports(ggml::Device*, const Tensor* op) override {
    for (const Tensor* const from : op->src) {
      const Entry* const entry = from ? entry_of(from) : nullptr;
      if (!entry || entry->role == Role::fixed) continue;
      if (from != op->src[0] || !traits(op)) return false;
      if (op->op != operations().get_rows && op->src[1]->type != ggml::kF32) return false;
    }
    return true;
  }

  ggml::Traits* traits(const Tensor* op) override {
    const Tensor* const weights = op->src[0];
    const Entry* const entry = weights ? entry_of(weights) : nullptr;
    if (!entry || weights->view_src) return nullptr;
    if (entry->role == Role::fixed) return goes_together(*op) ? &together_ : nullptr;
    if (op->op == operations().mul_mat && entry->role == Role::neurons) return &neuron_product();
    if (entry->role == Role::neurons) return nullptr;
    if (op->op == operations().get_rows && entry->role != Role::experts) return &rows_;
    if (op->op == operations().mul_mat && entry->role == Role::dense) return &dense_;
    if (op->op == operations().mul_mat_id && entry->role == Role::experts) return &experts_;
    return nullptr;
  }

 private:
  Together together_;
  Dense dense_;
  Rows rows_;
  ExpertProduct experts_;
};

}  // namespace

ggml::ExtraType& extra_type() {
  static Extra only;
  return only;
}

}  // namespace cairn::flash
