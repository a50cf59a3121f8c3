#include "src/base/parallel.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <optional>

#include "src/base/thread_order.h"

namespace tok {
namespace {

struct LoopBody {
  void operator()(size_t i) const {
    WaitsFor(this);
    body(i);
    SaysDone(&end);
  }
  const std::function<void(size_t)>& body;
  char end = 0;  // what the loop's caller waits for
};

}  // namespace

void ParallelFor(size_t n, unsigned n_threads, const std::function<void(size_t)>& body) {
  if (n_threads == 0) n_threads = AvailableThreads();
  if (n_threads == 1 || n <= 1) {
    for (size_t i = 0; i < n; ++i) body(i);
    return;
  }
  // oneTBB caps an arena at the machine's concurrency unless told that more is wanted; asking for less would
  // bind every other user of the pool.
  constexpr auto kLimit = tbb::global_control::max_allowed_parallelism;
  std::optional<tbb::global_control> allow;
  if (n_threads > tbb::global_control::active_value(kLimit)) allow.emplace(kLimit, n_threads);
  tbb::task_arena arena(static_cast<int>(std::min<size_t>(n_threads, n)));
  // Bodies are large (documents, blocks): one index is one task.
  const LoopBody loop{body};
  SaysDone(&loop);
  arena.execute([&] { tbb::parallel_for(size_t{0}, n, loop, tbb::simple_partitioner()); });
  WaitsFor(&loop.end);
}

}  // namespace tok
