// Checks every level of low-bit products that this CPU can run against the scalar one, without
// Python: for sanitizers and for emulators of other architectures. Built by native/CMakeLists.txt
// with -DCAIRN_NATIVE_CHECK=ON; prints one line a level and exits with 1 at the first difference.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "lut/lut.h"

namespace {

using cairn::Level;
using cairn::lut::Type;
using Random = std::mt19937_64;
using Bytes = std::vector<std::uint8_t>;  // sized to the byte, so that sanitizers see every end

constexpr Type kTypes[] = {Type::q4_0, Type::q8_0, Type::q2_k,  Type::q3_k,
                           Type::q4_k, Type::q6_k, Type::tq1_0, Type::tq2_0};

std::size_t from_to(Random& random, std::size_t least, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>(least, most)(random);
}

struct Case {
  Type type;
  std::size_t rows, cols, count;
  Bytes blocks;  // arbitrary, so scales are of every kind, NaN and infinity among them
  std::vector<float> x;
};

Case make_case(Random& random) {
  const Type type = kTypes[from_to(random, 0, std::size(kTypes) - 1)];
  const bool small = type == Type::q4_0 || type == Type::q8_0;
  Case made{type, from_to(random, 1, 40), from_to(random, 1, 5) * (small ? 32 : 256),
            from_to(random, 1, 19), {}, {}};
  made.blocks.resize(cairn::lut::file_bytes(type, made.rows, made.cols));
  for (std::uint8_t& byte : made.blocks) byte = static_cast<std::uint8_t>(random());
  std::normal_distribution<float> normal(0, from_to(random, 0, 3) == 0 ? 1e-30F : 1.0F);
  for (std::size_t i = 0; i < made.count * made.cols; ++i) made.x.push_back(normal(random));
  return made;
}

std::vector<float> product(Level level, const Case& given) {
  const std::size_t step = cairn::lut::row_step(level, given.type);
  Bytes packed(cairn::lut::packed_bytes(level, given.type, given.rows, given.cols));
  cairn::lut::pack(level, given.type, given.rows, given.cols, given.blocks.data(), packed.data());
  Bytes again(given.blocks.size());
  cairn::lut::unpack(level, given.type, given.rows, given.cols, packed.data(), again.data());
  if (again != given.blocks) return {};
  const std::size_t each = cairn::lut::activation_bytes(given.type, given.cols);
  Bytes columns(each * given.count);
  for (std::size_t t = 0; t < given.count; ++t) {
    cairn::lut::quantize(level, given.type, given.x.data() + t * given.cols, given.cols,
                         columns.data() + t * each);
  }
  std::vector<float> y(given.count * given.rows, -1);
  for (std::size_t begin = 0; begin < given.rows; begin += step) {
    const std::size_t end = begin + step < given.rows ? begin + step : given.rows;
    cairn::lut::multiply(level, given.type, packed.data(), given.rows, given.cols, begin, end,
                         columns.data(), each, given.count, y.data(), given.rows);
  }
  return y;
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

bool agrees(const std::vector<float>& ours, const std::vector<float>& wanted) {
  if (ours.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (!same(ours[i], wanted[i])) return false;
  }
  return !wanted.empty();
}

}  // namespace

int main() {
  for (const Level level : cairn::supported_levels()) {
    if (!cairn::lut::supports(level, Type::q4_0, 1, 32)) continue;
    Random random(1);
    for (int i = 0; i < 400; ++i) {
      const Case given = make_case(random);
      if (agrees(product(level, given), product(Level::scalar, given))) continue;
      std::printf("%s: case %d differs: type %u, %zu x %zu, %zu columns\n",
                  cairn::level_name(level).data(), i, static_cast<unsigned>(given.type), given.rows,
                  given.cols, given.count);
      return 1;
    }
    std::printf("%s: same bits\n", cairn::level_name(level).data());
  }
}
