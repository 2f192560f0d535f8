// A model's file that is read past the page cache: aligned stretches of it into aligned memory.
// Used by reads.cpp and rows of tensors. Invariant: what was read leaves no copy in the page cache,
// also where the file system refuses direct reads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cairn::flash {

inline constexpr std::size_t kPage = 4096;

inline std::size_t up_to(std::size_t size, std::size_t step) {
  return (size + step - 1) / step * step;
}

// Memory that `size` bytes from `offset` on take, read by whole pages.
inline std::size_t room_for(std::uint64_t offset, std::size_t size) {
  return up_to(offset % kPage + size, kPage);
}

class File {
 public:
  explicit File(const std::string& path);  // throws std::runtime_error
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  // `size` bytes at `begin`, both of whole pages, of which the last may lie beyond the end of the
  // file; the first `needed` must not. Empty, or why that can't be had.
  std::string read(std::uint64_t begin, std::size_t size, std::size_t needed, std::byte* to) const;

  std::uint64_t size() const { return size_; }
  bool is_direct() const { return is_direct_; }

 private:
  std::string path_;
  int direct_ = -1, plain_ = -1;
  std::uint64_t size_ = 0;
  mutable std::atomic<bool> is_direct_{false};
};

}  // namespace cairn::flash
