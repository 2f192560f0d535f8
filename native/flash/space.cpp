#include "flash/space.h"

#include <sys/mman.h>

#include <new>

#include "flash/file.h"

namespace cairn::flash {
namespace {

constexpr std::size_t kHuge = std::size_t{2} << 20;

}  // namespace

Space::Space(std::size_t size) : size_(up_to(size ? size : 1, kHuge)) {
  mapped_ = mmap(nullptr, size_ + kHuge, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);
  if (mapped_ == MAP_FAILED) throw std::bad_alloc();
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped_);
  data_ = reinterpret_cast<std::byte*>(up_to(begin, kHuge));
}

Space::~Space() { munmap(mapped_, size_ + kHuge); }

void Space::commit(std::uint64_t offset, std::size_t size) {
  if (mprotect(data_ + offset, size, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
}

void Space::prefer_large(std::uint64_t offset, std::size_t size) {
#if defined(MADV_HUGEPAGE)
  const std::size_t whole = size / kHuge * kHuge;
  if (whole) madvise(data_ + offset, whole, MADV_HUGEPAGE);
  if (size > whole) madvise(data_ + offset + whole, size - whole, MADV_NOHUGEPAGE);
#else
  (void)offset;
  (void)size;
#endif
}

void Space::release(std::uint64_t offset, std::size_t size) {
  if (size) madvise(data_ + offset, size, MADV_DONTNEED);
}

}  // namespace cairn::flash
