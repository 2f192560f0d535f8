// The product with experts that is under way, shared by the threads of a graph.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "flash/experts.h"

namespace cairn::flash {

struct Pair {
  std::int32_t expert;
  std::uint32_t used, token;
};

// The pairs of one expert; its rows are dealt out in ranges.
struct Group {
  std::int32_t expert = 0;
  std::size_t begin = 0, end = 0;
  std::atomic<std::uint32_t> next{0}, finished{0};
};

struct Product {
  std::vector<Pair> pairs;  // by expert
  std::vector<std::int32_t> places;  // of each, in the experts' part and among the tokens
  std::vector<Need> needs;
  std::unique_ptr<Group[]> groups;
  std::size_t count = 0, room = 0;
};

}  // namespace cairn::flash
