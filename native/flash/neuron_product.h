// The product of a layer's last matrix with the few neurons that fire, on llama.cpp's threads.
// Used by products.cpp, which says which products are ours. Invariant: stock kernels' own bits.
#pragma once

#include <string>

#include "ggml/abi.h"

namespace cairn::flash {

ggml::Traits& neuron_product();

// Empty, or why these products would not have the bits of this process's llama.cpp.
std::string check_sparse();

}  // namespace cairn::flash
