// Says which level can do what, and hands each call to the kernels of its level.
#include "lut/formats.h"

namespace cairn::lut {

bool supports(Level level, Type type, std::size_t rows, std::size_t cols) {
  const std::size_t block = format_of(type).block;
  if (block == 0 || rows == 0 || cols == 0 || cols % block != 0) return false;
  if (!is_supported(level)) return false;
  switch (level) {
    case Level::scalar: return true;
#if defined(__x86_64__)
    case Level::avx2: return runs_avx2();
    case Level::avx512vnni: return runs_avx512();
#elif defined(__aarch64__)
    case Level::neon_dotprod: return true;
#endif
    default: return false;
  }
}

std::size_t row_step(Level, Type) { return kRows; }

void quantize(Level level, Type type, const float* x, std::size_t cols, void* out) {
  auto* const bytes = static_cast<std::uint8_t*>(out);
#if defined(__x86_64__)
  if (level == Level::avx2 || level == Level::avx512vnni) {
    return quantize_avx2(type, x, cols, bytes);
  }
#endif
  (void)level;
  quantize_scalar(type, x, cols, bytes);
}

void multiply(Level level, Type type, const void* packed, std::size_t rows, std::size_t cols,
              std::size_t row_begin, std::size_t row_end, const void* activations,
              std::size_t activation_stride, std::size_t count, float* y, std::size_t y_stride) {
  const Job job{static_cast<const std::uint8_t*>(packed), rows, cols, row_begin, row_end,
                static_cast<const std::uint8_t*>(activations), activation_stride, count, y,
                y_stride};
  switch (level) {
#if defined(__x86_64__)
    case Level::avx2: return multiply_avx2(type, job);
    case Level::avx512vnni: return multiply_avx512(type, job);
#elif defined(__aarch64__)
    case Level::neon_dotprod: return multiply_neon(type, job);
#endif
    default: return multiply_scalar(type, job);
  }
}

}  // namespace cairn::lut
