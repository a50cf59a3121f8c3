// Items leave in the order they came, no more than allowed are alive, serial stages are alone.
#include "src/base/parallel_pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "src/base/parallel.h"
#include "tests/support/count_threads.h"

namespace tok {
namespace {

struct Number : PipelineItem {
  Number(int v, std::atomic<int>* a) : value(v), alive(a) { alive->fetch_add(1); }
  ~Number() override { alive->fetch_sub(1); }
  int value;
  std::atomic<int>* alive;
};

TEST(RunPipelineTest, KeepsOrderAndBounds) {
  for (const unsigned n_threads : {0u, 1u, 2u, 6u}) {
    for (const size_t max_in_flight : {1u, 3u, 16u}) {
      std::atomic<int> alive{0}, in_serial{0};
      int made = 0, most_alive = 0;
      std::vector<int> out;
      const auto produce = [&]() -> std::unique_ptr<PipelineItem> {
        if (made == 500) return nullptr;
        auto item = std::make_unique<Number>(made++, &alive);
        most_alive = std::max(most_alive, alive.load());
        return item;
      };
      const PipelineStage square{PipelineStage::Kind::kParallel, [](PipelineItem* item) {
                                   auto* number = static_cast<Number*>(item);
                                   number->value *= number->value;
                                 }};
      const PipelineStage collect{PipelineStage::Kind::kSerialInOrder, [&](PipelineItem* item) {
                                    EXPECT_EQ(in_serial.fetch_add(1), 0);
                                    out.push_back(static_cast<Number*>(item)->value);
                                    in_serial.fetch_sub(1);
                                  }};
      RunPipeline(n_threads, max_in_flight, produce, {square, collect});
      ASSERT_EQ(out.size(), 500u);
      for (int i = 0; i < 500; ++i) ASSERT_EQ(out[static_cast<size_t>(i)], i * i);
      EXPECT_LE(most_alive, static_cast<int>(max_in_flight));
      EXPECT_EQ(alive.load(), 0);
    }
  }
}

TEST(RunPipelineTest, ThrowsWhatAStageOrTheProducerThrows) {
  for (const int where : {0, 1, 2}) {
    std::atomic<int> alive{0};
    int made = 0;
    const auto produce = [&]() -> std::unique_ptr<PipelineItem> {
      if (where == 0 && made == 20) throw std::runtime_error("of produce");
      return std::make_unique<Number>(made++, &alive);  // without end
    };
    const auto throw_at_20 = [](bool throws) {
      return [throws](PipelineItem* item) {
        if (throws && static_cast<Number*>(item)->value == 20) throw std::runtime_error("of a stage");
      };
    };
    const std::vector<PipelineStage> stages = {
        {PipelineStage::Kind::kParallel, throw_at_20(where == 1)},
        {PipelineStage::Kind::kSerialInOrder, throw_at_20(where == 2)}};
    EXPECT_THROW(RunPipeline(3, 6, produce, stages), std::runtime_error) << where;
    EXPECT_EQ(alive.load(), 0);
  }
}

// The most threads beyond those before that a stage of `n_items` items saw.
int MostThreadsAdded(int n_items, size_t max_in_flight) {
  std::thread([] {}).join();  // ThreadSanitizer's own thread comes with the first one
  const int n_before = CountThreads();
  std::atomic<int> alive{0};
  int made = 0, most = 0;
  const auto produce = [&]() -> std::unique_ptr<PipelineItem> {
    return made == n_items ? nullptr : std::make_unique<Number>(made++, &alive);
  };
  const PipelineStage wait{PipelineStage::Kind::kParallel,
                           [](PipelineItem*) { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }};
  const PipelineStage look{PipelineStage::Kind::kSerialInOrder,
                           [&](PipelineItem*) { most = std::max(most, CountThreads() - n_before); }};
  RunPipeline(3000, max_in_flight, produce, {wait, look});
  return most;
}

TEST(RunPipelineTest, StartsThreadsAsItemsCome) {
  EXPECT_LE(MostThreadsAdded(1, 12'000), 1);  // which looks for a second item
  EXPECT_LE(MostThreadsAdded(3, 12'000), 3);
}

TEST(RunPipelineTest, HasNoMoreThreadsThanItemsOrAMachineBears) {
  EXPECT_LE(MostThreadsAdded(200, 3), 2);
  EXPECT_LT(MostThreadsAdded(2000, 12'000), static_cast<int>(ThreadsFor(12'000, 3000)));
}

TEST(RunPipelineTest, AllThreadsWorkWhereThereIsWork) {
  constexpr int kThreads = 4;
  std::atomic<int> alive{0}, arrived{0};
  int made = 0;
  const auto produce = [&]() -> std::unique_ptr<PipelineItem> {
    return made == kThreads ? nullptr : std::make_unique<Number>(made++, &alive);
  };
  const PipelineStage meet{PipelineStage::Kind::kParallel, [&](PipelineItem*) {
                             arrived.fetch_add(1);
                             for (int spins = 0; arrived.load() < kThreads && spins < 20000; ++spins) {
                               std::this_thread::sleep_for(std::chrono::milliseconds(1));
                             }
                             EXPECT_EQ(arrived.load(), kThreads);
                           }};
  RunPipeline(kThreads, kThreads, produce, {meet});
}

// As when a large block is written: the other threads of the pipeline wait, the loop has threads nevertheless.
TEST(RunPipelineTest, ALoopWithinAStageHasThreads) {
  constexpr int kThreads = 4;
  std::atomic<int> alive{0}, arrived{0};
  int made = 0;
  const auto produce = [&]() -> std::unique_ptr<PipelineItem> {
    return made == 1 ? nullptr : std::make_unique<Number>(made++, &alive);
  };
  const PipelineStage loop{PipelineStage::Kind::kSerialInOrder, [&](PipelineItem*) {
                             ParallelFor(kThreads, kThreads, [&](size_t) {
                               arrived.fetch_add(1);
                               for (int spins = 0; arrived.load() < kThreads && spins < 20000; ++spins) {
                                 std::this_thread::sleep_for(std::chrono::milliseconds(1));
                               }
                               EXPECT_EQ(arrived.load(), kThreads);
                             });
                           }};
  RunPipeline(kThreads, kThreads, produce, {loop});
}

}  // namespace
}  // namespace tok
