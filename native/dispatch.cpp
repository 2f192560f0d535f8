#include "dispatch.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#if defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace cairn {
namespace {

constexpr std::array<std::pair<Level, std::string_view>, 5> kNames{{
    {Level::scalar, "scalar"},
    {Level::avx2, "avx2"},
    {Level::avx512vnni, "avx512vnni"},
    {Level::neon, "neon"},
    {Level::neon_dotprod, "neon_dotprod"},
}};

#if defined(__aarch64__)
bool has_dotprod() {
#if defined(__APPLE__)
  int value = 0;
  std::size_t size = sizeof value;
  return sysctlbyname("hw.optional.arm.FEAT_DotProd", &value, &size, nullptr, 0) == 0 && value != 0;
#elif defined(__linux__)
  constexpr unsigned long kAsimdDp = 1UL << 20;  // HWCAP_ASIMDDP, absent from old headers
  return (getauxval(AT_HWCAP) & kAsimdDp) != 0;
#else
  return false;
#endif
}
#endif

std::vector<Level> detect() {
  std::vector<Level> levels{Level::scalar};
#if defined(__x86_64__)
  // The compiler's own detection also asks the OS (XGETBV) whether it saves the wide registers.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) {
    levels.push_back(Level::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vnni")) {
      levels.push_back(Level::avx512vnni);
    }
  }
#elif defined(__aarch64__)
  levels.push_back(Level::neon);
  if (has_dotprod()) levels.push_back(Level::neon_dotprod);
#endif
  return levels;
}

}  // namespace

std::string_view level_name(Level level) {
  return kNames[static_cast<std::size_t>(level)].second;
}

std::optional<Level> level_from_name(std::string_view name) {
  for (const auto& [level, known] : kNames) {
    if (known == name) return level;
  }
  return std::nullopt;
}

const std::vector<Level>& supported_levels() {
  static const std::vector<Level> levels = detect();
  return levels;
}

bool is_supported(Level level) {
  const auto& levels = supported_levels();
  return std::find(levels.begin(), levels.end(), level) != levels.end();
}

}  // namespace cairn
