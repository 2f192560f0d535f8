// A fixed rotation in whole numbers: int8 codes into int32 coordinates that look random whatever
// the data, so that the error of their signs is known in advance. Called for sketches and sieves.
// Invariant: exact, and the same on every machine: nothing is trained, drawn or rounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::scan {

class Rotation {
 public:
  // Throws std::invalid_argument for a dim that `fits` doesn't allow.
  explicit Rotation(std::size_t dim);

  // A multiple of 64, and small enough for the coordinates to be exact in int32.
  static bool fits(std::size_t dim);

  std::size_t dim() const { return dim_; }
  // How much longer a vector is after apply.
  double stretch() const { return stretch_; }
  // `coordinates` takes dim values.
  void apply(const std::int8_t* codes, std::int32_t* coordinates) const;

 private:
  std::size_t dim_, piece_;  // piece_: the largest power of two that divides dim_
  double stretch_;
  std::vector<std::int32_t> signs_;  // of each round, 0 or -1
};

}  // namespace cairn::scan
