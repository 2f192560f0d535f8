// Checks every level of the encoder that this CPU can run against the plain one, without Python:
// for sanitizers and for emulators of other architectures. Built by native/CMakeLists.txt with
// -DCAIRN_NATIVE_CHECK=ON; prints one line a level and exits with 1 at the first difference.
#include <cstdio>
#include <cstring>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "encode/encoder.h"
#include "encode/kernels.h"

namespace {

using namespace cairn::encode;
using Random = std::mt19937;

// A model of random weights, each tensor sized to the byte, so that AddressSanitizer sees a read
// past any end.
struct File {
  Shape shape;
  std::map<std::string, std::vector<std::uint8_t>> bytes;
  std::map<std::string, Tensor> tensors;

  void add_codes(Random& random, const std::string& name, std::size_t rows, std::size_t columns) {
    auto& data = bytes[name];
    data.resize(rows * columns / kBlock * (2 + kBlock));
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
    for (std::size_t i = 0; i < data.size(); i += 2 + kBlock) {
      data[i + 1] = static_cast<std::uint8_t>(0x10 + random() % 4);  // a scale near 0.001
    }
    tensors[name] = {Format::q8_0, rows, columns, data};
  }

  void add_numbers(Random& random, const std::string& name, std::size_t rows, std::size_t columns,
                   float around) {
    std::uniform_real_distribution<float> some(around - 0.1f, around + 0.1f);
    auto& data = bytes[name];
    data.resize(rows * columns * sizeof(float));
    for (std::size_t i = 0; i < data.size(); i += sizeof(float)) {
      const float value = some(random);
      std::memcpy(data.data() + i, &value, sizeof value);
    }
    tensors[name] = {Format::f32, rows, columns, data};
  }

  void add_norm(Random& random, const std::string& name) {
    add_numbers(random, name + ".weight", 1, shape.width, 1);
    add_numbers(random, name + ".bias", 1, shape.width, 0);
  }

  void add_matrix(Random& random, const std::string& name, std::size_t rows, std::size_t columns) {
    add_codes(random, name + ".weight", rows, columns);
    add_numbers(random, name + ".bias", 1, rows, 0);
  }
};

File make_file(Random& random, const Shape& shape) {
  File file{shape, {}, {}};
  file.add_codes(random, "token_embd.weight", shape.vocabulary, shape.width);
  file.add_numbers(random, "position_embd.weight", shape.positions, shape.width, 0);
  file.add_numbers(random, "token_types.weight", 2, shape.width, 0);
  file.add_norm(random, "token_embd_norm");
  for (std::size_t l = 0; l < shape.layers; ++l) {
    const std::string stem = "blk." + std::to_string(l) + ".";
    for (const char* name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
      file.add_matrix(random, stem + name, shape.width, shape.width);
    }
    file.add_matrix(random, stem + "ffn_up", shape.hidden, shape.width);
    file.add_matrix(random, stem + "ffn_down", shape.width, shape.hidden);
    file.add_norm(random, stem + "attn_output_norm");
    file.add_norm(random, stem + "layer_output_norm");
  }
  return file;
}

std::vector<float> states(const std::string& level, const File& file,
                          const std::vector<std::vector<std::int32_t>>& texts,
                          std::size_t threads) {
  const Kernels& kernels = kernels_named(level);
  Encoder encoder(kernels, build(kernels, file.shape, file.tensors));
  std::vector<std::span<const std::int32_t>> each(texts.begin(), texts.end());
  std::size_t rows = 0;
  for (const auto& text : texts) rows += text.size();
  std::vector<float> out(rows * file.shape.width);
  encoder.states(each, threads, out.data());
  encoder.states(each, threads, out.data());
  return out;
}

// The largest scales that there are: nothing sensible comes out, and nothing may break.
void overflow(File file, const std::vector<std::vector<std::int32_t>>& texts) {
  for (auto& [name, data] : file.bytes) {
    if (file.tensors[name].format != Format::q8_0) continue;
    for (std::size_t i = 0; i < data.size(); i += 2 + kBlock) data[i] = 0xFF, data[i + 1] = 0x7B;
  }
  for (const std::string& level : kernel_names()) states(level, file, texts, 2);
}

bool refuses(File file, const std::string& name) {
  file.tensors[name].bytes = file.tensors[name].bytes.first(file.tensors[name].bytes.size() - 1);
  try {
    build(kernels_named("scalar"), file.shape, file.tensors);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

bool is_same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

int main() {
  Random random(1);
  for (const Shape& shape :
       {Shape{64, 96, 2, 2, 30, 80, 1e-12f}, Shape{128, 64, 2, 1, 20, 70, 1e-6f}}) {
    const File file = make_file(random, shape);
    for (const auto& [name, tensor] : file.tensors) {
      if (!refuses(file, name)) return std::printf("%s: cut off and taken\n", name.c_str()), 1;
    }
    std::vector<std::vector<std::int32_t>> texts;
    for (const std::size_t size : {1, 2, 7, 16, 33, 64, 70}) {
      auto& text = texts.emplace_back(size);
      for (auto& token : text) token = static_cast<std::int32_t>(random() % shape.vocabulary);
    }
    overflow(make_file(random, shape), texts);
    const auto expected = states("scalar", file, texts, 1);
    for (const std::string& level : kernel_names()) {
      for (const std::size_t threads : {1, 2, 3, 16}) {
        if (!is_same(states(level, file, texts, threads), expected)) {
          return std::printf("%s: another result with %zu threads\n", level.c_str(), threads), 1;
        }
      }
      std::printf("%s: same\n", level.c_str());
    }
  }
  return 0;
}
