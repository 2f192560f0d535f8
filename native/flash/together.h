// The product of a matrix that is in memory with many columns, as for a prompt: each row is
// unpacked once for all of them, to the bits of ggml's own product. Used by products.cpp.
#pragma once

#include <cstddef>

#include "ggml/abi.h"

namespace cairn::flash {

bool goes_together(const ggml::Tensor& op);
std::size_t together_room(const ggml::Tensor& op);

// Both by all threads; between the two they have to meet.
void prepare_together(const ggml::Turn& turn, const ggml::Tensor& op);
void multiply_together(const ggml::Turn& turn, const ggml::Tensor& op, const std::byte* rows);

}  // namespace cairn::flash
