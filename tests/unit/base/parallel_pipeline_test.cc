// Items leave in the order they came, no more than allowed are alive, serial stages are alone.
#include "src/base/parallel_pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

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

}  // namespace
}  // namespace tok
