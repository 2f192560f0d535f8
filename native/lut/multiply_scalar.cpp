// The reference: takes blocks back to GGUF and multiplies them as that format's text says, so that
// it shares nothing with the other levels but the order of the float steps.
#include <cmath>

#include "lut/formats.h"

namespace cairn::lut {
namespace {

using Byte = std::uint8_t;

// weight i is d * scale[i / width] * quant[i] - dmin * min[i / width].
struct Plain {
  float d = 0, dmin = 0;
  std::size_t width = 16;
  int quant[256] = {};
  int scale[16] = {};
  int min[16] = {};
};

Plain q4_0(const Byte* block) {
  Plain plain{from_half(read16(block)), 0, 32};
  plain.scale[0] = 1;
  for (std::size_t i = 0; i < 32; ++i) {
    plain.quant[i] = (i < 16 ? block[2 + i] & 15 : block[2 + i - 16] >> 4) - 8;
  }
  return plain;
}

Plain q8_0(const Byte* block) {
  Plain plain{from_half(read16(block)), 0, 32};
  plain.scale[0] = 1;
  for (std::size_t i = 0; i < 32; ++i) plain.quant[i] = static_cast<std::int8_t>(block[2 + i]);
  return plain;
}

int pair_at(const Byte* bytes, std::size_t i) {
  return bytes[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
}

Plain q2_k(const Byte* block) {
  Plain plain{from_half(read16(block + 80)), from_half(read16(block + 82))};
  for (std::size_t i = 0; i < 256; ++i) plain.quant[i] = pair_at(block + 16, i);
  for (std::size_t s = 0; s < 16; ++s) plain.scale[s] = block[s] & 15, plain.min[s] = block[s] >> 4;
  return plain;
}

Plain q3_k(const Byte* block) {
  Plain plain{from_half(read16(block + 108))};
  for (std::size_t i = 0; i < 256; ++i) {
    const int third = block[i % 32] >> (i / 32) & 1;
    plain.quant[i] = pair_at(block + 32, i) + 4 * third - 4;
  }
  const Byte* const scales = block + 96;
  for (std::size_t s = 0; s < 16; ++s) {
    const int low = s < 8 ? scales[s] & 15 : scales[s - 8] >> 4;
    plain.scale[s] = (low | (scales[8 + s % 4] >> (s / 4 * 2) & 3) << 4) - 32;
  }
  return plain;
}

Plain q4_k(const Byte* block) {
  Plain plain{from_half(read16(block)), from_half(read16(block + 2)), 32};
  const Byte* const s = block + 4;
  for (std::size_t i = 0; i < 4; ++i) {
    plain.scale[i] = s[i] & 63;
    plain.min[i] = s[4 + i] & 63;
    plain.scale[4 + i] = (s[8 + i] & 15) | s[i] >> 6 << 4;
    plain.min[4 + i] = s[8 + i] >> 4 | s[4 + i] >> 6 << 4;
  }
  for (std::size_t i = 0; i < 256; ++i) {
    const Byte byte = block[16 + i / 64 * 32 + i % 32];
    plain.quant[i] = i / 32 % 2 == 0 ? byte & 15 : byte >> 4;
  }
  return plain;
}

Plain q6_k(const Byte* block) {
  Plain plain{from_half(read16(block + 208))};
  for (std::size_t i = 0; i < 256; ++i) {
    const Byte low = block[i / 128 * 64 + i % 64];
    const int high = pair_at(block + 128, i);
    plain.quant[i] = ((i % 128 < 64 ? low & 15 : low >> 4) | high << 4) - 32;
  }
  for (std::size_t s = 0; s < 16; ++s) plain.scale[s] = static_cast<std::int8_t>(block[192 + s]);
  return plain;
}

// A byte holds up to five digits of base 3, the first on top, as a fraction of 256.
Plain tq1_0(const Byte* block) {
  Plain plain{from_half(read16(block + 52))};
  for (std::size_t i = 0; i < 256; ++i) {
    std::size_t byte = i % 32, digit = i / 32;
    if (i >= 240) {
      byte = 48 + i % 4, digit = (i - 240) / 4;
    } else if (i >= 160) {
      byte = 32 + i % 16, digit = (i - 160) / 16;
    }
    unsigned fraction = block[byte];
    for (std::size_t n = 0; n < digit; ++n) fraction = fraction * 3 & 255;
    plain.quant[i] = static_cast<int>(fraction * 3 >> 8) - 1;
  }
  for (int& scale : plain.scale) scale = 1;
  return plain;
}

Plain tq2_0(const Byte* block) {
  Plain plain{from_half(read16(block + 64))};
  for (std::size_t i = 0; i < 256; ++i) plain.quant[i] = pair_at(block, i) - 1;
  for (int& scale : plain.scale) scale = 1;
  return plain;
}

Plain plain_of(Type type, const Byte* block) {
  switch (type) {
    case Type::q4_0: return q4_0(block);
    case Type::q8_0: return q8_0(block);
    case Type::q2_k: return q2_k(block);
    case Type::q3_k: return q3_k(block);
    case Type::q4_k: return q4_k(block);
    case Type::q6_k: return q6_k(block);
    case Type::tq1_0: return tq1_0(block);
    default: return tq2_0(block);
  }
}

bool has_min(Type type) { return type == Type::q2_k || type == Type::q4_k; }

float add(Type type, const Plain& plain, const std::int8_t* codes, std::size_t size, float da,
          float sum) {
  std::int32_t product = 0, minima = 0;
  for (std::size_t s = 0; s < size / plain.width; ++s) {
    std::int32_t dot = 0, total = 0;
    for (std::size_t i = s * plain.width; i < (s + 1) * plain.width; ++i) {
      dot += plain.quant[i] * codes[i];
      total += codes[i];
    }
    product += plain.scale[s] * dot;
    minima += plain.min[s] * total;
  }
  sum = std::fma(static_cast<float>(product), plain.d * da, sum);
  return has_min(type) ? std::fma(-static_cast<float>(minima), plain.dmin * da, sum) : sum;
}

float scale_of(const Byte* column, std::size_t cols, std::size_t width, std::size_t block) {
  const std::size_t each = width == 32 ? sizeof(float) : sizeof(Side);
  float d;
  std::memcpy(&d, column + cols + block * each, sizeof d);
  return d;
}

}  // namespace

void multiply_scalar(Type type, const Job& job) {
  const Format format = format_of(type);
  const std::size_t blocks = job.cols / format.block;
  for (std::size_t row = job.begin; row < job.end; ++row) {
    const Byte* const group = job.packed + row / kRows * format.group(job.cols);
    for (std::size_t t = 0; t < job.count; ++t) job.y[t * job.y_stride + row] = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
      const Place place = place_of(format, b, blocks);
      Byte block[256];
      unpack_block(type, group + place.body, group + place.tail, row % kRows, block);
      const Plain plain = plain_of(type, block);
      for (std::size_t t = 0; t < job.count; ++t) {
        const Byte* const column = job.activations + t * job.stride;
        const auto* const codes = reinterpret_cast<const std::int8_t*>(column) + b * format.block;
        float& y = job.y[t * job.y_stride + row];
        y = add(type, plain, codes, format.block, scale_of(column, job.cols, format.block, b), y);
      }
    }
  }
}

}  // namespace cairn::lut
