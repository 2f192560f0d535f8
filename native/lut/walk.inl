// The outer loops of tiles.inl: which groups of rows meet which columns when.

// One group of rows times N columns, written to y (of which `rows` elements are wanted).
template <class T, int N>
LUT_TARGET void tile(const Byte* group, std::size_t rows, const Columns<N>& columns, float* y,
                     std::size_t y_stride) {
  constexpr Format kFormat = format_of(T::kType);
  const std::size_t blocks = columns.cols / kFormat.block;
  Sums<N> sums;
  for (int p = 0; p < kParts; ++p) {
    for (int n = 0; n < N; ++n) sums[p][n] = V::zero_float();
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    const Place place = place_of(kFormat, b, blocks);
    if constexpr (N == 1) __builtin_prefetch(group + place.tail + kAhead);
    T::template add<N>(group + place.body, group + place.tail, columns, b, sums);
  }
  for (int n = 0; n < N; ++n) {
    float* const out = y + static_cast<std::size_t>(n) * y_stride;
    float rest[kRows];
    float* const to = rows < kRows ? rest : out;
    for (int p = 0; p < kParts; ++p) V::store(to + p * V::kLanes, sums[p][n]);
    if (rows < kRows) std::memcpy(out, rest, rows * sizeof(float));
  }
}

template <class T, int N>
LUT_TARGET void columns_at(const Job& job, std::size_t row, std::size_t column) {
  Columns<N> columns;
  columns.cols = job.cols;
  for (int n = 0; n < N; ++n) {
    columns.at[n] = job.activations + (column + static_cast<std::size_t>(n)) * job.stride;
  }
  const Byte* const group = job.packed + row / kRows * format_of(T::kType).group(job.cols);
  const std::size_t rows = job.end - row < kRows ? job.end - row : kRows;
  tile<T, N>(group, rows, columns, job.y + column * job.y_stride + row, job.y_stride);
}

// Columns are taken in stretches whose codes stay in the second-level cache while every row passes.
template <class T>
LUT_TARGET void all(const Job& job) {
  constexpr std::size_t kTile = T::kTile, kStretchBytes = 256 << 10;
  std::size_t stretch = kStretchBytes / job.stride / kTile * kTile;
  if (stretch == 0) stretch = kTile;
  for (std::size_t from = 0; from < job.count; from += stretch) {
    const std::size_t to = job.count - from < stretch ? job.count : from + stretch;
    for (std::size_t row = job.begin; row < job.end; row += kRows) {
      std::size_t t = from;
      for (; t + kTile <= to; t += kTile) columns_at<T, T::kTile>(job, row, t);
      if (kTile > 4 && t + 4 <= to) columns_at<T, 4>(job, row, t), t += 4;
      if (kTile > 2 && t + 2 <= to) columns_at<T, 2>(job, row, t), t += 2;
      if (t < to) columns_at<T, 1>(job, row, t);
    }
  }
}

LUT_TARGET void multiply_all(Type type, const Job& job) {
  switch (type) {
    case Type::q4_0: return all<Q4_0>(job);
    case Type::q8_0: return all<Q8_0>(job);
    case Type::q2_k: return all<Q2_K>(job);
    case Type::q3_k: return all<Q3_K>(job);
    case Type::q4_k: return all<Q4_K>(job);
    case Type::q6_k: return all<Q6_K>(job);
    case Type::tq1_0: return all<TQ1_0>(job);
    case Type::tq2_0: return all<TQ2_0>(job);
    default: return;
  }
}
