// The scan in cairn.native._kernels: turns numpy arrays into the plain structs of the kernels.
// Called only by native/py, which has already explained bad arguments to the caller; the checks
// here are the ones that keep memory safe. The GIL is released while a kernel runs.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "dispatch.h"
#include "pool.h"
#include "scan/rows.h"
#include "scan/scan.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using cairn::scan::Rows;
template <typename T, int Axes>
using Input = nb::ndarray<const T, nb::ndim<Axes>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Output = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
using Mask = std::optional<Input<std::uint8_t, 1>>;
using Hits = std::pair<Output<std::int64_t>, Output<float>>;

cairn::Level level_of(const std::string& name) {
  const auto level = cairn::level_from_name(name);
  if (!level) throw nb::value_error("unknown level");
  return *level;
}

template <typename T>
Output<T> to_numpy(std::unique_ptr<T[]> values, std::size_t size) {
  nb::capsule owner(values.get(), [](void* data) noexcept { delete[] static_cast<T*>(data); });
  return Output<T>(values.release(), {size}, owner);
}

Hits to_numpy(const std::vector<cairn::scan::Hit>& hits) {
  auto found = std::make_unique<std::int64_t[]>(hits.size());
  auto scores = std::make_unique<float[]>(hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    found[i] = hits[i].row;
    scores[i] = hits[i].score;
  }
  return {to_numpy(std::move(found), hits.size()), to_numpy(std::move(scores), hits.size())};
}

void check_codes(const Rows& rows, const Input<std::int8_t, 2>& codes,
                 const Input<float, 1>& scales) {
  if (codes.shape(1) != rows.dim() || codes.shape(0) != scales.shape(0)) {
    throw nb::value_error("the shapes of codes and scales disagree with these rows");
  }
}

void append_rows(Rows& rows, const Input<std::int8_t, 2>& codes, const Input<float, 1>& scales) {
  check_codes(rows, codes, scales);
  nb::gil_scoped_release unlocked;
  rows.append(codes.data(), scales.data(), codes.shape(0));
}

void write_rows(Rows& rows, const Input<std::int64_t, 1>& at, const Input<std::int8_t, 2>& codes,
           const Input<float, 1>& scales) {
  check_codes(rows, codes, scales);
  if (at.shape(0) != codes.shape(0)) throw nb::value_error("one row for each code");
  nb::gil_scoped_release unlocked;
  rows.write(at.data(), codes.data(), scales.data(), at.shape(0));
}

Hits search(const Rows& rows, const std::string& level_name, const Input<std::int8_t, 1>& query,
            float query_scale, std::size_t k, const Mask& mask, const std::string& way,
            std::size_t threads) {
  using cairn::scan::Way;
  const auto level = level_of(level_name);
  if (query.shape(0) != rows.dim()) throw nb::value_error("the query is of another length");
  const Way chosen = way == "exact" ? Way::exact : way == "sieve" ? Way::sieve : Way::best;
  const std::size_t helping = threads == 0 ? cairn::usual_threads() : threads;
  return to_numpy([&] {
    nb::gil_scoped_release unlocked;
    return rows.search(level, {query.data(), query_scale},
                       {k, mask ? mask->data() : nullptr, chosen, helping},
                       mask ? mask->shape(0) : 0);
  }());
}

Output<float> scores(const Rows& rows, const std::string& level_name,
                     const Input<std::int8_t, 1>& query, float query_scale,
                     const Input<std::int64_t, 1>& at) {
  const auto level = level_of(level_name);
  if (query.shape(0) != rows.dim()) throw nb::value_error("the query is of another length");
  const auto found = [&] {
    nb::gil_scoped_release unlocked;
    return rows.scores(level, {query.data(), query_scale}, at.data(), at.shape(0));
  }();
  auto values = std::make_unique<float[]>(found.size());
  std::copy(found.begin(), found.end(), values.get());
  return to_numpy(std::move(values), found.size());
}

void save_rows(const Rows& rows, const std::string& path, const std::string& state,
          const nb::bytes& names) {
  const std::string kept(names.c_str(), names.size());
  try {
    nb::gil_scoped_release unlocked;
    rows.save(path, state, kept);
  } catch (const std::system_error& error) {
    errno = error.code().value();
    PyErr_SetFromErrnoWithFilename(PyExc_OSError, path.c_str());
    nb::raise_python_error();
  }
}

nb::tuple open_rows(const std::string& path, std::size_t dim, const std::string& state) {
  Rows::Opened opened = [&] {
    nb::gil_scoped_release unlocked;
    return Rows::open(path, dim, state);
  }();
  const nb::bytes names(opened.names.data(), opened.names.size());
  return nb::make_tuple(std::move(opened.rows), names, opened.refusal);
}

// The width, and how many rows there were, queries, and neighbours wanted and found.
nb::tuple told(const cairn::scan::Trial& trial) {
  return nb::make_tuple(trial.width, trial.rows, trial.tried, trial.wanted, trial.found);
}

nb::tuple try_out(Rows& rows, const std::string& level_name, std::size_t samples,
                  const std::vector<float>& widths) {
  const auto level = level_of(level_name);
  return told([&] {
    nb::gil_scoped_release unlocked;
    return rows.try_out(level, samples, widths);
  }());
}

}  // namespace

void bind_scan(nb::module_& m) {
  nb::class_<Rows>(m, "Rows", "Vectors in memory; see scan/rows.h.")
      .def(nb::init<std::size_t>(), "dim"_a)
      .def("__len__", &Rows::size)
      .def_prop_ro("has_sketches", &Rows::has_sketches)
      .def("append", &append_rows, "codes"_a.noconvert(), "scales"_a.noconvert())
      .def("write", &write_rows, "rows"_a.noconvert(), "codes"_a.noconvert(),
           "scales"_a.noconvert())
      .def("remove", &Rows::remove, "row"_a)
      .def("search", &search, "level"_a, "query"_a.noconvert(), "query_scale"_a, "k"_a,
           "mask"_a.noconvert().none(), "way"_a, "threads"_a)
      .def("scores", &scores, "level"_a, "query"_a.noconvert(), "query_scale"_a,
           "rows"_a.noconvert())
      .def("try_out", &try_out, "level"_a, "samples"_a, "widths"_a)
      .def_prop_ro("trial", [](const Rows& rows) { return told(rows.trial()); })
      .def("save", &save_rows, "path"_a, "state"_a, "names"_a)
      .def_static("open", &open_rows, "path"_a, "dim"_a, "state"_a);
}
