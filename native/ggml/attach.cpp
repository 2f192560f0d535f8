#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "ggml/entry.h"

namespace cairn::ggml {
namespace {

constexpr int kCpu = 0;  // of the kinds of devices
constexpr std::size_t kMostTypes = 8;
constexpr std::array kKnown{"AMX", "CPU_REPACK", "CPU_KLEIDIAI", "CPU_AARCH64", "CAIRN",
                            "CAIRN_FLASH"};

bool is_known(const char* name) {
  return name && std::any_of(kKnown.begin(), kKnown.end(),
                             [&](const char* known) { return std::strcmp(known, name) == 0; });
}

std::mutex& alone() {
  static std::mutex only;
  return only;
}

std::string check_types(const std::vector<BufferType*>& types) {
  const Library& library = entry().library;
  if (types.size() > kMostTypes) return "its list of buffer types is not what it should be";
  for (BufferType* type : types) {
    if (!type || !is_known(library.type_name(type))) return "it has a buffer type unknown here";
  }
  return "";
}

// Puts ours first. AMX goes: some compilers build its kernels into a crash.
std::string enter(std::vector<BufferType*>& types) {
  const Library& library = entry().library;
  if (!types.empty() && types.front() == &entry().type) return "";  // graphs may be reading them
  if (auto reason = check_types(types); !reason.empty()) return reason;
  std::erase_if(types, [&](BufferType* type) {
    return std::strcmp(library.type_name(type), "AMX") == 0;
  });
  types.insert(types.begin(), &entry().type);
  return "";
}

void leave(std::vector<BufferType*>& types) {
  if (held().tensors == 0) std::erase(types, &entry().type);
}

}  // namespace

Entry& entry() {
  static Entry only;
  return only;
}

std::string prepare(const std::string& folder, const std::string& version,
                    const std::string& missing) {
  Library library;
  if (auto reason = library.open(folder, version, missing); !reason.empty()) return reason;
  entry().library = library;
  return check_fields();
}

std::string enter_last(BufferType* type) {
  const std::lock_guard guard(alone());
  std::vector<BufferType*>& types = entry().library.extra_types();
  if (auto reason = check_types(types); !reason.empty()) return reason;
  types.push_back(type);
  return "";
}

std::string attach(const Wanted& wanted) {
  const std::lock_guard guard(alone());
  if (auto reason = prepare(wanted.folder, wanted.version, wanted.missing); !reason.empty()) {
    return reason;
  }
  Entry& ours = entry();
  ours.level = wanted.level;
  ours.types = 0;
  for (const lut::Type type : wanted.types) {
    ours.types |= std::uint64_t{1} << static_cast<std::uint32_t>(type);
  }
  ours.type = {buffer_type_calls(), ours.library.device_by_type(kCpu), &extra_type()};
  if (!ours.type.device) return "it has no device for the CPU";
  std::vector<BufferType*>& types = ours.library.extra_types();
  std::string reason = enter(types);
  if (reason.empty()) reason = check(wanted.types);
  if (!reason.empty()) leave(types);
  return reason;
}

}  // namespace cairn::ggml
