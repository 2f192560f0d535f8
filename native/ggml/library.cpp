#include "ggml/library.h"

#include <cstring>

#if defined(__linux__) || defined(__APPLE__)
#include <dlfcn.h>
#define CAIRN_HAS_DLOPEN 1
#endif

namespace cairn::ggml {

#if CAIRN_HAS_DLOPEN
namespace {

#if defined(__APPLE__)
constexpr const char* kEndings[] = {".0.dylib", ".dylib"};
#else
// The plain name is another file, which would be loaded as a second library with its own state.
constexpr const char* kEndings[] = {".so.0"};
#endif

class Finder {
 public:
  Finder(const std::string& folder, const std::string& missing)
      : folder_(folder), missing_(missing) {}

  void enter(const char* name) {
    library_ = nullptr;
    for (const char* ending : kEndings) {
      const std::string path = folder_ + "/" + name + ending;
      if (!library_) library_ = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_LOCAL);
    }
    if (!library_) fail(std::string(name) + " is not loaded");
  }

  template <typename Function>
  void find(Function& function, const char* symbol) {
    function = nullptr;
    void* const found = library_ && missing_ != symbol ? dlsym(library_, symbol) : nullptr;
    if (!found) return fail(std::string(symbol) + " is missing");
    static_assert(sizeof function == sizeof found);
    std::memcpy(&function, &found, sizeof found);
  }

  const std::string& reason() const { return reason_; }

 private:
  void fail(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
  }

  std::string folder_, missing_, reason_;
  void* library_ = nullptr;
};

}  // namespace

std::string Library::open(const std::string& folder, const std::string& wanted,
                          const std::string& missing) {
  Finder finder(folder, missing);
  finder.enter("libggml-base");
  finder.find(version, "ggml_version");
  finder.find(commit, "ggml_commit");
  if (!finder.reason().empty()) return finder.reason();
  if (version() != wanted || std::strncmp(commit(), kCommit, std::strlen(kCommit)) != 0) {
    return std::string("they are made for ggml ") + wanted + " (" + kCommit + "), and this is " +
           version() + " (" + commit() + ")";
  }
  finder.find(buffer_init, "ggml_backend_buffer_init");
  finder.find(buffer_free, "ggml_backend_buffer_free");
  finder.find(type_name, "ggml_backend_buft_name");
  finder.find(place, "ggml_backend_alloc_ctx_tensors_from_buft");
  finder.find(set_tensor, "ggml_backend_tensor_set");
  finder.find(get_tensor, "ggml_backend_tensor_get");
  finder.find(compute, "ggml_backend_graph_compute");
  finder.find(backend_free, "ggml_backend_free");
  finder.find(plain_type, "ggml_backend_cpu_buffer_type");
  finder.find(init, "ggml_init");
  finder.find(free, "ggml_free");
  finder.find(tensor_overhead, "ggml_tensor_overhead");
  finder.find(graph_overhead, "ggml_graph_overhead");
  finder.find(new_tensor_4d, "ggml_new_tensor_4d");
  finder.find(mul_mat, "ggml_mul_mat");
  finder.find(mul_mat_id, "ggml_mul_mat_id");
  finder.find(new_graph, "ggml_new_graph");
  finder.find(expand, "ggml_build_forward_expand");
  finder.find(nbytes, "ggml_nbytes");
  finder.find(get_name, "ggml_get_name");
  finder.find(get_data, "ggml_get_data");
  finder.find(quantize, "ggml_quantize_chunk");
  finder.find(get_rows, "ggml_get_rows");
  finder.find(row_size, "ggml_row_size");
  finder.find(type_traits, "ggml_get_type_traits");
  finder.find(device_registry, "ggml_backend_dev_backend_reg");
  finder.find(gguf_open, "gguf_init_from_file");
  finder.find(gguf_close, "gguf_free");
  finder.find(gguf_data, "gguf_get_data_offset");
  finder.find(gguf_count, "gguf_get_n_tensors");
  finder.find(gguf_name, "gguf_get_tensor_name");
  finder.find(gguf_offset, "gguf_get_tensor_offset");
  finder.find(gguf_size, "gguf_get_tensor_size");
  finder.enter("libggml-cpu");
  finder.find(cpu_traits, "ggml_get_type_traits_cpu");
  finder.find(tiled_expert, "ggml_compute_forward_mul_mat_id_tiled");
  finder.find(tiled_room, "ggml_tiled_wdata_size");
  finder.find(cpu_init, "ggml_backend_cpu_init");
  finder.find(cpu_set_threads, "ggml_backend_cpu_set_n_threads");
  finder.find(barrier, "ggml_barrier");
  finder.find(extra_types, "_Z39ggml_backend_cpu_get_extra_buffer_typesv");
  finder.enter("libggml");
  finder.find(device_by_type, "ggml_backend_dev_by_type");
  return finder.reason();
}

#else

std::string Library::open(const std::string&, const std::string&, const std::string&) {
  return "this system's way of loading libraries is not known here";
}

#endif

}  // namespace cairn::ggml
