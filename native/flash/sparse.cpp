#include "flash/sparse.h"

#include <algorithm>

#include "dispatch.h"

namespace cairn::flash {

#if defined(__x86_64__)
namespace avx2 {
void multiply_tile(const Packed&, const std::uint32_t*, const Firing*, std::size_t, std::size_t,
                   float*);
}
namespace avx512 {
void multiply_tile(const Packed&, const std::uint32_t*, const Firing*, std::size_t, std::size_t,
                   float*);
}
#endif

// Other processors have their sums in another order.
Sparse sparse_level() {
  if (is_supported(Level::avx512vnni)) return Sparse::avx512;
  return is_supported(Level::avx2) ? Sparse::avx2 : Sparse::none;
}

void multiply_firing(Sparse level, const Packed& packed, const std::uint32_t* places,
                     const Firing* firing, std::size_t first, std::size_t rows, float* to) {
#if defined(__x86_64__)
  if (level == Sparse::avx512) {
    return avx512::multiply_tile(packed, places, firing, first, rows, to);
  }
  if (level == Sparse::avx2) return avx2::multiply_tile(packed, places, firing, first, rows, to);
#endif
  std::fill_n(to, rows, 0.0F);
}

}  // namespace cairn::flash
