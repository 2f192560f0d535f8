// Threads that wait on a condition for the next round, and for each other within one.
#include "encode/crew.h"

namespace cairn::encode {

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  asked_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::run(std::size_t members, const std::function<void(std::size_t)>& work) {
  {
    const std::lock_guard lock(mutex_);
    // A thread that is new has missed no round: it begins with the one that is about to be called.
    while (threads_.size() + 1 < members) {
      threads_.emplace_back(&Crew::serve, this, threads_.size() + 1);
    }
    work_ = &work;
    members_ = members;
    busy_ = members - 1;
    trouble_ = nullptr;
    ++round_;
  }
  if (members > 1) asked_.notify_all();
  attempt(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return busy_ == 0; });
  work_ = nullptr;
  if (trouble_) std::rethrow_exception(trouble_);
}

void Crew::attempt(std::size_t member) {
  try {
    (*work_)(member);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!trouble_) trouble_ = std::current_exception();
  }
}

void Crew::serve(std::size_t member) {
  std::unique_lock lock(mutex_);
  for (std::size_t seen = 0;;) {
    asked_.wait(lock, [&] { return is_over_ || (seen != round_ && work_ != nullptr); });
    if (is_over_) return;
    seen = round_;
    if (member >= members_) continue;
    lock.unlock();
    attempt(member);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

void Turnstile::pass() {
  std::unique_lock lock(mutex_);
  const std::size_t round = round_;
  if (++waiting_ == members_) {
    waiting_ = 0;
    ++round_;
    opened_.notify_all();
    return;
  }
  opened_.wait(lock, [&] { return round != round_; });
}

}  // namespace cairn::encode
