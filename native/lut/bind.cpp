// The Python side of lut.h: turns numpy arrays into its pointers. Called only by native/py/lut.py,
// which has explained bad arguments already; the checks here keep memory safe.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <cstdint>
#include <string>
#include <vector>

#include "dispatch.h"
#include "lut/lut.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using cairn::lut::Type;
using Bytes = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using OutBytes = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Columns = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Floats = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using FloatColumns = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using OutFloats = nb::ndarray<float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

cairn::Level level_of(const std::string& name) {
  const auto level = cairn::level_from_name(name);
  if (!level) throw nb::value_error("unknown level");
  return *level;
}

bool supports(const std::string& level, std::uint32_t type, std::size_t rows, std::size_t cols) {
  return cairn::lut::supports(level_of(level), Type{type}, rows, cols);
}

void require(bool fits) {
  if (!fits) throw nb::value_error("the level, the type and the sizes of the arrays disagree");
}

bool is_range(cairn::Level level, Type type, std::size_t begin, std::size_t end, std::size_t rows) {
  const std::size_t step = cairn::lut::row_step(level, type);
  return begin <= end && end <= rows && begin % step == 0 && (end % step == 0 || end == rows);
}

std::size_t packed_bytes(std::uint32_t type, std::size_t rows, std::size_t cols) {
  require(cairn::lut::supports(cairn::Level::scalar, Type{type}, rows, cols));
  return cairn::lut::packed_bytes(cairn::Level::scalar, Type{type}, rows, cols);
}

std::size_t activation_bytes(std::uint32_t type, std::size_t cols) {
  require(cairn::lut::supports(cairn::Level::scalar, Type{type}, 1, cols));
  return cairn::lut::activation_bytes(Type{type}, cols);
}

void pack(std::uint32_t type, std::size_t rows, std::size_t cols, const Bytes& blocks,
          const OutBytes& packed) {
  const auto level = cairn::Level::scalar;
  require(packed.size() == packed_bytes(type, rows, cols));
  require(blocks.size() == cairn::lut::file_bytes(Type{type}, rows, cols));
  nb::gil_scoped_release unlocked;
  cairn::lut::pack(level, Type{type}, rows, cols, blocks.data(), packed.data());
}

void unpack(std::uint32_t type, std::size_t rows, std::size_t cols, const Bytes& packed,
            const OutBytes& blocks) {
  const auto level = cairn::Level::scalar;
  require(packed.size() == packed_bytes(type, rows, cols));
  require(blocks.size() == cairn::lut::file_bytes(Type{type}, rows, cols));
  nb::gil_scoped_release unlocked;
  cairn::lut::unpack(level, Type{type}, rows, cols, packed.data(), blocks.data());
}

void quantize(const std::string& level, std::uint32_t type, const Floats& x, const OutBytes& out) {
  require(supports(level, type, 1, x.size()) && out.size() == activation_bytes(type, x.size()));
  nb::gil_scoped_release unlocked;
  cairn::lut::quantize(level_of(level), Type{type}, x.data(), x.size(), out.data());
}

void multiply(const std::string& level, std::uint32_t type, const Bytes& packed, std::size_t rows,
              std::size_t cols, std::size_t begin, std::size_t end, const Columns& activations,
              const OutFloats& y) {
  const std::size_t count = activations.shape(0);
  require(supports(level, type, rows, cols) && packed.size() == packed_bytes(type, rows, cols));
  require(activations.shape(1) == activation_bytes(type, cols));
  require(y.shape(0) == count && y.shape(1) == rows);
  require(is_range(level_of(level), Type{type}, begin, end, rows));
  nb::gil_scoped_release unlocked;
  cairn::lut::multiply(level_of(level), Type{type}, packed.data(), rows, cols, begin, end,
                       activations.data(), activations.shape(1), count, y.data(), rows);
}

// What a node of a graph does, `times` over: quantizes the columns and multiplies some rows by them.
void run(const std::string& level_name, std::uint32_t number, const Bytes& packed, std::size_t rows,
         const FloatColumns& x, const OutFloats& y, std::size_t begin, std::size_t end,
         std::size_t times) {
  const std::size_t count = x.shape(0), cols = x.shape(1);
  const cairn::Level level = level_of(level_name);
  const Type type{number};
  require(supports(level_name, number, rows, cols));
  require(packed.size() == packed_bytes(number, rows, cols));
  require(y.shape(0) == count && y.shape(1) == rows && is_range(level, type, begin, end, rows));
  nb::gil_scoped_release unlocked;
  const std::size_t each = cairn::lut::activation_bytes(type, cols);
  std::vector<std::uint8_t> columns(count * each);
  for (std::size_t i = 0; i < times; ++i) {
    for (std::size_t t = 0; t < count; ++t) {
      cairn::lut::quantize(level, type, x.data() + t * cols, cols, columns.data() + t * each);
    }
    cairn::lut::multiply(level, type, packed.data(), rows, cols, begin, end, columns.data(), each,
                         count, y.data(), rows);
  }
}

std::uint64_t read_all(const Bytes& bytes) {
  nb::gil_scoped_release unlocked;
  return cairn::lut::read_all(bytes.data(), bytes.size());
}

}  // namespace

void bind_lut(nb::module_& m) {
  m.def("lut_supports", &supports, "level"_a, "type"_a, "rows"_a, "cols"_a);
  m.def("lut_packed_bytes", &packed_bytes, "type"_a, "rows"_a, "cols"_a);
  m.def("lut_activation_bytes", &activation_bytes, "type"_a, "cols"_a);
  m.def("lut_pack", &pack, "type"_a, "rows"_a, "cols"_a, "blocks"_a.noconvert(),
        "packed"_a.noconvert());
  m.def("lut_unpack", &unpack, "type"_a, "rows"_a, "cols"_a, "packed"_a.noconvert(),
        "blocks"_a.noconvert());
  m.def("lut_quantize", &quantize, "level"_a, "type"_a, "x"_a.noconvert(), "out"_a.noconvert());
  m.def("lut_multiply", &multiply, "level"_a, "type"_a, "packed"_a.noconvert(), "rows"_a, "cols"_a,
        "begin"_a, "end"_a, "activations"_a.noconvert(), "y"_a.noconvert());
  m.def("lut_read", &read_all, "bytes"_a.noconvert());
  m.def("lut_run", &run, "level"_a, "type"_a, "packed"_a.noconvert(), "rows"_a, "x"_a.noconvert(),
        "y"_a.noconvert(), "begin"_a, "end"_a, "times"_a);
}
