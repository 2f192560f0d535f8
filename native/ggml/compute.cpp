// Products of a graph with our weights: quantizes the activations and hands ranges of rows to the
// kernels of lut/. Runs on every one of llama.cpp's threads at once, which take ranges until there
// are none left, so that a slow core holds nobody up.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "ggml/entry.h"

namespace cairn::ggml {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kRangesPerThread = 4;
constexpr std::size_t kLeastRange = std::size_t{1} << 15;  // bytes of weights

std::size_t up_to(std::size_t size, std::size_t step) { return (size + step - 1) / step * step; }

// Deals out the numbers below a limit to the threads of a graph. Graphs that run at once have
// different pools, and places are never given back, so that all threads of one agree on theirs.
class Dealer {
 public:
  static Dealer* of(const Threadpool* pool) {
    static std::array<Dealer, 256> all;
    for (Dealer& each : all) {
      const Threadpool* owner = each.owner_.load(std::memory_order_acquire);
      if (owner == nullptr && each.owner_.compare_exchange_strong(owner, pool)) return &each;
      if (owner == pool) return &each;
    }
    return nullptr;
  }

  std::size_t next() { return next_.fetch_add(1, std::memory_order_relaxed); }

  // Each thread once; the last one makes it new, before the barrier that ends every operation.
  void finish(int threads) {
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
      done_.store(0, std::memory_order_relaxed);
      next_.store(0, std::memory_order_release);
    }
  }

 private:
  alignas(kLine) std::atomic<const Threadpool*> owner_{nullptr};
  std::atomic<std::size_t> next_{0};
  std::atomic<int> done_{0};
};

template <typename Work>
void deal(const Turn& turn, std::size_t count, Work&& work) {
  Dealer* const dealer = turn.nth > 1 ? Dealer::of(turn.threadpool) : nullptr;
  if (!dealer) {
    for (auto i = static_cast<std::size_t>(turn.ith); i < count;
         i += static_cast<std::size_t>(turn.nth)) {
      work(i);
    }
    return;
  }
  for (std::size_t i = dealer->next(); i < count; i = dealer->next()) work(i);
  dealer->finish(turn.nth);
}

struct Ranges {
  std::size_t rows, step, count;

  Ranges(const Weights& weights, int threads) : rows(weights.rows) {
    const std::size_t unit = lut::row_step(entry().level, weights.type);
    const std::size_t least = kLeastRange * rows / std::max<std::size_t>(weights.packed, 1);
    const std::size_t even = rows / (kRangesPerThread * static_cast<std::size_t>(threads));
    step = threads == 1 ? rows : up_to(std::max({least, even, unit}), unit);
    count = (rows + step - 1) / step;
  }

  std::size_t begin(std::size_t i) const { return i * step; }
  std::size_t end(std::size_t i) const { return std::min(rows, (i + 1) * step); }
};

// Room for quantized columns in the memory that all threads of a graph share.
struct Columns {
  std::byte* data;
  std::size_t stride;

  Columns(const Turn& turn, const Weights& weights)
      : data(reinterpret_cast<std::byte*>(
            up_to(reinterpret_cast<std::uintptr_t>(turn.work), kLine))),
        stride(lut::activation_bytes(weights.type, weights.columns)) {}

  std::byte* at(std::size_t i) const { return data + i * stride; }
};

void quantize(const Weights& weights, const std::byte* column, std::byte* to) {
  lut::quantize(entry().level, weights.type, reinterpret_cast<const float*>(column),
                weights.columns, to);
}

void multiply(const Weights& weights, std::size_t matrix, std::size_t begin, std::size_t end,
              const std::byte* columns, std::size_t stride, std::size_t count, float* to,
              std::size_t to_stride) {
  lut::multiply(entry().level, weights.type, weights.data + matrix * weights.packed, weights.rows,
                weights.columns, begin, end, columns, stride, count, to, to_stride);
}

// Column i of a tensor whose second to fourth dimensions count columns.
std::byte* column_of(const Tensor& tensor, std::size_t i) {
  const auto second = static_cast<std::size_t>(tensor.ne[1]);
  const auto third = static_cast<std::size_t>(tensor.ne[2]);
  return static_cast<std::byte*>(tensor.data) + i % second * tensor.nb[1] +
         i / second % third * tensor.nb[2] + i / second / third * tensor.nb[3];
}

std::size_t columns_in(const Tensor& tensor) {
  return static_cast<std::size_t>(tensor.ne[1] * tensor.ne[2] * tensor.ne[3]);
}

// One column is quantized by each thread for itself, which takes less time than waiting for others.
bool is_alone(const Tensor& op) { return columns_in(*op.src[1]) == 1; }

class Product final : public Traits {
 public:
  bool work_size(int threads, const Tensor* op, std::size_t& size) override {
    const Weights weights = weights_of(*op->src[0]);
    const std::size_t count =
        is_alone(*op) ? static_cast<std::size_t>(threads) : columns_in(*op->src[1]);
    size = kLine + count * lut::activation_bytes(weights.type, weights.columns);
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    const Weights weights = weights_of(*op->src[0]);
    const Columns columns(*turn, weights);
    const Tensor& from = *op->src[1];
    const std::size_t count = columns_in(from);
    const std::byte* first = columns.data;
    if (is_alone(*op)) {
      std::byte* const own = columns.at(static_cast<std::size_t>(turn->ith));
      quantize(weights, column_of(from, 0), own);
      first = own;
    } else {
      for (auto i = static_cast<std::size_t>(turn->ith); i < count;
           i += static_cast<std::size_t>(turn->nth)) {
        quantize(weights, column_of(from, i), columns.at(i));
      }
      entry().library.barrier(turn->threadpool);
    }
    const Ranges ranges(weights, turn->nth);
    deal(*turn, ranges.count, [&](std::size_t i) {
      multiply(weights, 0, ranges.begin(i), ranges.end(i), first, columns.stride, count,
               static_cast<float*>(op->data), op->nb[1] / sizeof(float));
    });
    return true;
  }
};

// -- products with the experts that a router has chosen for each token

struct Pair {
  std::int32_t expert;
  std::size_t used, token;
};

// Ordered by expert; whoever is alone with one is no special case.
const std::vector<Pair>& pairs_of(const Tensor& ids) {
  thread_local std::vector<Pair> pairs;
  pairs.clear();
  const auto* const data = static_cast<const std::byte*>(ids.data);
  for (std::size_t token = 0; token < static_cast<std::size_t>(ids.ne[1]); ++token) {
    for (std::size_t used = 0; used < static_cast<std::size_t>(ids.ne[0]); ++used) {
      Pair pair{0, used, token};
      std::memcpy(&pair.expert, data + token * ids.nb[1] + used * ids.nb[0], sizeof pair.expert);
      pairs.push_back(pair);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.expert < b.expert; });
  return pairs;
}

// Where the pairs of each expert begin, and the end; `alone`, each pair is a group of its own.
const std::vector<std::size_t>& groups_of(const std::vector<Pair>& pairs, bool alone) {
  thread_local std::vector<std::size_t> begins;
  begins.clear();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (alone || i == 0 || pairs[i].expert != pairs[i - 1].expert) begins.push_back(i);
  }
  begins.push_back(pairs.size());
  return begins;
}

class ExpertProduct final : public Traits {
 public:
  bool work_size(int threads, const Tensor* op, std::size_t& size) override {
    const Weights weights = weights_of(*op->src[0]);
    const auto pairs = static_cast<std::size_t>(op->src[2]->ne[0] * op->src[2]->ne[1]);
    const std::size_t count = is_alone(*op) ? static_cast<std::size_t>(threads) : pairs;
    size = kLine + count * lut::activation_bytes(weights.type, weights.columns) +
           pairs * up_to(weights.rows * sizeof(float), kLine);
    return true;
  }

  bool compute(const Turn* turn, Tensor* op) override {
    const Weights weights = weights_of(*op->src[0]);
    const Columns columns(*turn, weights);
    const Tensor& from = *op->src[1];
    const std::vector<Pair>& pairs = pairs_of(*op->src[2]);
    const bool alone = is_alone(*op);
    std::byte* const own = columns.at(static_cast<std::size_t>(turn->ith));
    if (alone) {
      quantize(weights, column_of(from, 0), own);
    } else {
      const auto each = static_cast<std::size_t>(from.ne[1]);
      for (auto i = static_cast<std::size_t>(turn->ith); i < pairs.size();
           i += static_cast<std::size_t>(turn->nth)) {
        quantize(weights, column_of(from, pairs[i].token * each + pairs[i].used % each),
                 columns.at(i));
      }
      entry().library.barrier(turn->threadpool);
    }
    const std::size_t taken = alone ? static_cast<std::size_t>(turn->nth) : pairs.size();
    float* const room = reinterpret_cast<float*>(columns.at(taken));
    const std::vector<std::size_t>& begins = groups_of(pairs, alone);
    const Ranges ranges(weights, turn->nth);
    deal(*turn, (begins.size() - 1) * ranges.count, [&](std::size_t i) {
      const std::size_t group = i / ranges.count, range = i % ranges.count;
      const Group found{pairs.data() + begins[group], begins[group + 1] - begins[group],
                        begins[group]};
      run(weights, *op, found, ranges.begin(range), ranges.end(range),
          alone ? own : columns.at(found.first), columns.stride, room);
    });
    return true;
  }

 private:
  struct Group {
    const Pair* pairs;
    std::size_t count, first;
  };

  // What belongs to one expert lies together in `room`, and goes to where its tokens are.
  static void run(const Weights& weights, const Tensor& op, const Group& group, std::size_t begin,
                  std::size_t end, const std::byte* columns, std::size_t stride, float* room) {
    const auto expert = static_cast<std::size_t>(group.pairs[0].expert);
    if (group.count == 1) {
      return multiply(weights, expert, begin, end, columns, stride, 1, place_of(op, group.pairs[0]),
                      weights.rows);
    }
    const std::size_t width = up_to(weights.rows, kLine / sizeof(float));
    float* const to = room + group.first * width;
    multiply(weights, expert, begin, end, columns, stride, group.count, to, width);
    for (std::size_t i = 0; i < group.count; ++i) {
      std::copy(to + i * width + begin, to + i * width + end, place_of(op, group.pairs[i]) + begin);
    }
  }

  static float* place_of(const Tensor& op, const Pair& pair) {
    return reinterpret_cast<float*>(static_cast<std::byte*>(op.data) + pair.used * op.nb[1] +
                                    pair.token * op.nb[2]);
  }
};

// -- which products are ours

bool is_ours(const Tensor* op) {
  const Tensor* const weights = op->src[0];
  return (op->op == entry().mul_mat || op->op == entry().mul_mat_id) && weights->buffer &&
         weights->buffer->type == &entry().type;
}

class Extra final : public ExtraType {
 public:
  bool supports(Device*, const Tensor* op) override {
    if (!is_ours(op)) return false;
    const Tensor &weights = *op->src[0], &from = *op->src[1];
    // What has been loaded stays supported; a buffer without context only asks before that.
    const bool chosen = weights.buffer->context ||
                        (weights.type < 64 && (entry().types >> weights.type & 1));
    const bool plain = !weights.view_src && weights.ne[3] == 1 && from.type == kF32 &&
                       from.nb[0] == sizeof(float) && (!from.buffer || is_host(*from.buffer));
    const bool matrices = op->op == entry().mul_mat_id || weights.ne[2] == 1;
    return chosen && plain && matrices &&
           lut::supports(entry().level, static_cast<lut::Type>(weights.type),
                         static_cast<std::size_t>(weights.ne[1]),
                         static_cast<std::size_t>(weights.ne[0]));
  }

  Traits* traits(const Tensor* op) override {
    if (!is_ours(op)) return nullptr;
    if (op->op == entry().mul_mat_id) return &experts_;
    return &product_;
  }

 private:
  static bool is_host(const Buffer& buffer) {
    return buffer.type->calls.is_host && buffer.type->calls.is_host(buffer.type);
  }

  Product product_;
  ExpertProduct experts_;
};

}  // namespace

ExtraType& extra_type() {
  static Extra only;
  return only;
}

}  // namespace cairn::ggml
