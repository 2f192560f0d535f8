// Puts the bits of a block where few instructions find them, and back: before pack.cpp deals the
// bytes out to lines, and after it has collected them. Four bytes are turned at a time, none of
// which meets another, so their order in a word does not matter.
#include <cstring>

#include "lut/formats.h"

namespace cairn::lut {
namespace {

using Byte = std::uint8_t;
using Word = std::uint32_t;

constexpr Word each(Word byte) { return byte * 0x01010101u; }
constexpr Word kNibble = each(0x0f), kHigh = each(0xf0);

Word word(const Byte* from) {
  Word value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void put(Word value, Byte* to) { std::memcpy(to, &value, sizeof value); }

// Sixteen 6-bit numbers, four to a word.
struct Sixes {
  Word a, b, c, d;
};

// In the 12 bytes that three lines have of a row: two lines of low nibbles, one of high pairs of
// bits, so placed that a shift and a mask make 4 numbers (see six_bits in tiles_k.inl).
void put_sixes(const Sixes& v, Byte* to) {
  put((v.a & kNibble) | (v.b << 4 & kHigh), to);
  put((v.c & kNibble) | (v.d << 4 & kHigh), to + 4);
  const Word low = (v.c >> 4 & each(0x03)) | (v.d >> 2 & each(0x0c));
  put(low | (v.a & each(0x30)) | (v.b << 2 & each(0xc0)), to + 8);
}

Sixes get_sixes(const Byte* from) {
  const Word ab = word(from), cd = word(from + 4), high = word(from + 8);
  return {(ab & kNibble) | (high & each(0x30)), (ab >> 4 & kNibble) | (high >> 2 & each(0x30)),
          (cd & kNibble) | (high << 4 & each(0x30)),
          (cd >> 4 & kNibble) | (high << 2 & each(0x30))};
}

// Q4_K keeps 8 scales and 8 minima of 6 bits in 12 bytes: the first four of each in the low bits
// of bytes 0-7, the nibbles of the others in bytes 8-11 and their high bits on top of 0-7.
Sixes sixes_of_q4_k(const Byte* s) {
  const Word scales = word(s), minima = word(s + 4), others = word(s + 8);
  return {scales & each(0x3f), (others & kNibble) | (scales >> 2 & each(0x30)),
          minima & each(0x3f), (others >> 4 & kNibble) | (minima >> 2 & each(0x30))};
}

void q4_k_of_sixes(const Sixes& v, Byte* s) {
  put(v.a | (v.b << 2 & each(0xc0)), s);
  put(v.c | (v.d << 2 & each(0xc0)), s + 4);
  put((v.b & kNibble) | (v.d << 4 & kHigh), s + 8);
}

// Q3_K: nibbles of scales 0-7 low and 8-15 high in bytes 0-7, their pairs of high bits in 8-11.
Sixes sixes_of_q3_k(const Byte* s) {
  const Word first = word(s), second = word(s + 4), high = word(s + 8);
  return {(first & kNibble) | (high << 4 & each(0x30)),
          (second & kNibble) | (high << 2 & each(0x30)),
          (first >> 4 & kNibble) | (high & each(0x30)),
          (second >> 4 & kNibble) | (high >> 2 & each(0x30))};
}

void q3_k_of_sixes(const Sixes& v, Byte* s) {
  put((v.a & kNibble) | (v.c << 4 & kHigh), s);
  put((v.b & kNibble) | (v.d << 4 & kHigh), s + 4);
  put((v.a >> 4 & each(0x03)) | (v.b >> 2 & each(0x0c)) | (v.c & each(0x30)) |
          (v.d << 2 & each(0xc0)),
      s + 8);
}

// The third bits of Q3_K: bit 4n + t of a byte belongs to pair t of half n. Where it goes lets one
// mask add it to its pair of bits without a shift, or with one.
Word spread_thirds(Word w) {
  return (w & each(0x01)) << 2 | (w & each(0x02)) << 3 | (w & each(0x04)) << 4 |
         (w & each(0x08)) >> 3 | (w & each(0x10)) >> 1 | (w & each(0x20)) |
         (w & each(0x40)) << 1 | (w & each(0x80)) >> 6;
}

Word collect_thirds(Word w) {
  return (w & each(0x04)) >> 2 | (w & each(0x10)) >> 3 | (w & each(0x40)) >> 4 |
         (w & each(0x01)) << 3 | (w & each(0x08)) << 1 | (w & each(0x20)) |
         (w & each(0x80)) >> 1 | (w & each(0x02)) << 6;
}

template <Word (*Turn)(Word)>
void turn_thirds(Byte* thirds) {
  for (std::size_t i = 0; i < 32; i += 4) put(Turn(word(thirds + i)), thirds + i);
}

// Four 6-bit quants of Q6_K lie in two bytes of nibbles and one of pairs. The third and fourth keep
// their upper four bits in the high nibbles and the lower two beside them, so that masks alone make
// four times the quant.
struct Six {
  Word first, second, pairs;
};

Six fold_six(const Six& from) {
  const Word third = (from.first >> 4 & kNibble) | (from.pairs & each(0x30));
  const Word fourth = (from.second >> 4 & kNibble) | (from.pairs >> 2 & each(0x30));
  return {(from.first & kNibble) | (third << 2 & kHigh),
          (from.second & kNibble) | (fourth << 2 & kHigh),
          (from.pairs << 4 & kHigh) | (third << 2 & each(0x0c)) | (fourth & each(0x03))};
}

Six unfold_six(const Six& from) {
  const Word third = (from.first >> 2 & each(0x3c)) | (from.pairs >> 2 & each(0x03));
  const Word fourth = (from.second >> 2 & each(0x3c)) | (from.pairs & each(0x03));
  return {(from.first & kNibble) | (third << 4 & kHigh),
          (from.second & kNibble) | (fourth << 4 & kHigh),
          (from.pairs >> 4 & kNibble) | (third & each(0x30)) | (fourth << 2 & each(0xc0))};
}

template <Six (*Turn)(const Six&)>
void turn_q6_k(Byte* low, Byte* high) {
  for (std::size_t half = 0; half < 2; ++half, low += 64, high += 32) {
    for (std::size_t i = 0; i < 32; i += 4) {
      const Six turned = Turn({word(low + i), word(low + i + 32), word(high + i)});
      put(turned.first, low + i);
      put(turned.second, low + i + 32);
      put(turned.pairs, high + i);
    }
  }
}

}  // namespace

void turn(Type type, Byte* block) {
  switch (type) {
    case Type::q3_k:
      turn_thirds<spread_thirds>(block);
      return put_sixes(sixes_of_q3_k(block + 96), block + 96);
    case Type::q4_k: return put_sixes(sixes_of_q4_k(block + 4), block + 4);
    case Type::q6_k: return turn_q6_k<fold_six>(block, block + 128);
    default: return;
  }
}

void turn_back(Type type, Byte* block) {
  switch (type) {
    case Type::q3_k:
      turn_thirds<collect_thirds>(block);
      return q3_k_of_sixes(get_sixes(block + 96), block + 96);
    case Type::q4_k: return q4_k_of_sixes(get_sixes(block + 4), block + 4);
    case Type::q6_k: return turn_q6_k<unfold_six>(block, block + 128);
    default: return;
  }
}

}  // namespace cairn::lut
