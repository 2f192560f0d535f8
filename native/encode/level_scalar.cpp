// The encoder in plain C++, which every other level equals bit by bit.
#include "encode/forward.h"

namespace cairn::encode {

constinit const Kernels kScalar = kernels<ScalarLanes>();

}  // namespace cairn::encode
