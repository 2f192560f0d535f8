// Checks what reads weights as they are needed without Python or llama.cpp: experts and dense
// matrices that are asked for by chance, by several threads' reads, within budgets that change.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "flash/experts.h"
#include "flash/stream.h"

namespace {

using namespace cairn::flash;
using Random = std::mt19937_64;

constexpr std::size_t kExperts = 24, kLayers = 5, kHead = 4096 + 96;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "flash_check: %s\n", what);
  std::exit(1);
}

struct Content {
  std::string path;
  std::vector<std::byte> bytes;

  Content(Random& random, std::size_t size) {
    path = "/tmp/flash_check." + std::to_string(getpid());
    bytes.resize(size);
    for (std::byte& each : bytes) each = static_cast<std::byte>(random());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
  }
  ~Content() { unlink(path.c_str()); }

  bool is_at(std::uint64_t offset, const std::byte* data, std::size_t size) const {
    return std::memcmp(bytes.data() + offset, data, size) == 0;
  }
};

void check_experts(Random& random, const Content& content, const File& file) {
  const std::size_t size = 9000;  // of an expert's matrix; no whole pages
  auto owned = std::make_unique<Reads>(4, 4096);  // the first to go: it writes to the others
  Reads& reads = *owned;
  Experts experts(reads, Habits{random() % 2 == 0, random() % 2 == 0, 4});
  std::uint64_t offset = kHead;
  std::vector<std::vector<Stretch>> layers;
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    auto& matrices = layers.emplace_back();
    for (std::size_t i = 0; i < 2 + layer % 2; ++i, offset += size * kExperts) {
      matrices.push_back({&file, offset, size * kExperts});
    }
    experts.add(matrices, kExperts);
  }
  experts.open(1);
  std::size_t budget = experts.least(2);
  for (int token = 0; token < 120; ++token) {
    if (token % 10 == 0) {
      budget = experts.least(1 + random() % kExperts) * (1 + random() % 4);
      experts.resize(budget);
    }
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      std::vector<Need> needs;
      const std::size_t share = 1 + random() % 12;
      for (std::size_t i = 0; i < kExperts; ++i) {
        if (random() % share == 0) needs.push_back({static_cast<std::int32_t>(i), 1});
      }
      for (std::size_t matrix = 0; matrix < layers[layer].size(); ++matrix) {
        experts.settle_size();
        experts.begin(layer, matrix, needs, needs.size());
        check(experts.resident() <= budget + experts.least(kExperts), "more than the budget");
        std::vector<Need> left = needs;
        while (!left.empty()) {
          const std::uint64_t settled = reads.settled();
          experts.advance();
          reads.wait([&] {
            if (experts.is_short() && reads.settled() != settled) return true;
            for (const Need& need : left) {
              if (experts.piece(layer, matrix, need.expert).is_settled()) return true;
            }
            return false;
          });
          std::erase_if(left, [&](const Need& need) {
            const Piece& piece = experts.piece(layer, matrix, need.expert);
            if (!piece.is_settled()) return false;
            const auto begin = static_cast<std::uint64_t>(need.expert) * size;
            check(piece.is_here(), "an expert could not be read");
            check(content.is_at(layers[layer][matrix].offset + begin, piece.data, size),
                  "an expert is not as in the file");
            experts.done(layer, need.expert);
            return true;
          });
        }
      }
    }
  }
  owned.reset();
}

void check_stream(Random& random, const Content& content, const File& file) {
  auto owned = std::make_unique<Reads>(3, 8192);  // the first to go: it writes to the others
  Reads& reads = *owned;
  Space homes(up_to(content.bytes.size(), kPage) + kPage);
  Stream stream(reads, homes, 3);
  std::vector<Stretch> matrices;
  std::uint64_t offset = kHead;
  for (std::size_t i = 0; i < 30; ++i) {
    const std::size_t size = 5000 + random() % 60000;
    matrices.push_back({&file, offset, size});
    stream.add(matrices.back(), offset);
    // Neighbours write the same bytes to a page that they share, which a sanitizer can't know.
    offset = up_to(offset + size, kPage) + 96;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < matrices.size(); ++i) order.push_back(i);
  std::shuffle(order.begin(), order.end(), random);
  std::size_t budget = stream.least() * 3;
  stream.resize(budget);
  stream.open();
  for (int token = 0; token < 60; ++token) {
    if (token % 8 == 7) stream.resize(budget = stream.least() * (1 + random() % 12));
    if (token % 16 == 15) std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t number : order) {
      if (random() % 50 == 0) continue;  // some graphs do without one
      stream.begin(number);
      check(stream.resident() <= budget, "more than the budget");
      const Piece& piece = stream.piece(number);
      reads.wait([&] { return piece.is_settled(); });
      check(piece.is_here(), "a matrix could not be read");
      check(content.is_at(matrices[number].offset, piece.data, matrices[number].size),
            "a matrix is not as in the file");
    }
  }
  owned.reset();
}

void check_end(const Content& content) {
  const File file(content.path);
  Reads reads(2, 4096);
  Space space(1 << 20);
  space.commit(0, 1 << 20);
  Piece last, beyond;
  const std::uint64_t size = content.bytes.size();
  reads.want(last, {&file, size - 5000, 5000}, space.at(0), true);
  reads.want(beyond, {&file, size - 100, 5000}, space.at(1 << 18), true);
  reads.wait([&] { return last.is_settled() && beyond.is_settled(); });
  check(last.is_here() && content.is_at(size - 5000, last.data, 5000), "the end is not as it is");
  check(!beyond.is_here() && reads.failure().ends_with("was cut short"), "more than all was read");
}

}  // namespace

int main() {
  Random random(20);
  const Content content(random, kHead + 13 * kExperts * 9000 + 777);
  const File file(content.path);
  for (int round = 0; round < 3; ++round) {
    check_experts(random, content, file);
    check_stream(random, content, file);
  }
  check_end(content);
  std::puts("flash_check: all is well");
  return 0;
}
