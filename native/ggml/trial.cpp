#include "ggml/trial.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <utility>

namespace cairn::ggml {
namespace {

// Numbers without rhyme, the same every time.
std::vector<float> numbers(std::size_t count) {
  std::vector<float> values(count);
  std::uint32_t state = 12345;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / static_cast<float>(1U << 23) - 1.0F;
  }
  return values;
}

// A few rows again and again: it takes long to quantize.
std::vector<std::byte> blocks_of(const Tensor& weights) {
  const Library& library = entry().library;
  const std::int64_t all = weights.ne[1] * weights.ne[2], some = std::min<std::int64_t>(all, 7);
  std::vector<std::byte> blocks(library.nbytes(&weights));
  const auto values = numbers(static_cast<std::size_t>(some * weights.ne[0]));
  const std::size_t size = library.quantize(weights.type, values.data(), blocks.data(), 0, some,
                                            weights.ne[0], nullptr);
  for (std::size_t at = size; at < blocks.size(); at += size) {
    std::memcpy(blocks.data() + at, blocks.data(), std::min(size, blocks.size() - at));
  }
  return blocks;
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

Owned<Context> open_context() {
  const Library& library = entry().library;
  return Owned<Context>(
      library.init({32 * library.tensor_overhead() + library.graph_overhead(), nullptr, true}));
}

Trial::Trial(const Shape& shape, BufferType* place)
    : weighing_(open_context()), working_(open_context()) {
  const Library& library = entry().library;
  Context *const weighing = weighing_.get(), *const working = working_.get();
  weights_ = library.new_tensor_4d(weighing, static_cast<int>(shape.type), shape.columns,
                                   shape.rows, std::max<std::int64_t>(shape.experts, 1), 1);
  if (shape.experts) {
    from_ = library.new_tensor_4d(working, kF32, shape.columns, 1, shape.tokens, 1);
    ids_ = library.new_tensor_4d(working, kI32, shape.used, shape.tokens, 1, 1);
    to_ = library.mul_mat_id(working, weights_, from_, ids_);
  } else {
    from_ = library.new_tensor_4d(working, kF32, shape.columns, shape.tokens, 1, 1);
    to_ = library.mul_mat(working, weights_, from_);
  }
  if (!fill(shape, place)) return;
  graph_ = library.new_graph(working);
  library.expand(graph_, to_);
}

bool Trial::fill(const Shape& shape, BufferType* place) {
  const Library& library = entry().library;
  if (place == &entry().type &&
      !lut::supports(entry().level, shape.type, static_cast<std::size_t>(shape.rows),
                     static_cast<std::size_t>(shape.columns))) {
    return false;
  }
  held_.reset(library.place(weighing_.get(), place));
  work_.reset(library.place(working_.get(), library.plain_type()));
  backend_.reset(library.cpu_init());
  if (!held_ || !work_ || !backend_) return false;
  auto* const extra = static_cast<ExtraType*>(place->context);
  if (place != library.plain_type() && !extra->supports(place->device, to_)) return false;
  const std::vector<std::byte> blocks = blocks_of(*weights_);
  library.set_tensor(weights_, blocks.data(), 0, blocks.size());
  if (place == &entry().type) {
    std::vector<std::byte> back(blocks.size());
    library.get_tensor(weights_, back.data(), 0, back.size());
    if (back != blocks) return false;
  }
  const std::size_t size = library.nbytes(from_);
  library.set_tensor(from_, numbers(size / sizeof(float)).data(), 0, size);
  if (ids_) {
    std::vector<std::int32_t> chosen;
    for (std::int64_t i = 0; i < shape.used * shape.tokens; ++i) {
      chosen.push_back(static_cast<std::int32_t>((2 * i + i / shape.used) % shape.experts));
    }
    library.set_tensor(ids_, chosen.data(), 0, library.nbytes(ids_));
  }
  return true;
}

bool Trial::run(int threads) {
  entry().library.cpu_set_threads(backend_.get(), threads);
  return graph_ && entry().library.compute(backend_.get(), graph_) == 0;
}

std::vector<float> Trial::results() const {
  std::vector<float> values(entry().library.nbytes(to_) / sizeof(float));
  entry().library.get_tensor(to_, values.data(), 0, values.size() * sizeof(float));
  return values;
}

Paces paces(const Shape& shape, int runs) {
  std::vector<BufferType*> others = entry().library.extra_types();
  std::erase(others, &entry().type);
  others.push_back(entry().library.plain_type());
  Trial ours(shape, &entry().type);
  std::unique_ptr<Trial> theirs;
  for (std::size_t i = 0; i < others.size() && !(theirs && theirs->is_ready()); ++i) {
    theirs = std::make_unique<Trial>(shape, others[i]);
  }
  Paces least{0, 0};
  for (int run = 0; run <= runs; ++run) {  // in turn, so that both have the same neighbours
    for (const auto& [trial, seconds] : {std::pair{&ours, &least.ours},
                                         std::pair{theirs.get(), &least.theirs}}) {
      const double begun = cpu_seconds();
      if (!trial->is_ready() || !trial->run(1)) continue;
      const double taken = cpu_seconds() - begun;
      if (run > 0 && (*seconds == 0 || taken < *seconds)) *seconds = taken;
    }
  }
  return least;
}

}  // namespace cairn::ggml
