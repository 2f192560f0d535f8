// The functions that native/py/flash.py calls; it has found llama.cpp's libraries already.
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "flash/store.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using cairn::flash::Options;
using cairn::flash::Placed;
using cairn::flash::Role;
using cairn::flash::Store;

using Order = std::vector<std::tuple<std::string, int, std::uint32_t, std::uint32_t>>;
using Bytes = std::pair<std::size_t, std::size_t>;  // for experts, and for dense ones
using Layers = std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint32_t,
                                      std::size_t, std::size_t, std::uint32_t>>;
using Side = std::tuple<std::string, std::size_t, Layers>;  // the file, its budget, its layers

std::shared_ptr<Store> open(const std::vector<std::string>& paths, const Order& order,
                            const Bytes& bytes, std::size_t used, const Bytes& readers, double ring,
                            double memory, bool together, bool ahead, const Side& side) {
  std::vector<Placed> placed;
  for (const auto& [name, role, layer, experts] : order) {
    if (role < 0 || role > 3 || (role == 2 && experts == 0)) throw nb::value_error("unknown role");
    placed.push_back({name, static_cast<Role>(role), layer, experts});
  }
  Options options;
  std::tie(options.experts_bytes, options.dense_bytes) = bytes;
  std::tie(options.readers, options.most) = readers;
  options.used = used;
  options.ring = ring;
  options.habits = {together, ahead, memory};
  options.packed = std::get<0>(side);
  options.neurons_bytes = std::get<1>(side);
  for (const auto& [name, table, units, sum, rows, blocks, bits] : std::get<2>(side)) {
    options.layers.push_back({name, table, units, sum, rows, blocks, bits});
  }
  nb::gil_scoped_release unlocked;
  return std::make_shared<Store>(paths, placed, options);
}

nb::dict statistics(const Store& store) {
  const auto now = store.statistics();
  nb::dict told;
  told["budget"] = now.budget;
  told["least"] = now.least;
  told["fixed"] = now.fixed;
  told["pinned"] = now.pinned;
  told["ring"] = now.ring;
  told["resident"] = now.resident;
  told["read_bytes"] = now.read_bytes;
  told["reads"] = now.reads;
  told["read_s"] = 1e-9 * static_cast<double>(now.read_ns);
  told["waited_s"] = 1e-9 * static_cast<double>(now.waited_ns);
  told["hits"] = now.hits;
  told["misses"] = now.misses;
  told["tokens"] = now.tokens;
  told["is_direct"] = now.is_direct;
  return told;
}

}  // namespace

void bind_flash(nb::module_& m) {
  m.def("flash_attach", &cairn::flash::attach, "folder"_a, "version"_a, "missing"_a,
        "Enters the buffer type for weights that are read as they are needed.");
  m.def("flash_buffer_type", &cairn::flash::buffer_type, "Its address, for overrides.");
  m.def("flash_begin_loading", &cairn::flash::begin_loading, "store"_a);
  m.def("flash_end_loading", &cairn::flash::end_loading);
  nb::class_<Store>(m, "FlashStore")
      .def("wait", &Store::wait, nb::call_guard<nb::gil_scoped_release>())
      .def("resize", &Store::resize, "experts"_a, "dense"_a, "neurons"_a)
      .def("trouble", &Store::trouble)
      .def("forget_trouble", &Store::forget_trouble)
      .def("close", &Store::close, nb::call_guard<nb::gil_scoped_release>())
      .def("statistics", &statistics);
  m.def("flash_open", &open, "paths"_a, "order"_a, "bytes"_a, "used"_a, "readers"_a, "ring"_a,
        "memory"_a, "together"_a, "ahead"_a, "side"_a,
        "Opens a model's files; see flash/store.h.");
}
