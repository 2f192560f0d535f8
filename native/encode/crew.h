// Threads that wait, parked, for work that several can do at once. Owned by an Encoder; the caller
// of `run` is one of them, so a crew of one has no threads at all. Not the threads of pool.h: members
// wait for each other within `run`, so all must run at once, which a pool that is taken can't give.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "encode/pack.h"

namespace cairn::encode {

class Crew {
 public:
  Crew() = default;
  ~Crew();

  // Calls `work` with 0 to members - 1, each on a thread of its own; the first exception, if any,
  // is thrown when all have ended.
  void run(std::size_t members, const std::function<void(std::size_t)>& work);

 private:
  void serve(std::size_t member);
  void attempt(std::size_t member);

  std::mutex mutex_;
  std::condition_variable asked_, done_;
  std::vector<std::thread> threads_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t members_ = 0, busy_ = 0, round_ = 0;
  bool is_over_ = false;
  std::exception_ptr trouble_;
};

class Turnstile final : public Gate {  // opens when all members have come
 public:
  explicit Turnstile(std::size_t members) : members_(members) {}
  void pass() override;

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  std::size_t members_, waiting_ = 0, round_ = 0;
};

struct Open final : Gate {
  void pass() override {}
};

}  // namespace cairn::encode
