// base/parallel.h: how many threads this process may use, and a loop over them.
//
// Threads: callable from any thread; loops nest (the pool is shared); a forked child has a pool of its own, whatever the parent was
// doing. Determinism: the body sees each index once, in no particular order. What a body throws is thrown to the caller; indices
// may be left out then.
#ifndef TOK_SRC_BASE_PARALLEL_H_
#define TOK_SRC_BASE_PARALLEL_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "tok/threads.h"

namespace tok {

// How many threads work on n_tasks when a caller asks for n_threads (0: AvailableThreads()): none that would have no task, and
// never more than 256 or the machine's, whichever is more.
unsigned ThreadsFor(size_t n_tasks, unsigned n_threads);

// Calls body(i) for each i in [0, n) on at most ThreadsFor(n, n_threads) threads, and returns when all are done. One thread runs the loop in place, without touching the pool.
void ParallelFor(size_t n, unsigned n_threads, const std::function<void(size_t)>& body);

// CPUs granted by a cgroup quota as written in cpu.max ("MAX PERIOD", v2) or by the pair of v1 values; 0 when
// unlimited or unreadable. Rounded up, never below 1.
unsigned CpusOfQuotaV2(std::string_view cpu_max);
unsigned CpusOfQuotaV1(std::string_view quota_us, std::string_view period_us);

// The group's path out of /proc/self/cgroup: of the unified hierarchy (v2) or of the one with `controller`
// (v1).
std::string CgroupPath(std::string_view proc_self_cgroup, std::string_view controller);

}  // namespace tok

#endif  // TOK_SRC_BASE_PARALLEL_H_
