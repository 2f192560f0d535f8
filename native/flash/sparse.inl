// One tile of rows by units that fire, for the vectors of V; included by files for each kind of CPU.
// A vector has the sums of some rows, four products of bytes in each.

template <int Vectors, int Bits>
SPARSE_TARGET inline void tile(const Packed& packed, const std::uint32_t* places,
                               const Firing* firing, std::size_t first, float* to) {
  typename V::F sums[kLanes][Vectors];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    typename V::F sum[Vectors];
    for (int i = 0; i < Vectors; ++i) sum[i] = V::zero();
    for (std::uint32_t at = places[lane]; at < places[lane + 1]; ++at) {
      const Firing& each = firing[at];
      const std::byte* const unit = packed.units[each.unit] + first * Bits / 2;
      const std::uint16_t* const scales =
          packed.scales + each.unit / kLanes * packed.rows + first;
      for (int i = 0; i < Vectors; ++i) {
        const auto quants = V::template quants<Bits>(unit, i);
        sum[i] = V::add(sum[i], quants, each, scales + i * V::kRows);
      }
    }
    for (int i = 0; i < Vectors; ++i) sums[lane][i] = sum[i];
  }
  for (int i = 0; i < Vectors; ++i) {  // in pairs, as ggml adds up the parts of a vector
    const auto a = V::plus(V::plus(sums[0][i], sums[4][i]), V::plus(sums[2][i], sums[6][i]));
    const auto b = V::plus(V::plus(sums[1][i], sums[5][i]), V::plus(sums[3][i], sums[7][i]));
    V::store(to + i * V::kRows, V::plus(a, b));
  }
}

template <int Bits>
SPARSE_TARGET inline void tiles(const Packed& packed, const std::uint32_t* places,
                                const Firing* firing, std::size_t first, std::size_t rows,
                                float* to) {
  constexpr int kStep = static_cast<int>(kRowStep) / V::kRows;
  constexpr std::size_t kMost = V::kMostVectors * static_cast<std::size_t>(V::kRows);
  std::size_t done = 0;
  for (; rows - done >= kMost; done += kMost) {
    tile<V::kMostVectors, Bits>(packed, places, firing, first + done, to + done);
  }
  for (; done < rows; done += kRowStep) {
    tile<kStep, Bits>(packed, places, firing, first + done, to + done);
  }
}

SPARSE_TARGET void multiply(const Packed& packed, const std::uint32_t* places,
                            const Firing* firing, std::size_t first, std::size_t rows, float* to) {
  if (packed.bits == 4) tiles<4>(packed, places, firing, first, rows, to);
  else tiles<8>(packed, places, firing, first, rows, to);
}
