// Checks the sieve, the rows and their snapshots without Python: every level against the scalar one
// and the plain scan, changes against a model, damaged files, and searches beside changes.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "pool.h"
#include "scan/rows.h"
#include "scan/sieve.h"

namespace {

using cairn::Level;
using namespace cairn::scan;
using Random = std::mt19937_64;

struct Vectors {
  std::size_t dim;
  std::vector<std::int8_t> codes;
  std::vector<float> scales;

  std::size_t size() const { return scales.size(); }
  const std::int8_t* at(std::size_t row) const { return codes.data() + row * dim; }
  void add(Random& random, bool is_unit) {
    std::normal_distribution<double> normal(0, 35);
    double squared = 0;
    for (std::size_t j = 0; j < dim; ++j) {
      codes.push_back(static_cast<std::int8_t>(std::clamp(normal(random), -127.0, 127.0)));
      squared += codes.back() * codes.back();
    }
    scales.push_back(static_cast<float>((is_unit ? 1.0 : 3.0) / std::sqrt(std::max(squared, 1.0))));
  }
};

Vectors vectors_of(Random& random, std::size_t dim, std::size_t rows) {
  Vectors made{dim, {}, {}};
  for (std::size_t i = 0; i < rows; ++i) made.add(random, i % 50 != 7);
  for (std::size_t i = 3; i < rows; i += 40) {  // ties, and some that nothing is known of
    std::copy_n(made.at(i - 1), dim, made.codes.begin() + static_cast<std::ptrdiff_t>(i * dim));
    made.scales[i] = i % 3 == 0 ? made.scales[i - 1] : std::numeric_limits<float>::quiet_NaN();
  }
  return made;
}

bool same(const std::vector<Hit>& a, const std::vector<Hit>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Hit& x, const Hit& y) {
    return x.row == y.row && std::bit_cast<std::uint32_t>(x.score) ==
                                 std::bit_cast<std::uint32_t>(y.score);
  });
}

bool keeps_lengths(Random& random) {
  for (const std::size_t dim : {64, 192, 320, 384, 448, 512, 768, 1024}) {
    const Rotation rotation(dim);
    Vectors one = vectors_of(random, dim, 1);
    if (dim == 768) std::fill(one.codes.begin(), one.codes.end(), std::int8_t{-128});
    std::vector<std::int32_t> turned(dim);
    rotation.apply(one.codes.data(), turned.data());
    double before = 0, after = 0;
    for (std::size_t j = 0; j < dim; ++j) {
      before += one.codes[j] * one.codes[j];
      after += static_cast<double>(turned[j]) * turned[j];
    }
    const double wanted = before * rotation.stretch() * rotation.stretch();
    if (std::abs(after / wanted - 1) > 1e-9) return false;
  }
  return !Rotation::fits(0) && !Rotation::fits(100) && !Rotation::fits(960);
}

bool kernels_agree(Random& random, Level level) {
  for (const std::size_t dim : {64, 128, 384, 768}) {
    const Rotation rotation(dim);
    std::vector<std::uint8_t> bytes(block_bytes(dim));
    const Vectors query = vectors_of(random, dim, 1);
    const Sieve sieve(rotation, {query.codes.data(), query.scales[0]}, 4);
    for (int round = 0; round < 20; ++round) {
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
      std::uint16_t* const slopes = const_cast<std::uint16_t*>(slopes_of(bytes.data(), dim));
      for (std::size_t i = 0; i < kBlockRows; ++i) {
        slopes[i] = to_half(0.06F + 0.01F * static_cast<float>(i % 3));
        slopes[kBlockRows + i] = to_half(i == 9 && round % 2 == 0
                                             ? std::numeric_limits<float>::infinity()
                                             : 0.03F);
      }
      Sums sums, wanted;
      const float top = sieve_for(level).sum(sieve, bytes.data(), 3.0F, sums);
      if (top != sum_scalar(sieve, bytes.data(), 3.0F, wanted)) return false;
      if (!std::equal(sums.of, sums.of + kBlockRows, wanted.of)) return false;
      for (const float least : {-1.0F, 0.0F, 0.1F, top}) {
        if (sieve_for(level).pass(sieve, bytes.data(), sums, 3.0F, least) !=
            pass_scalar(sieve, bytes.data(), sums, 3.0F, least)) {
          return false;
        }
      }
    }
  }
  return true;
}

bool searches_agree(Random& random, Level level) {
  for (const std::size_t dim : {64, 384}) {
    const Vectors made = vectors_of(random, dim, 1500);
    Rows rows(dim);
    rows.append(made.codes.data(), made.scales.data(), made.size());
    std::vector<std::uint8_t> mask(made.size());
    for (std::uint8_t& kept : mask) kept = random() % 3 == 0 ? 0 : 1;
    for (std::size_t k : {std::size_t{1}, std::size_t{10}, std::size_t{100}, std::size_t{5000}}) {
      const std::size_t row = random() % made.size();
      const Query query{made.at(row), 0.004F};
      for (const std::uint8_t* bits : {static_cast<const std::uint8_t*>(nullptr),
                                       static_cast<const std::uint8_t*>(mask.data())}) {
        const auto exact =
            rows.search(level, query, {k, bits, Way::exact, 1}, bits == nullptr ? 0 : mask.size());
        for (const std::size_t threads : {1, 3}) {
          const auto found = rows.search(level, query, {k, bits, Way::sieve, threads},
                                         bits == nullptr ? 0 : mask.size());
          if (!same(found, exact)) return false;
        }
      }
    }
  }
  return true;
}

// A trial counts the same at every level, gives up on what is too narrow, and is not misled by it.
bool tries_agree(Random& random, Level level) {
  const Vectors made = vectors_of(random, 128, 900);
  Rows rows(128);
  rows.append(made.codes.data(), made.scales.data(), made.size());
  for (const float width : {0.05F, 1.0F, 4.0F}) {
    const Trial plain = rows.try_out(Level::scalar, 40, {width});
    const Trial trial = rows.try_out(level, 40, {width});
    if (trial.found != plain.found || trial.wanted != plain.wanted) return false;
    if (trial.tried == 0 || trial.wanted != 10 * trial.tried) return false;
    if (trial.width != (trial.is_enough() ? width : 0)) return false;
  }
  return rows.try_out(level, 40, {0.05F, 4}).width == 4 && rows.try_out(level, 40, {}).rows == 0;
}

// Appends, writes and removals against the plainest model of them.
bool follows_a_model(Random& random) {
  constexpr std::size_t kDim = 64;
  Rows rows(kDim);
  Vectors model{kDim, {}, {}};
  for (int step = 0; step < 400; ++step) {
    const Vectors fresh = vectors_of(random, kDim, 1 + random() % 5);
    if (step % 4 != 3) {
      rows.append(fresh.codes.data(), fresh.scales.data(), fresh.size());
      model.codes.insert(model.codes.end(), fresh.codes.begin(), fresh.codes.end());
      model.scales.insert(model.scales.end(), fresh.scales.begin(), fresh.scales.end());
    } else {
      const std::size_t at = random() % model.size(), last = model.size() - 1;
      const auto row = static_cast<std::int64_t>(at);
      rows.write(&row, fresh.codes.data(), fresh.scales.data(), 1);
      rows.remove(at);
      std::copy_n(model.at(last), kDim,
                  model.codes.begin() + static_cast<std::ptrdiff_t>(at * kDim));
      model.scales[at] = model.scales[last];
      model.codes.resize(last * kDim);
      model.scales.resize(last);
    }
    const Matrix matrix{model.codes.data(), model.scales.data(), nullptr, model.size(), kDim};
    const Query query{fresh.codes.data(), 0.004F};
    const auto wanted = top_k(Level::scalar, matrix, query, 7);
    for (const Way way : {Way::exact, Way::sieve}) {
      if (!same(rows.search(Level::scalar, query, {7, nullptr, way, 1}, 0), wanted)) return false;
    }
  }
  return rows.size() == model.size();
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), std::ssize(bytes));
}

bool survives_damage(Random& random, const std::string& path) {
  const Vectors made = vectors_of(random, 128, 700);
  Rows rows(128);
  rows.append(made.codes.data(), made.scales.data(), made.size());
  const Trial trial = rows.try_out(Level::scalar, 30, {4});
  rows.save(path, "state 1", "some names");
  const Query query{made.at(5), 0.004F};
  const Wanted wanted{9, nullptr, Way::sieve, 1};
  Rows::Opened opened = Rows::open(path, 128, "state 1");
  if (!opened.rows || opened.names != "some names") return false;
  if (trial.width != 4 || opened.rows->trial().found != trial.found) return false;
  if (!same(opened.rows->search(Level::scalar, query, wanted, 0),
            rows.search(Level::scalar, query, wanted, 0))) {
    return false;
  }
  opened.rows->append(made.codes.data(), made.scales.data(), 100);  // never written to the file
  opened.rows->remove(0);
  const std::string sound = bytes_of(path);
  if (Rows::open(path, 128, "state 2").rows || Rows::open(path, 64, "state 1").rows) return false;
  for (const std::string& none : {path + "-", std::string("/")}) {
    if (Rows::open(none, 128, "state 1").rows) return false;
  }
  for (int round = 0; round < 60; ++round) {
    std::string bad = sound;
    if (round % 3 == 0) {
      bad.resize(random() % sound.size());
    } else {  // half of them in the header
      const std::size_t at = random() % (round % 3 == 1 ? 80 : sound.size());
      bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
    }
    put(path, bad);
    const Rows::Opened refused = Rows::open(path, 128, "state 1");
    if (refused.rows || refused.refusal.empty()) return false;
  }
  put(path, sound);
  return Rows::open(path, 128, "state 1").rows != nullptr;
}

// As snapshot.cpp has it, so that a lie gets past the checksum.
void forge(std::string& bytes) {
  constexpr std::size_t kAt = 40;
  constexpr std::uint64_t kFactor = 0x9fb21c651e98df25ULL;
  std::fill_n(bytes.begin() + kAt, sizeof(std::uint64_t), '\0');
  std::array<std::uint64_t, 8> lanes{1, 2, 3, 4, 5, 6, 7, 8}, words;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof words) {
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      lanes[i] = (std::rotl(lanes[i], 29) ^ words[i]) * kFactor;
    }
  }
  std::uint64_t all = 0;
  for (const std::uint64_t lane : lanes) all = (std::rotl(all, 23) ^ lane) * kFactor;
  all ^= all >> 29;
  std::memcpy(bytes.data() + kAt, &all, sizeof all);
}

// A header that lies is refused, or what it says can be lived with.
bool survives_lies(Random& random, const std::string& path) {
  const Vectors made = vectors_of(random, 64, 300);
  Rows rows(64);
  rows.append(made.codes.data(), made.scales.data(), made.size());
  rows.try_out(Level::scalar, 8, {4});
  rows.save(path, "s", "some names");
  const std::string sound = bytes_of(path);
  std::string same_again = sound;
  forge(same_again);
  if (same_again != sound) return false;
  std::size_t taken = 0;
  for (int round = 0; round < 200; ++round) {
    std::string lie = sound;
    const std::size_t field = 8 + 4 * (random() % 16);
    const std::array<std::uint32_t, 6> values{0, 1, 299, 0x7fffffff, 0xffffffff,
                                              static_cast<std::uint32_t>(random())};
    std::memcpy(lie.data() + field, &values[random() % values.size()], sizeof values[0]);
    if (round % 5 == 0) lie[random() % lie.size()] ^= 1;
    forge(lie);
    put(path, lie);
    const Rows::Opened opened = Rows::open(path, 64, "s");
    if (!opened.rows != !opened.refusal.empty()) return false;
    if (!opened.rows) continue;
    ++taken;
    const std::size_t size = opened.rows->size();
    for (const Way way : {Way::exact, Way::sieve}) {
      const auto hits =
          opened.rows->search(Level::scalar, {made.at(5), 0.004F}, {9, nullptr, way, 1}, 0);
      for (const Hit& hit : hits) {
        if (static_cast<std::size_t>(hit.row) >= size) return false;
      }
    }
    opened.rows->append(made.codes.data(), made.scales.data(), 70);
    if (size != 0) opened.rows->remove(0);
  }
  return taken != 0;
}

// For ThreadSanitizer: searches beside each other and beside changes, and the pool's threads.
bool serves_many(Random& random) {
  const Vectors made = vectors_of(random, 64, 2000);
  Rows rows(64);
  rows.append(made.codes.data(), made.scales.data(), made.size());
  std::atomic<bool> is_sound{true};
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 3; ++reader) {
    threads.emplace_back([&] {
      for (int round = 0; round < 30; ++round) {
        const Query query{made.at(static_cast<std::size_t>(round)), 0.004F};
        const auto hits = rows.search(Level::scalar, query, {5, nullptr, Way::sieve, 4}, 0);
        if (hits.size() != 5) is_sound = false;
      }
    });
  }
  threads.emplace_back([&] {
    for (int round = 0; round < 5; ++round) rows.try_out(Level::scalar, 20, {0.5F, 4});
  });
  for (int round = 0; round < 30; ++round) {
    rows.append(made.codes.data(), made.scales.data(), 64);
    rows.remove(static_cast<std::size_t>(round));
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::atomic<int>> counts(1000);
  for (int round = 0; round < 50; ++round) {
    cairn::in_parts(counts.size(), 4, [&](std::size_t part) { ++counts[part]; });
  }
  return is_sound &&
         std::all_of(counts.begin(), counts.end(), [](int count) { return count == 50; });
}

}  // namespace

int check_rows() {
  Random random(11);
  if (!keeps_lengths(random)) return std::printf("the rotation changes lengths\n"), 1;
  for (const Level level : cairn::supported_levels()) {
    const char* const name = cairn::level_name(level).data();
    if (!kernels_agree(random, level)) return std::printf("%s: a wrong sum\n", name), 1;
    if (!searches_agree(random, level)) return std::printf("%s: a wrong search\n", name), 1;
    if (!tries_agree(random, level)) return std::printf("%s: a wrong trial\n", name), 1;
  }
  if (!follows_a_model(random)) return std::printf("rows got lost\n"), 1;
  std::array<char, 32> folder{"/tmp/cairn-rows-XXXXXX"};
  if (mkdtemp(folder.data()) == nullptr) return std::printf("no folder for the files\n"), 1;
  const std::string path = std::string(folder.data()) + "/rows";
  const bool is_safe = survives_damage(random, path) && survives_lies(random, path);
  unlink(path.c_str());
  rmdir(folder.data());
  if (!is_safe) return std::printf("a damaged file was taken\n"), 1;
  if (!serves_many(random)) return std::printf("threads saw something wrong\n"), 1;
  std::printf("rows: sieve, changes, files and threads are right\n");
  return 0;
}
