// Bytes in address space of their own that may grow: zeros to begin with, or the bytes of a file,
// read when they are looked at and never written back. Owned by rows.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::scan {

class Slab {
 public:
  Slab() = default;
  ~Slab();
  Slab(Slab&& other) noexcept;
  Slab& operator=(Slab&& other) noexcept;

  std::uint8_t* data() const { return data_; }
  // Room for `bytes` in all, of which the first `used` are kept. Throws std::bad_alloc.
  void reserve(std::size_t bytes, std::size_t used);
  // Lay `size` bytes of an open file at the beginning; `offset` is a multiple of any page's size.
  void map(int file, std::uint64_t offset, std::size_t size);

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace cairn::scan
