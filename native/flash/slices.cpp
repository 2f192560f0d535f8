// The index of a model's files: where each tensor lies, as ggml itself reads it.
#include <stdexcept>

#include "flash/store.h"
#include "ggml/entry.h"

namespace cairn::flash {

std::vector<Slice> slices(const std::vector<std::string>& paths) {
  const ggml::Library& library = ggml::entry().library;
  std::vector<Slice> found;
  for (std::size_t file = 0; file < paths.size(); ++file) {
    ggml::Gguf* const header = library.gguf_open(paths[file].c_str(), {true, nullptr});
    if (!header) throw std::runtime_error(paths[file] + " is no GGUF file");
    const std::uint64_t base = library.gguf_data(header);
    for (std::int64_t i = 0; i < library.gguf_count(header); ++i) {
      found.push_back({library.gguf_name(header, i), file, base + library.gguf_offset(header, i),
                       library.gguf_size(header, i)});
    }
    library.gguf_close(header);
  }
  return found;
}

}  // namespace cairn::flash
