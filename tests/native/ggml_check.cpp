// Checks without Python, for sanitizers: products by as many threads as llama.cpp may bring, several
// graphs at once, against one thread's; and, given the folder of llama.cpp's libraries, everything
// that attach() does with the real one. Built by native/CMakeLists.txt with -DCAIRN_NATIVE_CHECK=ON.
#include <dlfcn.h>

#include <barrier>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ggml/entry.h"
#include "ggml/trial.h"

namespace {

using namespace cairn::ggml;
using cairn::Level;
using cairn::lut::Type;
using Random = std::mt19937_64;

constexpr Type kTypes[] = {Type::q4_0, Type::q8_0, Type::q2_k,  Type::q3_k,
                           Type::q4_k, Type::q6_k, Type::tq1_0, Type::tq2_0};
constexpr std::int32_t kProduct = 1, kChosen = 2;

std::size_t from_to(Random& random, std::size_t least, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>(least, most)(random);
}

// Stands for llama.cpp's pool, whose barrier sanitizers can't see into.
struct Pool {
  explicit Pool(int count) : threads(count), meeting(count) {}
  int threads;
  std::barrier<> meeting;
};

void meet(Threadpool* pool) { reinterpret_cast<Pool*>(pool)->meeting.arrive_and_wait(); }

Tensor tensor(std::int32_t type, std::int64_t a, std::int64_t b, std::int64_t c, std::size_t row,
              std::size_t each, void* data) {
  Tensor made{};
  made.type = type;
  made.ne[0] = a, made.ne[1] = b, made.ne[2] = c, made.ne[3] = 1;
  made.nb[0] = each, made.nb[1] = row;
  made.nb[2] = row * static_cast<std::size_t>(b);
  made.nb[3] = made.nb[2] * static_cast<std::size_t>(c);
  made.data = data;
  return made;
}

// A product with one matrix, or with two of five experts for each token.
struct Case {
  std::vector<std::uint8_t> packed;
  std::vector<float> x, y;
  std::vector<std::int32_t> chosen;
  Buffer buffer{};
  Tensor weights{}, from{}, ids{}, to{};

  Case(Random& random, bool experts) {
    const Type type = kTypes[from_to(random, 0, std::size(kTypes) - 1)];
    const std::size_t rows = from_to(random, 1, 400), cols = from_to(random, 1, 3) * 256;
    const std::size_t tokens = from_to(random, 0, 1) == 0 ? 1 : from_to(random, 2, 9);
    const std::size_t matrices = experts ? 5 : 1, used = 2;
    const std::size_t size = cairn::lut::file_bytes(type, rows, cols);
    weights = tensor(static_cast<std::int32_t>(type), static_cast<std::int64_t>(cols),
                     static_cast<std::int64_t>(rows), static_cast<std::int64_t>(matrices),
                     size / rows, 0, nullptr);
    const Weights known = weights_of(weights);
    packed.resize(known.packed * matrices + 64);
    auto* const start = packed.data() + (64 - reinterpret_cast<std::uintptr_t>(packed.data()) % 64);
    std::vector<std::uint8_t> blocks(size);
    for (std::size_t i = 0; i < matrices; ++i) {
      for (std::uint8_t& byte : blocks) byte = static_cast<std::uint8_t>(random() % 60);
      cairn::lut::pack(entry().level, type, rows, cols, blocks.data(), start + i * known.packed);
    }
    weights.data = start;
    buffer.type = &entry().type, buffer.context = this;
    weights.buffer = &buffer;
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < tokens * cols; ++i) x.push_back(normal(random));
    y.resize(tokens * rows * (experts ? used : 1));
    const auto wide = static_cast<std::int64_t>(cols), high = static_cast<std::int64_t>(rows);
    const auto count = static_cast<std::int64_t>(tokens);
    if (experts) {
      for (std::size_t i = 0; i < tokens * used; ++i) {
        chosen.push_back(static_cast<std::int32_t>((i / used + i % used * 2) % matrices));
      }
      from = tensor(kF32, wide, 1, count, cols * 4, 4, x.data());
      ids = tensor(kI32, static_cast<std::int64_t>(used), count, 1, used * 4, 4, chosen.data());
      to = tensor(kF32, high, static_cast<std::int64_t>(used), count, rows * 4, 4, y.data());
      to.src[2] = &ids;
    } else {
      from = tensor(kF32, wide, count, 1, cols * 4, 4, x.data());
      to = tensor(kF32, high, count, 1, rows * 4, 4, y.data());
    }
    to.op = experts ? kChosen : kProduct;
    to.src[0] = &weights, to.src[1] = &from;
  }

  std::vector<float> run(Pool& pool) {
    Traits* const traits = extra_type().traits(&to);
    std::size_t room = 0;
    traits->work_size(pool.threads, &to, room);
    std::vector<std::uint8_t> work(room);
    std::fill(y.begin(), y.end(), -1.0F);
    std::vector<std::thread> others;
    const auto turn = [&](int i) {
      const Turn mine{i, pool.threads, room, work.data(), reinterpret_cast<Threadpool*>(&pool),
                      false};
      for (int again = 0; again < 3; ++again) {  // as node follows node
        traits->compute(&mine, &to);
        pool.meeting.arrive_and_wait();
      }
    };
    for (int i = 1; i < pool.threads; ++i) others.emplace_back(turn, i);
    turn(0);
    for (std::thread& other : others) other.join();
    return y;
  }
};

bool agree(unsigned seed) {
  Random random(seed);
  Pool alone(1), two(2), three(3);
  for (int i = 0; i < 60; ++i) {
    Case given(random, i % 3 == 2);
    const std::vector<float> wanted = given.run(alone);
    for (Pool* pool : {&two, &three}) {
      const std::vector<float> found = given.run(*pool);
      if (std::memcmp(found.data(), wanted.data(), wanted.size() * sizeof(float)) == 0) continue;
      std::printf("case %d differs with %d threads\n", i, pool->threads);
      return false;
    }
  }
  return true;
}

bool check_threads(Level level) {
  entry() = {};
  entry().level = level;
  entry().mul_mat = kProduct, entry().mul_mat_id = kChosen;
  entry().library.barrier = meet;
  bool right[2] = {};
  std::thread other([&] { right[1] = agree(2); });
  right[0] = agree(1);
  other.join();
  return right[0] && right[1];
}

bool check_attached(const std::string& folder, Level level) {
  for (const char* name : {"libggml-base.so.0", "libggml-cpu.so.0", "libggml.so.0"}) {
    if (!dlopen((folder + "/" + name).c_str(), RTLD_NOW | RTLD_GLOBAL)) {
      std::printf("%s\n", dlerror());
      return false;
    }
  }
  const std::vector<Type> types(std::begin(kTypes), std::end(kTypes));
  for (const char* missing : {"", "ggml_barrier", ""}) {
    const std::string reason = attach({folder, level, types, kVersion, missing});
    if (reason.empty() != (*missing == '\0')) {
      std::printf("%s\n", reason.c_str());
      return false;
    }
  }
  for (const Type type : types) {
    for (const std::int64_t tokens : {1, 33}) {
      if (paces({type, 272, 1024, tokens}, 1).ours == 0) return false;
    }
  }
  return held().tensors == 0;
}

}  // namespace

int main(int count, char** arguments) {
  for (const Level level : cairn::supported_levels()) {
    if (!cairn::lut::supports(level, Type::q4_0, 1, 32)) continue;
    if (!check_threads(level)) return 1;
    std::printf("%s: the same by any number of threads\n", cairn::level_name(level).data());
    if (count < 2) continue;
    if (!check_attached(arguments[1], level)) return 1;
    std::printf("%s: attached, and given back\n", cairn::level_name(level).data());
  }
}
