// Finds ggml's functions in the libraries that llama.cpp has loaded into this process.
// Used by the rest of this folder; nothing here is linked to ggml, so that the extension loads
// without it. Invariant: a Library exists only for the version that abi.h describes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ggml/abi.h"

namespace cairn::ggml {

struct Context;
struct Graph;
struct Backend;
struct Gguf;
struct GgufOptions {
  bool no_alloc;
  Context** context;
};
// How ggml's CPU multiplies weights of a type: what it wants the other side to be, and by what.
struct CpuTraits {
  void (*from_float)(const float*, void*, std::int64_t);
  void (*dot)(int count, float* to, std::size_t, const void* weights, std::size_t,
              const void* others, std::size_t, int rows);
  std::int32_t dot_type;
  std::int64_t rows;
};
struct TypeTraits {
  const char* name;
  std::int64_t block, interleaved;
  std::size_t size;
  bool is_quantized;
  void (*to_float)(const void*, float*, std::int64_t);
  void (*from_float)(const float*, void*, std::int64_t);
};
struct InitOptions {
  std::size_t size;
  void* memory;
  bool no_alloc;
};

struct Library {
  // libggml-base
  const char* (*version)();
  const char* (*commit)();
  Buffer* (*buffer_init)(BufferType*, BufferCalls, void* context, std::size_t size);
  void (*buffer_free)(Buffer*);
  const char* (*type_name)(BufferType*);
  Buffer* (*place)(Context*, BufferType*);
  void (*set_tensor)(Tensor*, const void*, std::size_t offset, std::size_t size);
  void (*get_tensor)(const Tensor*, void*, std::size_t offset, std::size_t size);
  int (*compute)(Backend*, Graph*);
  void (*backend_free)(Backend*);
  BufferType* (*plain_type)();
  Context* (*init)(InitOptions);
  void (*free)(Context*);
  std::size_t (*tensor_overhead)();
  std::size_t (*graph_overhead)();
  Tensor* (*new_tensor_4d)(Context*, int type, std::int64_t, std::int64_t, std::int64_t,
                           std::int64_t);
  Tensor* (*mul_mat)(Context*, Tensor*, Tensor*);
  Tensor* (*mul_mat_id)(Context*, Tensor*, Tensor*, Tensor*);
  Graph* (*new_graph)(Context*);
  void (*expand)(Graph*, Tensor*);
  std::size_t (*nbytes)(const Tensor*);
  const char* (*get_name)(const Tensor*);
  void* (*get_data)(const Tensor*);
  std::size_t (*quantize)(int type, const float*, void*, std::int64_t start, std::int64_t rows,
                          std::int64_t columns, const float* importance);
  Tensor* (*get_rows)(Context*, Tensor*, Tensor*);
  std::size_t (*row_size)(int type, std::int64_t columns);
  const TypeTraits* (*type_traits)(int type);
  Registry* (*device_registry)(Device*);
  Gguf* (*gguf_open)(const char* path, GgufOptions);
  void (*gguf_close)(Gguf*);
  std::size_t (*gguf_data)(const Gguf*);
  std::int64_t (*gguf_count)(const Gguf*);
  const char* (*gguf_name)(const Gguf*, std::int64_t);
  std::size_t (*gguf_offset)(const Gguf*, std::int64_t);
  std::size_t (*gguf_size)(const Gguf*, std::int64_t);
  // libggml-cpu
  const CpuTraits* (*cpu_traits)(int type);
  // Its tiles of K-quants: one expert's product with `count` places, pairs of (used, token), if it
  // is one of theirs; each thread has its part of `room`.
  bool (*tiled_expert)(const Turn*, Tensor* op, std::int64_t expert, std::int64_t count,
                       const std::int32_t* places, char* room);
  std::size_t (*tiled_room)(int threads, const Tensor* op);
  Backend* (*cpu_init)();
  void (*cpu_set_threads)(Backend*, int);
  void (*barrier)(Threadpool*);
  std::vector<BufferType*>& (*extra_types)();
  // libggml
  Device* (*device_by_type)(int);

  // Empty, or why these libraries can't be used; `folder` is where llama.cpp's own lie. Another
  // `version` than kVersion is for tests, as is a `missing` symbol.
  std::string open(const std::string& folder, const std::string& version,
                   const std::string& missing);
};

}  // namespace cairn::ggml
