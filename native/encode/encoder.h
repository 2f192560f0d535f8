// A BERT encoder over weights in Q8_0: token ids -> the state of each token. Made by bind.cpp from
// the tensors of a GGUF file. The states of a sequence are the same bits whatever is encoded beside
// it, on however many threads, at whichever level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "encode/model.h"
#include "encode/pack.h"

namespace cairn::encode {

enum class Format : std::uint8_t { f32, f16, q8_0 };

struct Tensor {  // as in the file: `rows` of `columns` values
  Format format;
  std::size_t rows, columns;
  std::span<const std::uint8_t> bytes;
};

// Throws std::invalid_argument if a tensor is missing or of another shape or format.
// The bytes of "token_embd.weight" must outlive the model.
Model build(const Kernels& kernels, const Shape& shape,
            const std::map<std::string, Tensor>& tensors);

// [rows][columns of weights, filled up to a multiple of 32], for tests of the kernels.
std::vector<float> product(const Kernels& kernels, const Tensor& weights,
                           std::span<const float> values);

class Crew;
struct Run;

class Encoder {
 public:
  Encoder(const Kernels& kernels, Model model);
  ~Encoder();

  const Shape& shape() const { return model_.shape; }

  // The states of each sequence, one after the other, [token][width]; throws std::invalid_argument
  // for a token or a length that the model doesn't know. One call at a time.
  void states(std::span<const std::span<const std::int32_t>> sequences, std::size_t threads,
              float* out);

 private:
  std::mutex mutex_;
  Forward forward_;
  Model model_;
  std::unique_ptr<Crew> crew_;
  std::vector<std::unique_ptr<Run>> runs_;  // one a thread, kept for their memory
};

}  // namespace cairn::encode
