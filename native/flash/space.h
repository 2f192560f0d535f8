// Addresses that are reserved before there is memory behind them, and memory that comes and goes
// there. Used by the parts of a store. Invariant: what was never committed takes no memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::flash {

class Space {
 public:
  explicit Space(std::size_t size);  // throws std::bad_alloc
  Space(const Space&) = delete;
  Space& operator=(const Space&) = delete;
  ~Space();

  std::byte* at(std::uint64_t offset) const { return data_ + offset; }
  std::size_t size() const { return size_; }

  // Whole pages, which may be committed already.
  void commit(std::uint64_t offset, std::size_t size);
  // Of so much, all that large pages fit into may be such; none reaches beyond it.
  void prefer_large(std::uint64_t offset, std::size_t size);
  void release(std::uint64_t offset, std::size_t size);

 private:
  std::byte* data_ = nullptr;
  void* mapped_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cairn::flash
