// What this CPU can run: turns CPU feature bits into a list of levels, once per process.
// Every kernel family has a scalar version and optionally one per further level.
// The choice among the levels (CAIRN_NATIVE_LEVEL) is made in one place: native/py/__init__.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn {

enum class Level : std::uint8_t { scalar, avx2, avx512vnni, neon, neon_dotprod };

std::string_view level_name(Level level);
std::optional<Level> level_from_name(std::string_view name);

// Slowest first; never empty, because scalar always runs.
const std::vector<Level>& supported_levels();
bool is_supported(Level level);

}  // namespace cairn
