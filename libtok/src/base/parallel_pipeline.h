// base/parallel_pipeline.h: items through stages, many at a time, out in the order they came in.
//
// Model: produce() makes items until it returns null; each item passes every stage; a serial stage sees items
// one at a time and in order, a parallel stage sees any number at once. At most max_in_flight items exist at
// a time, which bounds the memory. Threads: with n_threads 1 everything runs on the caller, else it and threads of its own do,
// which it starts as there is work that nobody is free for: at most ThreadsFor(max_in_flight, n_threads) in all.
// Stages may use ParallelFor. Errors: stages keep their own; an item travels to the end whatever happened to it. What a stage
// throws is thrown once all have stopped.
#ifndef TOK_SRC_BASE_PARALLEL_PIPELINE_H_
#define TOK_SRC_BASE_PARALLEL_PIPELINE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace tok {

class PipelineItem {
 public:
  virtual ~PipelineItem() = default;
};

struct PipelineStage {
  enum class Kind { kSerialInOrder, kParallel };
  Kind kind;
  std::function<void(PipelineItem*)> run;
};

// n_threads 0: AvailableThreads().
void RunPipeline(unsigned n_threads, size_t max_in_flight,
                 const std::function<std::unique_ptr<PipelineItem>()>& produce,
                 const std::vector<PipelineStage>& stages);

}  // namespace tok

#endif  // TOK_SRC_BASE_PARALLEL_PIPELINE_H_
