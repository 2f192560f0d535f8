// The functions that native/py/ggml.py calls; it has found llama.cpp's libraries already.
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "dispatch.h"
#include "ggml/trial.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

std::string attach(const std::string& folder, const std::string& level_name,
                   const std::vector<std::uint32_t>& types, const std::string& version,
                   const std::string& missing) {
  const auto level = cairn::level_from_name(level_name);
  if (!level || !cairn::is_supported(*level)) throw nb::value_error("unknown level");
  cairn::ggml::Wanted wanted{folder, *level, {}, version, missing};
  for (const std::uint32_t type : types) {
    wanted.types.push_back(static_cast<cairn::lut::Type>(type));
  }
  nb::gil_scoped_release unlocked;
  return cairn::ggml::attach(wanted);
}

std::pair<std::size_t, std::size_t> held() {
  const cairn::ggml::Held now = cairn::ggml::held();
  return {now.tensors, now.bytes};
}

std::pair<double, double> paces(std::uint32_t type, std::int64_t rows, std::int64_t columns,
                                std::int64_t tokens, int runs) {
  nb::gil_scoped_release unlocked;
  const auto found =
      cairn::ggml::paces({static_cast<cairn::lut::Type>(type), rows, columns, tokens}, runs);
  return {found.ours, found.theirs};
}

}  // namespace

void bind_ggml(nb::module_& m) {
  m.attr("GGML_VERSION") = cairn::ggml::kVersion;
  m.def("ggml_attach", &attach, "folder"_a, "level"_a, "types"_a, "version"_a, "missing"_a,
        "Enters our kernels with llama.cpp's CPU; see ggml/entry.h.");
  m.def("ggml_paces", &paces, "type"_a, "rows"_a, "columns"_a, "tokens"_a, "runs"_a,
        "Seconds of a product by our kernels and by llama.cpp's; attach first.");
  m.def("ggml_held", &held, "Tensors and bytes that lie in our buffers.");
}
