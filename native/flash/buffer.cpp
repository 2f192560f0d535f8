// The buffer type that llama.cpp puts the weights into: it takes none of their bytes, but leaves
// them to a store; and the way to load a file that is not read as a whole.
#include <cstring>
#include <mutex>

#include "flash/store.h"
#include "ggml/trial.h"

namespace cairn::flash {
namespace {

using ggml::Buffer;
using ggml::BufferType;
using ggml::Tensor;

constexpr std::size_t kAlignment = 64;
constexpr int kDone = 0, kFailed = -1, kApi = 2;

std::mutex& guard() {
  static std::mutex only;
  return only;
}
std::shared_ptr<Store>& current() {
  static std::shared_ptr<Store> only;
  return only;
}

Store& store_of(const Buffer* buffer) {
  return **static_cast<std::shared_ptr<Store>*>(buffer->context);
}

// -- buffers

void free_buffer(Buffer* buffer) {
  auto* const store = static_cast<std::shared_ptr<Store>*>(buffer->context);
  (*store)->close();
  delete store;
}
void* get_base(Buffer* buffer) { return store_of(buffer).base(); }
int init_tensor(Buffer* buffer, Tensor* tensor) {
  if (tensor->view_src) return kDone;
  Store& store = store_of(buffer);
  Entry* const entry = store.find(tensor->name);
  if (!entry || entry->what.size != ggml::entry().library.nbytes(tensor)) return kFailed;
  // Not in `extra`, which tells ggml that weights are in an order of their own.
  std::memcpy(tensor->padding, &entry, sizeof entry);
  tensor->data = store.address(*entry);
  store.use(*entry);
  return kDone;
}
void get_tensor(Buffer* buffer, const Tensor* tensor, void* to, std::size_t offset,
                std::size_t size) {
  const Entry* const entry = entry_of(tensor);
  if (entry) store_of(buffer).read(*entry, offset, size, static_cast<std::byte*>(to));
}
// What llama.cpp gives are the bytes of the file.
void set_tensor(Buffer*, Tensor*, const void*, std::size_t, std::size_t) {}
void memset_tensor(Buffer*, Tensor*, std::uint8_t, std::size_t, std::size_t) {}
void clear(Buffer*, std::uint8_t) {}

constexpr ggml::BufferCalls kBufferCalls{free_buffer, get_base,   init_tensor, memset_tensor,
                                         set_tensor,  get_tensor, nullptr,     nullptr,
                                         nullptr,     clear,      nullptr};

Buffer* alloc_buffer(BufferType* type, std::size_t size) {
  const std::shared_ptr<Store> store = loading();
  if (!store) return nullptr;
  return ggml::entry().library.buffer_init(type, kBufferCalls, new std::shared_ptr<Store>(store),
                                           size);
}

const char* get_name(BufferType*) { return "CAIRN_FLASH"; }
std::size_t get_alignment(BufferType*) { return kAlignment; }
// What is there is memory like any other, for which ggml has its fastest kernels.
bool is_host(BufferType*) { return true; }

// -- a file that is not read beforehand

void* (*their_address)(ggml::Registry*, const char*) = nullptr;

// llama.cpp reads a whole file ahead, unless memory has several nodes.
bool says_several_nodes() { return true; }
void* own_address(ggml::Registry* registry, const char* name) {
  if (std::strcmp(name, "ggml_backend_cpu_is_numa") == 0 && loading()) {
    return reinterpret_cast<void*>(&says_several_nodes);
  }
  return their_address(registry, name);
}

std::string find_operations() {
  const ggml::Library& library = ggml::entry().library;
  const ggml::Owned<ggml::Context> context = ggml::open_context();
  Tensor* const table = library.new_tensor_4d(context.get(), ggml::kF32, 32, 5, 1, 1);
  Tensor* const ids = library.new_tensor_4d(context.get(), ggml::kI32, 3, 1, 1, 1);
  const Tensor* const rows = library.get_rows(context.get(), table, ids);
  const auto* const plain = library.cpu_traits(ggml::kF32);
  if (rows->src[0] != table || rows->src[1] != ids || plain->dot_type != ggml::kF32 ||
      !plain->dot || library.row_size(ggml::kF32, 32) != 128) {
    return "its operations are not as known";
  }
  operations() = {ggml::entry().mul_mat, ggml::entry().mul_mat_id, rows->op};
  return "";
}

}  // namespace

Operations& operations() {
  static Operations only;
  return only;
}

BufferType& own_type() {
  static BufferType only;
  return only;
}

Entry* entry_of(const Tensor* tensor) {
  const Tensor* const whole = tensor->view_src ? tensor->view_src : tensor;
  if (!whole->buffer || whole->buffer->type != &own_type()) return nullptr;
  Entry* entry = nullptr;
  std::memcpy(&entry, whole->padding, sizeof entry);
  return entry;
}

std::shared_ptr<Store> loading() {
  const std::lock_guard lock(guard());
  return current();
}

void begin_loading(const std::shared_ptr<Store>& store) {
  const std::lock_guard lock(guard());
  current() = store;
}

void end_loading() {
  const std::lock_guard lock(guard());
  current().reset();
}

std::uintptr_t buffer_type() { return reinterpret_cast<std::uintptr_t>(&own_type()); }

std::string attach(const std::string& folder, const std::string& version,
                   const std::string& missing) {
  if (auto reason = ggml::prepare(folder, version, missing); !reason.empty()) return reason;
  if (auto reason = find_operations(); !reason.empty()) return reason;
  const ggml::Library& library = ggml::entry().library;
  BufferType& type = own_type();
  if (type.context) return "";
  ggml::Device* const device = library.device_by_type(0);
  ggml::Registry* const registry = device ? library.device_registry(device) : nullptr;
  if (!registry || registry->version != kApi || !registry->calls.get_address) {
    return "it has no device for the CPU";
  }
  type = {{get_name, alloc_buffer, get_alignment, nullptr, nullptr, is_host}, device,
          &extra_type()};
  if (auto reason = ggml::enter_last(&type); !reason.empty()) {
    type.context = nullptr;
    return reason;
  }
  their_address = registry->calls.get_address;
  registry->calls.get_address = own_address;
  return "";
}

}  // namespace cairn::flash
