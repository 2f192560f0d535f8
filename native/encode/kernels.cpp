// Asks the CPU which of the encoder's levels it can run, once.
#include "encode/kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <stdexcept>

#include "dispatch.h"

namespace cairn::encode {
namespace {

struct Named {
  std::string name;
  const Kernels* kernels;
};

#if defined(__x86_64__)
// Asked of the CPU itself: compilers learned the name at different times. What the system saves of
// registers is AVX's, which has been asked for.
bool has_avxvnni() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
}
#endif

std::vector<Named> detect() {
  std::vector<Named> found{{"scalar", &kScalar}};
#if defined(__x86_64__)
  if (is_supported(Level::avx2) && __builtin_cpu_supports("fma")) {
    found.push_back({"avx2", &kAvx2});
    if (has_avxvnni()) found.push_back({"avxvnni", &kAvxVnni});
    if (is_supported(Level::avx512vnni) && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq")) {
      found.push_back({"avx512vnni", &kAvx512Vnni});
    }
  }
#elif defined(__aarch64__)
  if (is_supported(Level::neon_dotprod)) found.push_back({"neon_dotprod", &kNeonDotprod});
#endif
  return found;
}

const std::vector<Named>& known() {
  static const std::vector<Named> found = detect();
  return found;
}

}  // namespace

std::vector<std::string> kernel_names() {
  std::vector<std::string> names;
  for (const Named& each : known()) names.push_back(each.name);
  return names;
}

const Kernels& kernels_named(const std::string& name) {
  for (const Named& each : known()) {
    if (each.name == name) return *each.kernels;
  }
  throw std::invalid_argument("this machine cannot encode at the level " + name);
}

}  // namespace cairn::encode
