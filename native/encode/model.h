// A BERT encoder's weights, packed for the kernels: what encoder.cpp builds from the tensors of a
// file and forward.h runs. A matrix lies in panels of 32 outputs, so that one load holds the same
// four inputs of 16 outputs; each 32 inputs of an output have one scale, as in ggml's Q8_0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace cairn::encode {

constexpr std::size_t kBlock = 32;  // values that share a scale, and outputs of a panel
constexpr std::size_t kGroup = 4;   // inputs that are multiplied by one instruction
constexpr std::size_t kPanelBytes = kBlock * kBlock;  // codes of one block of a panel

// A row's 32 values as codes * scale. `bias` is -128 * the sum of the codes: what a kernel that
// reads weights as weight + 128 has too much.
struct Codes {
  float scale;
  std::int32_t bias;
  std::int8_t at[kBlock];
};

template <typename T>
class Aligned {  // cache-line aligned storage; its values are left as they are
 public:
  Aligned() = default;
  explicit Aligned(std::size_t size)
      : values_(static_cast<T*>(::operator new(size * sizeof(T), std::align_val_t{64}))),
        size_(size) {}
  T* data() { return values_.get(); }
  const T* data() const { return values_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* values) const { ::operator delete(values, std::align_val_t{64}); }
  };
  std::unique_ptr<T, Free> values_;
  std::size_t size_ = 0;
};

struct Matrix {
  std::size_t outputs = 0;  // a multiple of 32; what a file lacks of it is zero
  std::size_t blocks = 0;   // inputs / 32
  Aligned<std::uint8_t> codes;  // [panel][block][group of 4 inputs][output][input]
  Aligned<float> scales;        // [panel][block][output]
  std::vector<float> bias;      // [output]
};

struct Norm {
  std::vector<float> weight, bias;
};

struct Layer {
  Matrix qkv, output, up, down;
  Norm attention_norm, output_norm;
};

struct Shape {
  std::size_t width = 0, hidden = 0, heads = 0, layers = 0, vocabulary = 0, positions = 0;
  float epsilon = 0;
  std::size_t head() const { return width / heads; }
};

struct Model {
  Shape shape;
  const std::uint8_t* tokens = nullptr;  // Q8_0 blocks of the file, which outlive the model
  std::vector<float> places;             // [position][width]: its vector and that of the text
  Norm norm;
  std::vector<Layer> layers;
};

}  // namespace cairn::encode
