// A product of made-up weights, computed by llama.cpp's CPU in a graph of its own: its results and
// how long it takes, with the weights wherever one wants them. Used by check.cpp and bind.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ggml/entry.h"

namespace cairn::ggml {

struct Close {
  void operator()(Context* context) const { entry().library.free(context); }
  void operator()(Buffer* buffer) const { entry().library.buffer_free(buffer); }
  void operator()(Backend* backend) const { entry().library.backend_free(backend); }
};
template <typename T>
using Owned = std::unique_ptr<T, Close>;

Owned<Context> open_context();

struct Shape {
  lut::Type type;
  std::int64_t rows, columns, tokens;
  std::int64_t experts = 0, used = 0;  // 0 for a product with one matrix
};

class Trial {
 public:
  // With the weights in a buffer of `place`, one of the types that the CPU knows.
  Trial(const Shape& shape, BufferType* place);

  // False where that buffer can't take such weights, or does not give back what it was given.
  bool is_ready() const { return graph_ != nullptr; }
  bool run(int threads);
  std::vector<float> results() const;

 private:
  bool fill(const Shape& shape, BufferType* place);

  // The order matters: what is below is given back before what is above.
  Owned<Context> weighing_, working_;
  Owned<Buffer> held_, work_;
  Owned<Backend> backend_;
  Tensor *weights_, *from_, *ids_ = nullptr, *to_;
  Graph* graph_ = nullptr;
};

// Seconds of processor time that one thread needs, the least of several runs: ours, and the way
// that llama.cpp would go with extra buffers but without us. 0 where a way is not to be had.
struct Paces {
  double ours, theirs;
};
Paces paces(const Shape& shape, int runs);

}  // namespace cairn::ggml
