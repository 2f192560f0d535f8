// Tensors as a GGUF file has them -> a model in the kernels' layout. Nothing of the file is
// believed: whatever is missing, or of another shape or size than it should be, is an error.
#include <cmath>
#include <stdexcept>
#include <utility>

#include "encode/encoder.h"
#include "encode/rows.h"

namespace cairn::encode {
namespace {

constexpr std::size_t kBlockBytes = 2 + kBlock;  // a scale of 16 bits and the codes
constexpr std::size_t kMost = 1 << 20;           // of anything that a shape counts

using Tensors = std::map<std::string, Tensor>;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

std::uint16_t half_at(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}

float finite(float value, const std::string& name) {
  if (!std::isfinite(value)) refuse(name + " holds a number that is none");
  return value;
}

std::size_t bytes_of(const Tensor& tensor) {
  const std::size_t values = tensor.rows * tensor.columns;
  switch (tensor.format) {
    case Format::f32: return values * 4;
    case Format::f16: return values * 2;
    default: return values / kBlock * kBlockBytes;
  }
}

const Tensor& find(const Tensors& tensors, const std::string& name, std::size_t rows,
                   std::size_t columns) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) refuse(name + " is missing");
  const Tensor& tensor = found->second;
  if (tensor.rows != rows || tensor.columns != columns) refuse(name + " is of another shape");
  if (tensor.bytes.size() != bytes_of(tensor)) refuse(name + " is cut off");
  return tensor;
}

std::vector<float> numbers(const Tensors& tensors, const std::string& name, std::size_t rows,
                           std::size_t columns) {
  const Tensor& tensor = find(tensors, name, rows, columns);
  std::vector<float> values(rows * columns);
  const std::uint8_t* at = tensor.bytes.data();
  for (float& value : values) {
    if (tensor.format == Format::f32) {
      __builtin_memcpy(&value, at, 4);
      at += 4;
    } else if (tensor.format == Format::f16) {
      value = from_half<void>(half_at(at));
      at += 2;
    } else {
      refuse(name + " is in another number format than 16 or 32 bits");
    }
    finite(value, name);
  }
  return values;
}

// Adds a tensor's outputs to a matrix, behind the `from` that it has.
void place(const Tensor& tensor, const std::string& name, std::uint8_t flip, std::size_t from,
           Matrix& matrix) {
  if (tensor.format != Format::q8_0) refuse(name + " is not in the number format Q8_0");
  const std::uint8_t* block = tensor.bytes.data();
  for (std::size_t o = from; o < from + tensor.rows; ++o) {
    for (std::size_t b = 0; b < matrix.blocks; ++b, block += kBlockBytes) {
      const std::size_t at = (o / kBlock * matrix.blocks + b) * kBlock;
      matrix.scales.data()[at + o % kBlock] = finite(from_half<void>(half_at(block)), name);
      std::uint8_t* const codes = matrix.codes.data() + at * kBlock + o % kBlock * kGroup;
      for (std::size_t i = 0; i < kBlock; ++i) {
        codes[i / kGroup * kGroup * kBlock + i % kGroup] = block[2 + i] ^ flip;
      }
    }
  }
}

Matrix matrix_of(std::size_t outputs, std::size_t inputs, std::uint8_t flip) {
  Matrix matrix;
  matrix.outputs = (outputs + kBlock - 1) / kBlock * kBlock;
  matrix.blocks = inputs / kBlock;
  matrix.codes = Aligned<std::uint8_t>(matrix.outputs * inputs);
  matrix.scales = Aligned<float>(matrix.outputs * matrix.blocks);
  if (matrix.outputs != outputs) {  // what is not filled is multiplied too
    std::fill_n(matrix.codes.data(), matrix.codes.size(), flip);
    std::fill_n(matrix.scales.data(), matrix.scales.size(), 0.0f);
  }
  return matrix;
}

class Builder {
 public:
  Builder(const Shape& shape, const Tensors& tensors, std::uint8_t flip)
      : shape_(shape), tensors_(tensors), flip_(flip) {}

  Layer layer(std::size_t number) const {
    const std::string stem = "blk." + std::to_string(number) + ".";
    const std::size_t width = shape_.width, hidden = shape_.hidden;
    Layer layer;
    layer.qkv = matrix({stem + "attn_q", stem + "attn_k", stem + "attn_v"}, width, width);
    layer.output = matrix({stem + "attn_output"}, width, width);
    layer.up = matrix({stem + "ffn_up"}, hidden, width);
    layer.down = matrix({stem + "ffn_down"}, width, hidden);
    layer.attention_norm = norm(stem + "attn_output_norm");
    layer.output_norm = norm(stem + "layer_output_norm");
    return layer;
  }

  Norm norm(const std::string& name) const {
    return {numbers(tensors_, name + ".weight", 1, shape_.width),
            numbers(tensors_, name + ".bias", 1, shape_.width)};
  }

 private:
  Matrix matrix(const std::vector<std::string>& names, std::size_t outputs,
                std::size_t inputs) const {
    Matrix made = matrix_of(names.size() * outputs, inputs, flip_);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string weight = names[i] + ".weight";
      place(find(tensors_, weight, outputs, inputs), weight, flip_, i * outputs, made);
      const auto bias = numbers(tensors_, names[i] + ".bias", 1, outputs);
      made.bias.insert(made.bias.end(), bias.begin(), bias.end());
    }
    return made;
  }

  const Shape& shape_;
  const Tensors& tensors_;
  const std::uint8_t flip_;
};

void check(const Shape& shape) {
  for (const std::size_t count : {shape.width, shape.hidden, shape.heads, shape.layers,
                                  shape.vocabulary, shape.positions}) {
    if (count == 0 || count > kMost) refuse("the model is of an impossible shape");
  }
  const bool is_even = shape.width % shape.heads == 0;
  if (!is_even || (shape.head() != 32 && shape.head() != 64)) {
    refuse("the model's attention heads are neither 32 nor 64 wide");
  }
  if (shape.hidden % kBlock != 0) refuse("the model's hidden layers are no multiple of 32 wide");
  if (!(shape.epsilon > 0 && shape.epsilon < 1)) refuse("the model's epsilon is out of bounds");
}

}  // namespace

Model build(const Kernels& kernels, const Shape& shape, const Tensors& tensors) {
  check(shape);
  Model model;
  model.shape = shape;
  const Tensor& tokens = find(tensors, "token_embd.weight", shape.vocabulary, shape.width);
  if (tokens.format != Format::q8_0) refuse("token_embd.weight is not in the number format Q8_0");
  model.tokens = tokens.bytes.data();
  model.places = numbers(tensors, "position_embd.weight", shape.positions, shape.width);
  // Every token is of the first type.
  const auto types = tensors.find("token_types.weight");
  if (types == tensors.end() || types->second.rows > kMost) refuse("token_types.weight is missing");
  const auto type = numbers(tensors, "token_types.weight", types->second.rows, shape.width);
  if (type.size() < shape.width) refuse("token_types.weight is of another shape");
  for (std::size_t i = 0; i < model.places.size(); ++i) model.places[i] += type[i % shape.width];
  const Builder builder(shape, tensors, kernels.flip);
  model.norm = builder.norm("token_embd_norm");
  for (std::size_t l = 0; l < shape.layers; ++l) model.layers.push_back(builder.layer(l));
  return model;
}

std::vector<float> product(const Kernels& kernels, const Tensor& weights,
                           std::span<const float> values) {
  const bool is_whole = weights.columns > 0 && weights.columns % kBlock == 0;
  if (!is_whole || weights.rows == 0 || weights.bytes.size() != bytes_of(weights) ||
      values.size() % weights.columns != 0) {
    refuse("the shapes of weights and values disagree");
  }
  Matrix matrix = matrix_of(weights.rows, weights.columns, kernels.flip);
  place(weights, "weights", kernels.flip, 0, matrix);
  const std::size_t rows = values.size() / weights.columns;
  std::vector<float> out(rows * matrix.outputs);
  kernels.product(matrix, values.data(), rows, out.data());
  return out;
}

}  // namespace cairn::encode
