// Our entry among the extra buffer types of llama.cpp's CPU: weights that it loads are packed for
// the kernels of lut/, and products with them are computed by those, on llama.cpp's own threads.
// attach() is called by bind.cpp before a model is loaded with `use_extra_bufts`.
// Invariant: a tensor is taken only if its type is chosen and lut/ supports its shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dispatch.h"
#include "ggml/abi.h"
#include "ggml/library.h"
#include "lut/lut.h"

namespace cairn::ggml {

struct Wanted {
  std::string folder;  // of the libraries that llama.cpp has loaded
  Level level;
  std::vector<lut::Type> types;
  std::string version = kVersion;
  std::string missing;  // a symbol that is to count as missing, for tests
};

// Empty, or why the kernels can't be used in this process, whose weights stay with llama.cpp then.
// May be called again; what it chooses holds for the models that are loaded from then on.
std::string attach(const Wanted& wanted);

// What any entry needs first: the library, and its tensors and operations to be as declared. Empty,
// or why not. Then a type of somebody else's may enter after the others, once.
std::string prepare(const std::string& folder, const std::string& version,
                    const std::string& missing);
std::string enter_last(BufferType* type);

// What of models lies in our buffers now.
struct Held {
  std::size_t tensors, bytes;
};
Held held();

// -- shared by the files of this folder

struct Entry {
  Library library{};
  Level level = Level::scalar;
  std::uint64_t types = 0;                      // a bit for each that is chosen
  std::int32_t mul_mat = -1, mul_mat_id = -1;  // how ggml numbers these operations
  BufferType type{};
};
Entry& entry();

// A tensor's weights: `count` matrices (experts), each in `packed` bytes, which 64 divides.
struct Weights {
  lut::Type type;
  std::size_t rows, columns, count, blocks, packed;
  const std::byte* data;
};
Weights weights_of(const Tensor& tensor);

const BufferTypeCalls& buffer_type_calls();
ExtraType& extra_type();

// Empty, or what of the declarations in abi.h, or of results, is not as it should be.
std::string check_fields();
std::string check(const std::vector<lut::Type>& types);

}  // namespace cairn::ggml
