// The Python module cairn.native._kernels; each family binds its own functions.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "dispatch.h"

namespace nb = nanobind;

void bind_encode(nb::module_& m);
void bind_flash(nb::module_& m);
void bind_ggml(nb::module_& m);
void bind_lut(nb::module_& m);
void bind_scan(nb::module_& m);

namespace {

std::vector<std::string> levels() {
  std::vector<std::string> names;
  for (const cairn::Level level : cairn::supported_levels()) {
    names.emplace_back(cairn::level_name(level));
  }
  return names;
}

}  // namespace

NB_MODULE(_kernels, m) {
  // Processes of ours end without taking objects apart, which is no leak.
  nb::set_leak_warnings(false);
  m.doc() = "Compiled kernels of cairn.native; use the functions of that package instead.";
  m.def("levels", &levels, "The levels this CPU can run, slowest first.");
  bind_encode(m);
  bind_flash(m);
  bind_ggml(m);
  bind_lut(m);
  bind_scan(m);
}
