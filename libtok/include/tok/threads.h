// tok/threads.h: how many threads a computation gets when its caller does not say.
#ifndef TOK_THREADS_H_
#define TOK_THREADS_H_

namespace tok {

// The CPUs this process may use: its affinity mask, cut by the cgroup quota (v2 or v1, the tightest up the
// tree). At least 1. Read once per process, at the first call.
unsigned AvailableThreads();

}  // namespace tok

#endif  // TOK_THREADS_H_
