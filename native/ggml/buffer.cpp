// Buffers that hold weights as lut/ packs them: memory of their own for each loaded model, given
// back when llama.cpp frees it. Where else weights may lie is decided here, in Slab, alone.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__linux__) || defined(__APPLE__)
#include <sys/mman.h>
#endif

#include "ggml/entry.h"

namespace cairn::ggml {
namespace {

constexpr std::size_t kAlignment = 64, kHuge = std::size_t{2} << 20;
constexpr std::size_t kCores = 8;
constexpr int kDone = 0;

std::atomic<std::size_t> held_tensors{0}, held_bytes{0};

std::size_t up_to(std::size_t size, std::size_t step) { return (size + step - 1) / step * step; }

struct Slab {
  std::byte* data = nullptr;
  void* mapped = nullptr;
  std::size_t size = 0;
  std::size_t tensors = 0, bytes = 0;

  explicit Slab(std::size_t wanted) {
#if defined(__linux__) || defined(__APPLE__)
    // All of it is read for each token: large pages spare many misses of the page tables' cache.
    size = up_to(wanted, kHuge) + kHuge;
    mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    data = reinterpret_cast<std::byte*>(up_to(reinterpret_cast<std::uintptr_t>(mapped), kHuge));
#if defined(__linux__)
    madvise(data, size - kHuge, MADV_HUGEPAGE);
#endif
#else
    throw std::bad_alloc();
#endif
  }
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
#if defined(__linux__) || defined(__APPLE__)
    if (mapped != MAP_FAILED) munmap(mapped, size);
#endif
    held_tensors -= tensors;
    held_bytes -= bytes;
  }
};

Slab& slab_of(const Buffer* buffer) { return *static_cast<Slab*>(buffer->context); }

// -- tensors

// Some rows of every matrix. Groups of rows are packed one after another, so that a part may begin
// with any of them; check.cpp would see it if they weren't.
void write_rows(const Tensor& tensor, const std::byte* blocks, std::size_t begin,
                std::size_t end) {
  const Weights weights = weights_of(tensor);
  auto* to = static_cast<std::byte*>(tensor.data);
  if (begin > 0) to += lut::packed_bytes(entry().level, weights.type, begin, weights.columns);
  for (std::size_t i = 0; i < weights.count; ++i) {
    lut::pack(entry().level, weights.type, end - begin, weights.columns,
              blocks + i * weights.blocks + begin * tensor.nb[1], to + i * weights.packed);
  }
}

// By several threads: somebody waits for the model.
void write(const Tensor& tensor, const std::byte* blocks) {
  const Weights weights = weights_of(tensor);
  const std::size_t step = lut::row_step(entry().level, weights.type);
  const std::size_t groups = (weights.rows + step - 1) / step;
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kCores);
  const std::size_t parts = std::min(cores, groups);
  const auto end = [&](std::size_t part) {
    return std::min(weights.rows, groups * (part + 1) / parts * step);
  };
  std::vector<std::thread> others;
  for (std::size_t part = 1; part < parts; ++part) {
    try {
      others.emplace_back(write_rows, std::cref(tensor), blocks, end(part - 1), end(part));
    } catch (const std::system_error&) {  // there may be no more threads
      write_rows(tensor, blocks, end(part - 1), end(part));
    }
  }
  write_rows(tensor, blocks, 0, end(0));
  for (std::thread& other : others) other.join();
}

std::vector<std::byte> read(const Tensor& tensor) {
  const Weights weights = weights_of(tensor);
  std::vector<std::byte> blocks(weights.blocks * weights.count);
  for (std::size_t i = 0; i < weights.count; ++i) {
    lut::unpack(entry().level, weights.type, weights.rows, weights.columns,
                weights.data + i * weights.packed, blocks.data() + i * weights.blocks);
  }
  return blocks;
}

void set_tensor(Buffer*, Tensor* tensor, const void* data, std::size_t offset, std::size_t size) {
  if (offset == 0 && size == entry().library.nbytes(tensor)) {
    return write(*tensor, static_cast<const std::byte*>(data));
  }
  std::vector<std::byte> blocks = read(*tensor);  // llama.cpp gives all at once
  std::memcpy(blocks.data() + offset, data, size);
  write(*tensor, blocks.data());
}

void get_tensor(Buffer*, const Tensor* tensor, void* data, std::size_t offset, std::size_t size) {
  std::memcpy(data, read(*tensor).data() + offset, size);
}

void memset_tensor(Buffer*, Tensor* tensor, std::uint8_t value, std::size_t offset,
                   std::size_t size) {
  std::vector<std::byte> blocks = read(*tensor);
  std::memset(blocks.data() + offset, value, size);
  write(*tensor, blocks.data());
}

int init_tensor(Buffer* buffer, Tensor* tensor) {
  if (tensor->view_src) return kDone;
  const Weights weights = weights_of(*tensor);
  Slab& slab = slab_of(buffer);
  slab.tensors += 1;
  slab.bytes += weights.packed * weights.count;
  held_tensors += 1;
  held_bytes += weights.packed * weights.count;
  return kDone;
}

// -- buffers

void free_buffer(Buffer* buffer) { delete &slab_of(buffer); }
void* get_base(Buffer* buffer) { return slab_of(buffer).data; }
void clear(Buffer* buffer, std::uint8_t value) {
  std::memset(slab_of(buffer).data, value, buffer->size);
}

constexpr BufferCalls kBufferCalls{free_buffer, get_base,  init_tensor, memset_tensor,
                                   set_tensor,  get_tensor, nullptr,    nullptr,
                                   nullptr,     clear,      nullptr};

Buffer* alloc_buffer(BufferType* type, std::size_t size) {
  try {
    auto slab = std::make_unique<Slab>(size);
    return entry().library.buffer_init(type, kBufferCalls, slab.release(), size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// -- their type

const char* get_name(BufferType*) { return "CAIRN"; }
std::size_t get_alignment(BufferType*) { return kAlignment; }
bool is_host(BufferType*) { return false; }
std::size_t get_alloc_size(BufferType*, const Tensor* tensor) {
  const Weights weights = weights_of(*tensor);
  return std::max(weights.packed * weights.count, entry().library.nbytes(tensor));
}

}  // namespace

Weights weights_of(const Tensor& tensor) {
  const auto type = static_cast<lut::Type>(tensor.type);
  const auto columns = static_cast<std::size_t>(tensor.ne[0]);
  const auto rows = static_cast<std::size_t>(tensor.ne[1]);
  const auto count = static_cast<std::size_t>(tensor.ne[2]);
  const std::size_t blocks = tensor.nb[1] * rows;
  const bool known = lut::supports(entry().level, type, rows, columns);
  const std::size_t packed =
      known ? lut::packed_bytes(entry().level, type, rows, columns) : blocks;
  return {type,   rows, columns, count, blocks, up_to(packed, kAlignment),
          static_cast<const std::byte*>(tensor.data)};
}

const BufferTypeCalls& buffer_type_calls() {
  static constexpr BufferTypeCalls calls{get_name, alloc_buffer,   get_alignment,
                                         nullptr,  get_alloc_size, is_host};
  return calls;
}

Held held() { return {held_tensors, held_bytes}; }

}  // namespace cairn::ggml
