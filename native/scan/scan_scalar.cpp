// The reference kernel: plain C++ that every other level must equal.
#include "scan/kernels.h"

namespace cairn::scan {

void dots_scalar(const DotQuery& query, const std::int8_t* const* rows, std::size_t count,
                 std::int32_t* dots) {
  for (std::size_t i = 0; i < count; ++i) dots[i] = tail_dot(rows[i], query, 0);
}

}  // namespace cairn::scan
