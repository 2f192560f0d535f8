#include "pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace cairn {
namespace {

constexpr std::size_t kMostThreads = 8;

struct Job {
  Job(std::size_t count, const std::function<void(std::size_t)>& function)
      : parts(count), work(function) {}

  const std::size_t parts;
  const std::function<void(std::size_t)>& work;  // the caller's, who waits until all is done
  std::atomic<std::size_t> next{0};
  std::size_t done = 0;
  std::mutex mutex;
  std::condition_variable finished;

  // A part that was claimed is not done yet, so `work` still lives.
  void take_parts() {
    std::size_t mine = 0;
    for (std::size_t part; (part = next.fetch_add(1)) < parts; ++mine) work(part);
    if (mine == 0) return;
    const std::lock_guard lock(mutex);
    done += mine;
    if (done == parts) finished.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex);
    finished.wait(lock, [&] { return done == parts; });
  }
};

class Pool {
 public:
  bool take() { return !taken_.test_and_set(); }
  void give_back() { taken_.clear(); }

  void run(const std::shared_ptr<Job>& job, std::size_t helpers) {
    {
      const std::lock_guard lock(mutex_);
      for (; threads_ < helpers; ++threads_) {
        try {
          std::thread([this] { sleep_and_help(); }).detach();
        } catch (const std::system_error&) {
          break;  // the caller gets through it alone
        }
      }
      job_ = job;
      wanted_ = std::min(helpers, threads_);
      ++serial_;
    }
    woken_.notify_all();
    job->take_parts();
    job->wait();
    const std::lock_guard lock(mutex_);
    job_.reset();
  }

 private:
  [[noreturn]] void sleep_and_help() {
    std::size_t seen = 0;
    for (;;) {
      std::shared_ptr<Job> job;
      {
        std::unique_lock lock(mutex_);
        woken_.wait(lock, [&] { return serial_ != seen; });
        seen = serial_;
        if (wanted_ == 0) continue;
        --wanted_;
        job = job_;
      }
      if (job) job->take_parts();
    }
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  std::shared_ptr<Job> job_;
  std::size_t threads_ = 0, wanted_ = 0, serial_ = 0;
  std::atomic_flag taken_ = ATOMIC_FLAG_INIT;
};

// Never destroyed: its threads sleep until the process ends. A fork gets a new one, for it has no
// threads, and the locks may be held by some that it lacks.
std::atomic<Pool*> shared_pool{nullptr};

Pool& pool() {
  static const bool ready = [] {
    shared_pool = new Pool;
    pthread_atfork(nullptr, nullptr, [] { shared_pool = new Pool; });
    return true;
  }();
  static_cast<void>(ready);
  return *shared_pool;
}

}  // namespace

void in_parts(std::size_t parts, std::size_t threads,
              const std::function<void(std::size_t)>& work) {
  const std::size_t helpers = std::min({threads, parts, kMostThreads});
  if (helpers > 1) {
    Pool& shared = pool();
    if (shared.take()) {
      shared.run(std::make_shared<Job>(parts, work), helpers - 1);
      shared.give_back();
      return;
    }
  }
  for (std::size_t part = 0; part < parts; ++part) work(part);
}

std::size_t usual_threads() {
  const std::size_t here = std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(here, 1, kMostThreads);
}

}  // namespace cairn
