// The encoder's layers for some rows of a pack: token ids into states. Included once by each level,
// under its target. A row's result is made by the same operations in the same order whichever rows
// are beside it, so it depends on nothing but its sequence.
#pragma once

#include <limits>

#include "encode/pack.h"
#include "encode/rows.h"

namespace cairn::encode {

template <typename L, std::size_t Rows = L::rows>
void multiply_some(std::size_t rows, const Codes* row, const Matrix& matrix, std::size_t panel,
                   float* tile) {
  if (rows == Rows) {
    const std::size_t first = panel * matrix.blocks;
    L::template multiply<Rows>(row, matrix.blocks, matrix.codes.data() + first * kPanelBytes,
                               matrix.scales.data() + first * kBlock, matrix.blocks, tile);
  } else if constexpr (Rows > 1) {
    multiply_some<L, Rows - 1>(rows, row, matrix, panel, tile);
  }
}

// Rows from..to times the matrix; `use` is given each tile: first row, rows, panel, [row][32].
template <typename L, typename Use>
void multiply(const Matrix& matrix, const Codes* codes, std::size_t from, std::size_t to, Use use) {
  if (from == to) return;
  alignas(64) float tile[L::rows * kBlock];
  const std::size_t tiles = (to - from + L::rows - 1) / L::rows;
  const std::size_t least = (to - from) / tiles, more = (to - from) % tiles;
  for (std::size_t panel = 0; panel < matrix.outputs / kBlock; ++panel) {
    std::size_t row = from;
    for (std::size_t t = 0; t < tiles; ++t) {
      const std::size_t rows = least + (t < more);
      multiply_some<L>(rows, codes + row * matrix.blocks, matrix, panel, tile);
      use(row, rows, panel, static_cast<const float*>(tile));
      row += rows;
    }
  }
}

template <typename L>
void embed(const Model& model, const Pack& pack, std::size_t row) {
  constexpr std::size_t kBytes = 2 + kBlock;
  const std::size_t width = model.shape.width;
  const std::uint8_t* block =
      model.tokens + static_cast<std::size_t>(pack.tokens[row]) * (width / kBlock) * kBytes;
  const std::size_t place = row - pack.sequences[pack.owner[row]].first;
  const float* const at = model.places.data() + place * width;
  float* const state = pack.states + row * width;
  for (std::size_t i = 0; i < width; i += kBlock, block += kBytes) {
    const float scale = from_half<L>(static_cast<std::uint16_t>(block[0] | block[1] << 8));
    for (std::size_t j = 0; j < kBlock; ++j) {
      state[i + j] = static_cast<float>(static_cast<std::int8_t>(block[2 + j])) * scale + at[i + j];
    }
  }
}

// A panel of queries, keys or values to where attention reads them.
template <typename L, std::size_t D>
void spread(const Model& model, Pack& pack, std::size_t odd, const Layer& layer, std::size_t row,
            std::size_t rows, std::size_t panel, const float* tile) {
  const std::size_t width = model.shape.width, of = panel * kBlock;
  const std::size_t kind = of / width, within = of % width;
  const std::size_t head = within / D, first = within % D;
  const auto bias_a = L::load(layer.qkv.bias.data() + of);
  const auto bias_b = L::load(layer.qkv.bias.data() + of + kLanes);
  const auto part = L::all(1.0f / std::sqrt(static_cast<float>(D)));
  for (std::size_t r = row; r < row + rows; ++r, tile += kBlock) {
    auto a = L::add(L::load(tile), bias_a), b = L::add(L::load(tile + kLanes), bias_b);
    if (kind == 1) {
      const Sequence& sequence = pack.sequences[pack.owner[r]];
      const std::size_t key = sequence.keys * kLanes + r - sequence.first;
      float* const to = pack.keys[odd].data() + key % kLanes +
                        ((head * pack.key_blocks + key / kLanes) * D + first) * kLanes;
      alignas(64) float line[kBlock];
      L::store(line, a);
      L::store(line + kLanes, b);
      for (std::size_t i = 0; i < kBlock; ++i) to[i * kLanes] = line[i];
      continue;
    }
    if (kind == 0) a = L::mul(a, part), b = L::mul(b, part);
    float* const to = kind == 0 ? pack.queries.data() + r * width + within
                                : pack.values[odd].data() + (head * pack.rows + r) * D + first;
    L::store(to, a);
    L::store(to + kLanes, b);
  }
}

// Each of `count` scores to its share of the whole, which is returned: shares are not yet divided.
template <typename L>
float soften(float* scores, std::size_t count) {
  const std::size_t whole = count / kLanes * kLanes;
  constexpr float kLeast = -std::numeric_limits<float>::infinity();
  auto best = L::first(L::load(scores + whole), count - whole, kLeast);
  for (std::size_t i = 0; i < whole; i += kLanes) best = L::max(best, L::load(scores + i));
  const auto peak = L::all(L::peak(best));
  auto total = L::all(0.0f);
  for (std::size_t i = 0; i < whole; i += kLanes) {
    const auto share = encode::exp<L>(L::sub(L::load(scores + i), peak));
    L::store(scores + i, share);
    total = L::add(total, share);
  }
  const auto last = encode::exp<L>(L::sub(L::load(scores + whole), peak));
  const auto share = L::first(last, count - whole, 0.0f);
  L::store(scores + whole, share);
  return L::sum(L::add(total, share));
}

template <typename L, std::size_t D, std::size_t Rows>
void attend(const Model& model, Pack& pack, std::size_t odd, const Sequence& sequence,
            std::size_t head, std::size_t row, float* scores) {
  using F = typename L::F;
  const std::size_t width = model.shape.width, count = sequence.count;
  const std::size_t span = (model.shape.positions + kBlock) / kBlock * kBlock;
  const float* const query = pack.queries.data() + row * width + head * D;
  const float* key = pack.keys[odd].data() + (head * pack.key_blocks + sequence.keys) * D * kLanes;
  for (std::size_t j = 0; j < count; j += kBlock, key += 2 * D * kLanes) {
    F sums[Rows][2];
    for (auto& pair : sums) pair[0] = pair[1] = L::all(0.0f);
    for (std::size_t d = 0; d < D; ++d) {
      const F a = L::load(key + d * kLanes), b = L::load(key + (D + d) * kLanes);
      for (std::size_t r = 0; r < Rows; ++r) {
        const F asked = L::all(query[r * width + d]);
        sums[r][0] = L::fma(asked, a, sums[r][0]);
        sums[r][1] = L::fma(asked, b, sums[r][1]);
      }
    }
    for (std::size_t r = 0; r < Rows; ++r) {
      L::store(scores + r * span + j, sums[r][0]);
      L::store(scores + r * span + j + kLanes, sums[r][1]);
    }
  }
  float totals[Rows];
  for (std::size_t r = 0; r < Rows; ++r) totals[r] = soften<L>(scores + r * span, count);
  const float* value = pack.values[odd].data() + (head * pack.rows + sequence.first) * D;
  F sums[Rows][D / kLanes];
  for (auto& parts : sums) {
    for (auto& part : parts) part = L::all(0.0f);
  }
  for (std::size_t j = 0; j < count; ++j, value += D) {
    for (std::size_t r = 0; r < Rows; ++r) {
      const F share = L::all(scores[r * span + j]);
      for (std::size_t i = 0; i < D / kLanes; ++i) {
        sums[r][i] = L::fma(share, L::load(value + i * kLanes), sums[r][i]);
      }
    }
  }
  Codes* to = pack.context.data() + row * width / kBlock + head * D / kBlock;
  for (std::size_t r = 0; r < Rows; ++r, to += width / kBlock) {
    const F up = L::all(1.0f / totals[r]);
    for (std::size_t i = 0; i < D / kBlock; ++i) {
      quantize<L>(L::mul(sums[r][2 * i], up), L::mul(sums[r][2 * i + 1], up), to[i]);
    }
  }
}

template <typename L, std::size_t D, std::size_t Rows = L::queries>
void attend_some(std::size_t rows, const Model& model, Pack& pack, std::size_t odd,
                 const Sequence& sequence, std::size_t head, std::size_t row, float* scores) {
  if (rows == Rows) {
    attend<L, D, Rows>(model, pack, odd, sequence, head, row, scores);
  } else if constexpr (Rows > 1) {
    attend_some<L, D, Rows - 1>(rows, model, pack, odd, sequence, head, row, scores);
  }
}

template <typename L, std::size_t D>
void attend_all(const Model& model, Pack& pack, std::size_t odd, const Part& part) {
  for (std::size_t row = part.from; row < part.to;) {
    const Sequence& sequence = pack.sequences[pack.owner[row]];
    const std::size_t last = sequence.first + sequence.count;
    const std::size_t end = last < part.to ? last : part.to;
    for (std::size_t head = 0; head < model.shape.heads; ++head) {
      for (std::size_t r = row; r < end; r += L::queries) {
        const std::size_t rows = end - r < L::queries ? end - r : L::queries;
        attend_some<L, D>(rows, model, pack, odd, sequence, head, r, part.scores);
      }
    }
    row = end;
  }
}

// What a matrix makes of codes, and its bias, onto the states.
template <typename L>
void add(const Model& model, Pack& pack, const Matrix& matrix, const Codes* codes,
         const Part& part) {
  multiply<L>(matrix, codes, part.from, part.to,
              [&](std::size_t row, std::size_t rows, std::size_t panel, const float* tile) {
    const float* const bias = matrix.bias.data() + panel * kBlock;
    float* to = pack.states + row * model.shape.width + panel * kBlock;
    for (std::size_t r = 0; r < rows; ++r, tile += kBlock, to += model.shape.width) {
      for (std::size_t i = 0; i < kBlock; i += kLanes) {
        const auto made = L::add(L::load(tile + i), L::load(bias + i));
        L::store(to + i, L::add(made, L::load(to + i)));
      }
    }
  });
}

template <typename L>
void feed(const Model& model, Pack& pack, const Matrix& matrix, const Part& part) {
  multiply<L>(matrix, pack.codes.data(), part.from, part.to,
              [&](std::size_t row, std::size_t rows, std::size_t panel, const float* tile) {
    const float* const bias = matrix.bias.data() + panel * kBlock;
    const auto bias_a = L::load(bias), bias_b = L::load(bias + kLanes);
    const std::size_t blocks = model.shape.hidden / kBlock;
    Codes* to = pack.inner.data() + row * blocks + panel;
    for (std::size_t r = 0; r < rows; ++r, tile += kBlock, to += blocks) {
      const auto a = L::add(L::load(tile), bias_a), b = L::add(L::load(tile + kLanes), bias_b);
      quantize<L>(gelu<L>(a), gelu<L>(b), *to);
    }
  });
}

template <typename L>
void normalise_all(const Model& model, Pack& pack, const Norm& norm, const Part& part) {
  const std::size_t width = model.shape.width;
  for (std::size_t row = part.from; row < part.to; ++row) {
    normalise<L>(norm, model.shape.epsilon, width, pack.states + row * width,
                 pack.codes.data() + row * (width / kBlock));
  }
}

template <typename L, std::size_t D>
void forward_heads(const Model& model, Pack& pack, const Part& part, Gate& gate) {
  for (std::size_t row = part.from; row < part.to; ++row) embed<L>(model, pack, row);
  normalise_all<L>(model, pack, model.norm, part);
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const Layer& layer = model.layers[l];
    const std::size_t odd = l % 2;
    multiply<L>(layer.qkv, pack.codes.data(), part.from, part.to,
                [&](std::size_t row, std::size_t rows, std::size_t panel, const float* tile) {
      spread<L, D>(model, pack, odd, layer, row, rows, panel, tile);
    });
    gate.pass();
    attend_all<L, D>(model, pack, odd, part);
    add<L>(model, pack, layer.output, pack.context.data(), part);
    normalise_all<L>(model, pack, layer.attention_norm, part);
    feed<L>(model, pack, layer.up, part);
    add<L>(model, pack, layer.down, pack.inner.data(), part);
    normalise_all<L>(model, pack, layer.output_norm, part);
  }
}

template <typename L>
void forward(const Model& model, Pack& pack, const Part& part, Gate& gate) {
  if (model.shape.head() == 32) {
    forward_heads<L, 32>(model, pack, part, gate);
  } else {
    forward_heads<L, 64>(model, pack, part, gate);
  }
}

template <typename L>
void product(const Matrix& matrix, const float* values, std::size_t rows, float* out) {
  const std::size_t inputs = matrix.blocks * kBlock;
  Aligned<Codes> codes(rows * matrix.blocks);
  for (std::size_t r = 0; r < rows; ++r) {
    quantize_row<L>(values + r * inputs, inputs, codes.data() + r * matrix.blocks);
  }
  multiply<L>(matrix, codes.data(), 0, rows,
              [&](std::size_t row, std::size_t count, std::size_t panel, const float* tile) {
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        out[(row + r) * matrix.outputs + panel * kBlock + i] = tile[r * kBlock + i];
      }
    }
  });
}

template <typename L>
constexpr Kernels kernels() {
  return {forward<L>, product<L>, L::flip};
}

}  // namespace cairn::encode
