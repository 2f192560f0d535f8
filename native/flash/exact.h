// Products of rows in blocks of 32 weights with one column or many, to the very bits that ggml's
// own product of a row and a column has, but several at a time. Used by products.cpp.
// Invariant: is_exact() has held these against ggml's here; without it they are not used.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ggml/library.h"

namespace cairn::flash {

// Whether rows of this type can be multiplied here, found out once.
bool is_exact(const ggml::Library& library, std::int32_t type);

// Columns in Q8_0, one after another at `columns[i]`; results to `to[i][begin ... end)`.
void multiply_exactly(std::int32_t type, const std::byte* rows, std::size_t row_bytes,
                      std::size_t width, std::size_t begin, std::size_t end,
                      const std::byte* const* columns, std::size_t count, float* const* to);

}  // namespace cairn::flash
