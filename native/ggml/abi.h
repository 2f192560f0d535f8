// What of ggml's inner structures this folder relies on, declared anew for the one version that it
// works with (ggml 0.25.3): none of them is in an installed header, and none carries a version.
// library.cpp refuses any other version; check.cpp holds these declarations to a real graph.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::ggml {

inline constexpr const char* kVersion = "0.25.3";
inline constexpr const char* kCommit = "0c1e570";  // "-dirty" may follow: packagers add files

struct Buffer;
struct BufferType;
struct Device;      // never looked into
struct Threadpool;  // never looked into
struct Registry;

inline constexpr std::int32_t kF32 = 0, kI32 = 26;  // types; those of weights are lut::Type

struct Tensor {
  std::int32_t type;
  Buffer* buffer;
  std::int64_t ne[4];  // elements
  std::size_t nb[4];   // strides in bytes
  std::int32_t op;
  std::int32_t op_params[16];
  std::int32_t flags;
  Tensor* src[10];
  Tensor* view_src;
  std::size_t view_offs;
  void* data;
  char name[64];
  void* extra;
  char padding[8];  // ggml looks at it never
};

struct BufferTypeCalls {
  const char* (*get_name)(BufferType*);
  Buffer* (*alloc_buffer)(BufferType*, std::size_t size);
  std::size_t (*get_alignment)(BufferType*);
  std::size_t (*get_max_size)(BufferType*);
  std::size_t (*get_alloc_size)(BufferType*, const Tensor*);
  bool (*is_host)(BufferType*);
};

struct BufferType {
  BufferTypeCalls calls;
  Device* device;
  void* context;  // of an entry among the CPU's extra types: an ExtraType
};

struct BufferCalls {
  void (*free_buffer)(Buffer*);
  void* (*get_base)(Buffer*);
  int (*init_tensor)(Buffer*, Tensor*);
  void (*memset_tensor)(Buffer*, Tensor*, std::uint8_t, std::size_t offset, std::size_t size);
  void (*set_tensor)(Buffer*, Tensor*, const void*, std::size_t offset, std::size_t size);
  void (*get_tensor)(Buffer*, const Tensor*, void*, std::size_t offset, std::size_t size);
  void (*set_tensor_2d)(Buffer*, Tensor*, const void*, std::size_t, std::size_t, std::size_t,
                        std::size_t, std::size_t);
  void (*get_tensor_2d)(Buffer*, const Tensor*, void*, std::size_t, std::size_t, std::size_t,
                        std::size_t, std::size_t);
  bool (*cpy_tensor)(Buffer*, const Tensor* from, Tensor* to);
  void (*clear)(Buffer*, std::uint8_t);
  void (*reset)(Buffer*);
};

struct Buffer {
  BufferCalls calls;
  BufferType* type;
  void* context;
  std::size_t size;
  std::int32_t usage;
};

struct RegistryCalls {
  const char* (*get_name)(Registry*);
  std::size_t (*get_device_count)(Registry*);
  Device* (*get_device)(Registry*, std::size_t);
  void* (*get_address)(Registry*, const char* name);
};

struct Registry {
  std::int32_t version;  // 2, since long
  RegistryCalls calls;
  void* context;
};

// What each of the threads of a graph gets.
struct Turn {
  int ith, nth;
  std::size_t room;
  void* work;
  Threadpool* threadpool;
  bool is_reference;
};

// The two classes below stand for ggml's own of the same order of virtual functions.
class Traits {
 public:
  virtual ~Traits() = default;
  virtual bool work_size(int threads, const Tensor* op, std::size_t& size) = 0;
  // By every thread, with a barrier after each operation; false leaves it to the stock kernel.
  virtual bool compute(const Turn* turn, Tensor* op) = 0;
};

class ExtraType {
 public:
  virtual ~ExtraType() = default;
  virtual bool supports(Device*, const Tensor* op) = 0;
  virtual Traits* traits(const Tensor* op) = 0;
};

}  // namespace cairn::ggml
