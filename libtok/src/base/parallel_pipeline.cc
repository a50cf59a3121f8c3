#include "src/base/parallel_pipeline.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <optional>

#include "src/base/parallel.h"
#include "src/base/thread_order.h"

namespace tok {
namespace {

using Item = PipelineItem*;

char started = 0;  // a place that the first stage knows before it reads anything of its pipeline

tbb::filter<Item, Item> MakeFilter(const PipelineStage& stage) {
  const auto mode = stage.kind == PipelineStage::Kind::kParallel ? tbb::filter_mode::parallel
                                                                 : tbb::filter_mode::serial_in_order;
  const bool is_serial = stage.kind == PipelineStage::Kind::kSerialInOrder;
  return tbb::make_filter<Item, Item>(mode, [&stage, is_serial](Item item) {
    WaitsFor(item);
    if (is_serial) WaitsFor(&stage);
    stage.run(item);
    if (is_serial) SaysDone(&stage);
    SaysDone(item);
    return item;
  });
}

void RunOnCaller(const std::function<std::unique_ptr<PipelineItem>()>& produce,
                 const std::vector<PipelineStage>& stages) {
  while (const std::unique_ptr<PipelineItem> item = produce()) {
    for (const PipelineStage& stage : stages) stage.run(item.get());
  }
}

}  // namespace

void RunPipeline(unsigned n_threads, size_t max_in_flight,
                 const std::function<std::unique_ptr<PipelineItem>()>& produce,
                 const std::vector<PipelineStage>& stages) {
  if (n_threads == 0) n_threads = AvailableThreads();
  if (n_threads == 1 || max_in_flight <= 1) return RunOnCaller(produce, stages);

  char produced = 0, finished = 0;  // orders the calls of produce; what follows the last item
  tbb::filter<void, Item> first = tbb::make_filter<void, Item>(
      tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) -> Item {
        WaitsFor(&started);
        WaitsFor(&produced);
        std::unique_ptr<PipelineItem> item = produce();
        SaysDone(&produced);
        if (item == nullptr) {
          SaysDone(&finished);
          control.stop();
          return nullptr;
        }
        SaysDone(item.get());
        return item.release();
      });
  for (const PipelineStage& stage : stages) first = first & MakeFilter(stage);
  const tbb::filter<void, void> whole =
      first & tbb::make_filter<Item, void>(tbb::filter_mode::parallel, [&finished](Item item) {
        WaitsFor(item);
        delete item;
        SaysDone(&finished);
      });

  constexpr auto kLimit = tbb::global_control::max_allowed_parallelism;
  std::optional<tbb::global_control> allow;
  if (n_threads > tbb::global_control::active_value(kLimit)) allow.emplace(kLimit, n_threads);
  tbb::task_arena arena(static_cast<int>(n_threads));
  SaysDone(&started);
  arena.execute([&] { tbb::parallel_pipeline(max_in_flight, whole); });
  WaitsFor(&finished);
}

}  // namespace tok
