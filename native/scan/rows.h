// Vectors in memory, found by their row: int8 codes and scales, and sketches of them for the sieve.
// Called by bind.cpp and tests/native. Rows come at the end; where one is taken out, the last takes
// its place. Searches may run side by side, a change waits for them and they for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "dispatch.h"
#include "scan/rotation.h"
#include "scan/scan.h"
#include "scan/slab.h"

namespace cairn::scan {

enum class Way : std::uint8_t {
  best,   // the sieve where it is faster
  exact,  // every row's codes
  sieve,  // also where it is slower, if these vectors have sketches: for tests and measurements
};

struct Wanted {
  std::size_t k;
  const std::uint8_t* mask;  // as Matrix::mask
  Way way;
  std::size_t threads;
};

// How wide the sieve is, and whether it was seen to find enough of these very vectors.
struct Trial {
  float width = 4;         // of the bounds, as Sieve has it; 0: it never found enough, and isn't used
  std::uint32_t rows = 0;  // how many there were; 0: nothing was tried
  std::uint32_t tried = 0, wanted = 0, found = 0;  // queries, and of all their best how many

  bool is_enough() const { return found >= kEnough * wanted; }
  static constexpr double kEnough = 0.99;
};

// What a search reads.
struct View {
  Matrix matrix;
  const std::uint8_t* sketches;  // null: none are kept
};

class Rows {
 public:
  // Throws std::invalid_argument when dim is out of range.
  explicit Rows(std::size_t dim);

  std::size_t dim() const { return dim_; }
  std::size_t size() const;
  // Can the sieve be used for vectors of this length?
  bool has_sketches() const { return rotation_.has_value(); }

  void append(const std::int8_t* codes, const float* scales, std::size_t count);
  // Each of `rows` is below size(), or else std::out_of_range is thrown and nothing is written.
  void write(const std::int64_t* rows, const std::int8_t* codes, const float* scales,
             std::size_t count);
  void remove(std::size_t row);

  // As top_k, but that a row which just makes it is overlooked about once in 30,000 times, unless
  // the sieve was made wider; one that is clearly better never is. What is found is the same whatever the level, the threads, the
  // order in which the rows came, or where they were kept meanwhile. Throws std::invalid_argument
  // too when the mask has not one byte a row.
  std::vector<Hit> search(Level level, const Query& query, const Wanted& wanted,
                          std::size_t mask_size) const;
  // The scores of these rows, as `search` has them; throws std::out_of_range.
  std::vector<float> scores(Level level, const Query& query, const std::int64_t* rows,
                            std::size_t count) const;

  // Looks for the neighbours of so many rows both ways, and takes the first of the widths at which
  // the sieve finds enough. Others may search and change meanwhile; in trial.cpp.
  Trial try_out(Level level, std::size_t samples, const std::vector<float>& widths);
  Trial trial() const;

  // A file that `open` takes: it is complete or not there. `state` and `names` are the caller's.
  // Throws std::system_error.
  void save(const std::string& path, const std::string& state, const std::string& names) const;
  struct Opened {
    std::unique_ptr<Rows> rows;
    std::string names;
    std::string refusal;  // why there are no rows; empty if there are
  };
  static Opened open(const std::string& path, std::size_t dim, const std::string& state);

 private:
  std::size_t codes_bytes(std::size_t rows) const { return rows * dim_; }
  std::size_t sketches_bytes(std::size_t rows) const;
  void check_row(std::int64_t row) const;
  void put(std::size_t row, const std::int8_t* codes, float scale);
  View view(const std::uint8_t* mask) const;
  void try_some(Level level, std::size_t from, std::size_t to, std::size_t samples,
                Trial& trial) const;

  std::size_t dim_, size_ = 0;
  std::optional<Rotation> rotation_;
  Trial trial_;
  Slab codes_, scales_, sketches_;
  mutable std::shared_mutex mutex_;
};

// The sieve's search, in search.cpp.
std::vector<Hit> sift(Level level, const Rotation& rotation, const View& view, const Query& query,
                      const Wanted& wanted, double width);
bool is_worth_sifting(const Matrix& matrix, std::size_t k);

}  // namespace cairn::scan
