// One run of the encoder: sequences of tokens one after the other, and the places where their rows
// lie while they go through the layers. Made by encoder.cpp, worked on by forward.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "encode/lanes.h"
#include "encode/model.h"

namespace cairn::encode {

struct Sequence {
  std::size_t first = 0, count = 0;  // rows
  std::size_t keys = 0;              // its first block of 16 keys; it has an even number of them
};

struct Pack {
  std::size_t rows = 0, key_blocks = 0;
  const std::int32_t* tokens = nullptr;
  float* states = nullptr;  // [row][width]; what comes out in the end
  std::vector<Sequence> sequences;
  std::vector<std::uint32_t> owner;  // of each row, which sequence
  Aligned<float> queries;            // [row][width]
  // Of even layers and of odd ones: a thread may be a layer ahead of another.
  Aligned<float> keys[2];    // [head][block of 16 keys][dimension][key]
  Aligned<float> values[2];  // [head][row][dimension]
  Aligned<Codes> codes, context;  // [row][width / 32]
  Aligned<Codes> inner;           // [row][hidden / 32]
};

// What one thread does of a pack: some of the rows.
struct Part {
  std::size_t from = 0, to = 0;
  float* scores = nullptr;  // 8 rows of as many keys as the longest sequence may have
};

struct Gate {  // where the threads of a pack wait for each other
  virtual ~Gate() = default;
  virtual void pass() = 0;
};

using Forward = void (*)(const Model&, Pack&, const Part&, Gate&);
// Values times a matrix, for tests.
using Product = void (*)(const Matrix&, const float* values, std::size_t rows, float* out);

struct Kernels {
  Forward forward = nullptr;
  Product product = nullptr;
  std::uint8_t flip = 0;
};

extern const Kernels kScalar;
#if defined(__x86_64__)
extern const Kernels kAvx2, kAvxVnni, kAvx512Vnni;
#elif defined(__aarch64__)
extern const Kernels kNeonDotprod;
#endif

}  // namespace cairn::encode
