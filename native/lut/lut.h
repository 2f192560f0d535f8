// Products of low-bit weight matrices: turns the blocks of a GGUF tensor into a layout of 16
// interleaved rows, and that with quantized columns of activations into float32 columns.
// Called by bind.cpp and by ggml/, from any number of threads at once; nothing here allocates,
// throws or keeps state. Call the other functions only where supports() is true.
// Invariant: every level and every `count` gives the same bits, because sums within a block are
// exact integers and blocks are added in ascending order (the order is spelled out in formats.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "dispatch.h"

namespace cairn::lut {

// The numbers are ggml's.
enum class Type : std::uint32_t {
  q4_0 = 2, q8_0 = 8, q2_k = 10, q3_k = 11, q4_k = 12, q6_k = 14, tq1_0 = 34, tq2_0 = 35,
};

// Whether this build, this CPU and the level can take rows x cols weights of the type: cols is a
// multiple of the type's block (32 or 256), rows is 1 or more.
bool supports(Level level, Type type, std::size_t rows, std::size_t cols);

// Weights. `blocks` are the rows of a GGUF tensor one after another; `packed` is best aligned to 64
// bytes. The layout is the same at every level. A number of rows that 16 doesn't divide costs the
// room of the missing rows; otherwise packed_bytes is the size in the file or within 3 % of it.
std::size_t packed_bytes(Level level, Type type, std::size_t rows, std::size_t cols);
std::size_t file_bytes(Type type, std::size_t rows, std::size_t cols);
void pack(Level level, Type type, std::size_t rows, std::size_t cols, const void* blocks,
          void* packed);
// The bytes that pack was given.
void unpack(Level level, Type type, std::size_t rows, std::size_t cols, const void* packed,
            void* blocks);

// Activations. One column takes activation_bytes (a multiple of 64) and any 4-byte alignment; the
// integers and scales in it are bit for bit those of ggml's Q8_0 (for q4_0 and q8_0) or Q8_K.
std::size_t activation_bytes(Type type, std::size_t cols);
void quantize(Level level, Type type, const float* x, std::size_t cols, void* out);

// Ranges of rows begin at multiples of this, and end at one or at `rows`.
std::size_t row_step(Level level, Type type);

// y[t * y_stride + r] = row r of the weights times column t, for the rows [row_begin, row_end) and
// the `count` columns that lie activation_stride bytes apart.
void multiply(Level level, Type type, const void* packed, std::size_t rows, std::size_t cols,
              std::size_t row_begin, std::size_t row_end, const void* activations,
              std::size_t activation_stride, std::size_t count, float* y, std::size_t y_stride);

// Reads every byte once, as fast as memory gives them: the limit of a product of weights that
// aren't cached. The result says nothing.
std::uint64_t read_all(const void* bytes, std::size_t size);

}  // namespace cairn::lut
