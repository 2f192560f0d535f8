// The roofline of a benchmark, compiled like the kernels; see lut.h.
#include <cstring>

#include "lut/lut.h"

namespace cairn::lut {

std::uint64_t read_all(const void* bytes, std::size_t size) {
  using Words = std::uint64_t __attribute__((vector_size(16)));
  constexpr std::size_t kLine = 64, kAhead = 6144;
  const auto* const from = static_cast<const std::uint8_t*>(bytes);
  Words found[4] = {};
  for (std::size_t i = 0; i + kLine <= size; i += kLine) {
    __builtin_prefetch(from + i + kAhead);
    for (std::size_t j = 0; j < 4; ++j) {
      Words words;
      std::memcpy(&words, from + i + j * sizeof words, sizeof words);
      found[j] ^= words;
    }
  }
  const Words all = found[0] ^ found[1] ^ found[2] ^ found[3];
  return all[0] ^ all[1];
}

}  // namespace cairn::lut
