// Sequences -> packs of them, packs -> threads. A long sequence is a pack of its own; short ones
// share one, so that the weights come out of the cache once for all of them.
#include "encode/encoder.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

#include "encode/crew.h"

namespace cairn::encode {
namespace {

constexpr std::size_t kPackRows = 96;
constexpr std::size_t kLeastRows = 24;  // of a thread that shares a pack with others

struct Stretch {  // sequences of a pack, and where their states begin
  std::size_t first = 0, end = 0, rows = 0, row = 0;
};

using Sequences = std::span<const std::span<const std::int32_t>>;

std::vector<Stretch> packs_of(Sequences sequences) {
  std::vector<Stretch> packs;
  std::size_t row = 0;
  for (std::size_t i = 0; i < sequences.size(); row += sequences[i].size(), ++i) {
    const std::size_t rows = sequences[i].size();
    if (packs.empty() || packs.back().rows + rows > kPackRows) packs.push_back({i, i, 0, row});
    packs.back().end = i + 1;
    packs.back().rows += rows;
  }
  return packs;
}

void check(const Shape& shape, Sequences sequences) {
  for (const auto tokens : sequences) {
    if (tokens.empty() || tokens.size() > shape.positions) {
      throw std::invalid_argument("a text has no tokens, or more than the model knows places");
    }
    for (const std::int32_t token : tokens) {
      if (token < 0 || static_cast<std::size_t>(token) >= shape.vocabulary) {
        throw std::invalid_argument("a token is not one of the model's");
      }
    }
  }
}

template <typename T>
void grow(Aligned<T>& values, std::size_t size) {
  if (values.size() < size) values = Aligned<T>(size);
}

}  // namespace

struct Run {  // a pack, and what one thread needs of its own
  Pack pack;
  Aligned<float> scores;
  std::vector<std::int32_t> tokens;
};

namespace {

// Room and rows for the sequences of a stretch.
void lay_out(const Shape& shape, Sequences sequences, const Stretch& of, float* out, Run& run) {
  Pack& pack = run.pack;
  pack.sequences.clear();
  pack.owner.clear();
  run.tokens.clear();
  pack.key_blocks = 0;
  for (std::size_t i = of.first; i < of.end; ++i) {
    const auto tokens = sequences[i];
    pack.sequences.push_back({run.tokens.size(), tokens.size(), pack.key_blocks});
    pack.owner.insert(pack.owner.end(), tokens.size(), static_cast<std::uint32_t>(i - of.first));
    run.tokens.insert(run.tokens.end(), tokens.begin(), tokens.end());
    pack.key_blocks += (tokens.size() + kBlock - 1) / kBlock * 2;
  }
  pack.rows = of.rows;
  pack.tokens = run.tokens.data();
  pack.states = out + of.row * shape.width;
  grow(pack.queries, of.rows * shape.width);
  for (std::size_t odd = 0; odd < 2; ++odd) {
    grow(pack.keys[odd], pack.key_blocks * kLanes * shape.width);
    grow(pack.values[odd], of.rows * shape.width);
  }
  grow(pack.codes, of.rows * shape.width / kBlock);
  grow(pack.context, of.rows * shape.width / kBlock);
  grow(pack.inner, of.rows * shape.hidden / kBlock);
}

}  // namespace

Encoder::Encoder(const Kernels& kernels, Model model)
    : forward_(kernels.forward), model_(std::move(model)), crew_(std::make_unique<Crew>()) {}

Encoder::~Encoder() = default;

void Encoder::states(Sequences sequences, std::size_t threads, float* out) {
  const Shape& shape = model_.shape;
  check(shape, sequences);
  const std::lock_guard lock(mutex_);
  const auto packs = packs_of(sequences);
  threads = std::max<std::size_t>(threads, 1);
  while (runs_.size() < threads) {
    runs_.push_back(std::make_unique<Run>());
    // Eight rows of scores, and what stands past the last key.
    runs_.back()->scores = Aligned<float>(8 * (shape.positions + kBlock));
  }
  if (packs.size() >= threads) {
    std::atomic<std::size_t> next{0};
    crew_->run(threads, [&](std::size_t member) {
      Run& run = *runs_[member];
      Open gate;
      for (std::size_t p = next++; p < packs.size(); p = next++) {
        lay_out(shape, sequences, packs[p], out, run);
        forward_(model_, run.pack, {0, packs[p].rows, run.scores.data()}, gate);
      }
    });
    return;
  }
  for (const Stretch& of : packs) {
    Run& run = *runs_[0];
    lay_out(shape, sequences, of, out, run);
    const std::size_t members = std::clamp<std::size_t>(of.rows / kLeastRows, 1, threads);
    Turnstile gate(members);
    crew_->run(members, [&](std::size_t member) {
      const Part part{of.rows * member / members, of.rows * (member + 1) / members,
                      runs_[member]->scores.data()};
      forward_(model_, run.pack, part, gate);
    });
  }
}

}  // namespace cairn::encode
