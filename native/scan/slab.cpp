#include "scan/slab.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace cairn::scan {
namespace {

constexpr std::size_t kHuge = std::size_t{1} << 21;

// Room that nobody has looked at takes no memory, so it may be generous.
std::uint8_t* reserved(std::size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(MAP_NORESERVE)
  flags |= MAP_NORESERVE;
#endif
  void* const start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
  madvise(start, bytes, MADV_HUGEPAGE);
#endif
  return static_cast<std::uint8_t*>(start);
}

}  // namespace

Slab::~Slab() {
  if (data_ != nullptr) munmap(data_, room_);
}

Slab::Slab(Slab&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), room_(std::exchange(other.room_, 0)) {}

Slab& Slab::operator=(Slab&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(room_, other.room_);
  return *this;
}

void Slab::reserve(std::size_t bytes, std::size_t used) {
  if (bytes <= room_) return;
  const std::size_t wanted = std::max(bytes, room_ + room_ / 2);
  if (wanted > SIZE_MAX - kHuge) throw std::bad_alloc();
  Slab larger;
  larger.room_ = (wanted + kHuge - 1) / kHuge * kHuge;
  larger.data_ = reserved(larger.room_);
  if (used != 0) std::memcpy(larger.data_, data_, used);
  *this = std::move(larger);
}

void Slab::map(int file, std::uint64_t offset, std::size_t size) {
  reserve(size + size / 4 + kHuge, 0);
  if (size == 0) return;
  void* const start = mmap(data_, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file,
                           static_cast<off_t>(offset));
  if (start == MAP_FAILED) throw std::bad_alloc();
}

}  // namespace cairn::scan
