// The encoder's part of the module cairn.native._kernels; called only by native/py/encode.py.
// The checks here are the ones that keep memory safe. The GIL is released while it encodes.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "encode/encoder.h"
#include "encode/kernels.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace cairn {
namespace {

using encode::Encoder;
using encode::Format;
using encode::Tensor;
using Bytes = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Tokens = nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Values = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using States = nb::ndarray<nb::numpy, float, nb::ndim<2>>;
using Stored = std::tuple<std::string, std::size_t, std::size_t, Bytes>;

Tensor tensor_of(const Stored& stored) {
  static const std::map<std::string, Format> formats{
      {"F32", Format::f32}, {"F16", Format::f16}, {"Q8_0", Format::q8_0}};
  const auto& [format, rows, columns, bytes] = stored;
  const auto known = formats.find(format);
  if (known == formats.end()) throw nb::value_error(("the number format " + format).c_str());
  constexpr std::size_t most = std::size_t{1} << 31;
  if (rows > most || columns > most) throw nb::value_error("a tensor is too large");
  return {known->second, rows, columns, {bytes.data(), bytes.size()}};
}

States to_numpy(std::unique_ptr<float[]> values, std::size_t rows, std::size_t columns) {
  nb::capsule owner(values.get(), [](void* data) noexcept { delete[] static_cast<float*>(data); });
  return States(values.release(), {rows, columns}, owner);
}

class Opened {  // keeps the file's bytes as long as the encoder that reads them
 public:
  Opened(const std::string& level, const std::vector<std::size_t>& counts, float epsilon,
         const std::map<std::string, Stored>& tensors)
      : tokens_(tokens_of(tensors)),
        encoder_(encode::kernels_named(level), model_of(level, counts, epsilon, tensors)) {}

  States states(const std::vector<Tokens>& sequences, std::size_t threads) {
    std::vector<std::span<const std::int32_t>> each;
    std::size_t rows = 0;
    for (const Tokens& tokens : sequences) {
      each.emplace_back(tokens.data(), tokens.size());
      rows += tokens.size();
    }
    const std::size_t width = encoder_.shape().width;
    std::unique_ptr<float[]> out(new float[rows * width]);
    {
      nb::gil_scoped_release unlocked;
      encoder_.states(each, threads, out.get());
    }
    return to_numpy(std::move(out), rows, width);
  }

 private:
  static Bytes tokens_of(const std::map<std::string, Stored>& tensors) {
    const auto found = tensors.find("token_embd.weight");
    if (found == tensors.end()) throw nb::value_error("token_embd.weight is missing");
    return std::get<3>(found->second);
  }

  static encode::Model model_of(const std::string& level, const std::vector<std::size_t>& counts,
                                float epsilon, const std::map<std::string, Stored>& tensors) {
    if (counts.size() != 6) throw nb::value_error("a shape has six counts");
    const encode::Shape shape{counts[0], counts[1], counts[2], counts[3],
                              counts[4], counts[5], epsilon};
    std::map<std::string, Tensor> plain;
    for (const auto& [name, stored] : tensors) plain.emplace(name, tensor_of(stored));
    return encode::build(encode::kernels_named(level), shape, plain);
  }

  Bytes tokens_;
  Encoder encoder_;
};

States product(const std::string& level, const Stored& weights, const Values& values) {
  const Tensor tensor = tensor_of(weights);
  const std::size_t rows = values.shape(0);
  const auto made =
      encode::product(encode::kernels_named(level), tensor, {values.data(), values.size()});
  std::unique_ptr<float[]> out(new float[made.size()]);
  std::copy(made.begin(), made.end(), out.get());
  return to_numpy(std::move(out), rows, rows == 0 ? 0 : made.size() / rows);
}

}  // namespace
}  // namespace cairn

void bind_encode(nb::module_& m) {
  nb::class_<cairn::Opened>(m, "Encoder", "See encode/encoder.h.")
      .def(nb::init<const std::string&, const std::vector<std::size_t>&, float,
                    const std::map<std::string, cairn::Stored>&>(),
           "level"_a, "counts"_a, "epsilon"_a, "tensors"_a)
      .def("states", &cairn::Opened::states, "sequences"_a, "threads"_a);
  m.def("encode_levels", &cairn::encode::kernel_names, "The encoder's levels here, the plainest first.");
  m.def("encode_product", &cairn::product, "level"_a, "weights"_a, "values"_a.noconvert(),
        "Values times weights in Q8_0, as the encoder multiplies them.");
}
