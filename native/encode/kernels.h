// Which of the encoder's levels this machine runs for a `Level` of dispatch.h.
#pragma once

#include "dispatch.h"
#include "encode/pack.h"

namespace cairn::encode {

// Throws std::invalid_argument if this machine can't run the level.
const Kernels& kernels_for(Level level);

}  // namespace cairn::encode
