// The encoder's levels by name. Beside those of dispatch.h there is "avxvnni", for processors that
// have the dot product of bytes without AVX-512.
#pragma once

#include <string>
#include <vector>

#include "encode/pack.h"

namespace cairn::encode {

// What this machine can run, the plainest first.
std::vector<std::string> kernel_names();

// Throws std::invalid_argument for a name that is not among them.
const Kernels& kernels_named(const std::string& name);

}  // namespace cairn::encode
