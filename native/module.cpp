// The Python module cairn.native._kernels: turns numpy arrays into the plain structs of the kernels.
// Called only by native/py/__init__.py, which has already explained bad arguments to the caller; the
// checks here are the ones that keep memory safe. The GIL is released while a kernel runs.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dispatch.h"
#include "scan/scan.h"

namespace nb = nanobind;

namespace cairn {
void bind_encode(nb::module_& m);
}

using namespace nb::literals;

namespace {

template <typename T, int Axes>
using Input = nb::ndarray<const T, nb::ndim<Axes>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Output = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

std::vector<std::string> levels() {
  std::vector<std::string> names;
  for (const cairn::Level level : cairn::supported_levels()) {
    names.emplace_back(cairn::level_name(level));
  }
  return names;
}

template <typename T>
Output<T> to_numpy(std::unique_ptr<T[]> values, std::size_t size) {
  nb::capsule owner(values.get(), [](void* data) noexcept { delete[] static_cast<T*>(data); });
  return Output<T>(values.release(), {size}, owner);
}

std::pair<Output<std::int64_t>, Output<float>> top_k(
    const std::string& level_name, const Input<std::int8_t, 2>& codes,
    const Input<float, 1>& scales, const Input<std::int8_t, 1>& query, float query_scale,
    std::size_t k, const std::optional<Input<std::uint8_t, 1>>& mask) {
  const auto level = cairn::level_from_name(level_name);
  if (!level) throw nb::value_error("unknown level");
  const std::size_t rows = codes.shape(0), dim = codes.shape(1);
  if (scales.shape(0) != rows || query.shape(0) != dim || (mask && mask->shape(0) != rows)) {
    throw nb::value_error("the shapes of codes, scales, query and mask disagree");
  }
  const cairn::scan::Matrix matrix{codes.data(), scales.data(), mask ? mask->data() : nullptr,
                                   rows, dim};
  const auto hits = [&] {
    nb::gil_scoped_release unlocked;
    return cairn::scan::top_k(*level, matrix, {query.data(), query_scale}, k);
  }();
  auto found = std::make_unique<std::int64_t[]>(hits.size());
  auto scores = std::make_unique<float[]>(hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    found[i] = hits[i].row;
    scores[i] = hits[i].score;
  }
  return {to_numpy(std::move(found), hits.size()), to_numpy(std::move(scores), hits.size())};
}

}  // namespace

NB_MODULE(_kernels, m) {
  m.doc() = "Compiled kernels of cairn.native; use the functions of that package instead.";
  m.def("levels", &levels, "The levels this CPU can run, slowest first.");
  m.def("top_k", &top_k, "level"_a, "codes"_a.noconvert(), "scales"_a.noconvert(),
        "query"_a.noconvert(), "query_scale"_a, "k"_a, "mask"_a.noconvert().none(),
        "The k best rows and their scores; see scan/scan.h.");
  cairn::bind_encode(m);
}
