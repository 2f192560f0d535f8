// A few threads that sleep until there is work: turns a number of parts into calls, one a part.
// Called by kernels whose work is worth waking somebody for. Invariant: the caller works too and
// never waits for a thread that hasn't begun, so a busy machine costs nothing but its help; work
// whose threads wait for each other can't be done here, and has encode/crew.h.
#pragma once

#include <cstddef>
#include <functional>

namespace cairn {

// Calls work(0 ... parts - 1), each once, on up to `threads` threads; returns when all are done.
// `work` must not throw. Whoever calls while the threads are taken does everything alone.
void in_parts(std::size_t parts, std::size_t threads, const std::function<void(std::size_t)>& work);

// How many threads are worth asking for here, at most 8.
std::size_t usual_threads();

}  // namespace cairn
