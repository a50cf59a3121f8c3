// Parts that threads deliver in any order come out one after another, whatever was reserved for them.
#include "src/encode/id_assembly.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace tok {
namespace {

using Ids = std::vector<TokenId>;

// Part p holds sizes[p] ids, counted through all parts, and two ends: at its middle and at its end.
struct Parts {
  explicit Parts(const std::vector<size_t>& part_sizes) : sizes(part_sizes), begins(1, 0) {
    for (const size_t size : sizes) begins.push_back(begins.back() + size);
    for (size_t p = 0; p < sizes.size(); ++p) ends.insert(ends.end(), {sizes[p] / 2, sizes[p]});
  }
  size_t n_ids() const { return begins.back(); }
  void Deliver(size_t p, IdAssembly* assembly) {
    Ids ids = assembly->TakeBuffer(sizes[p]);
    ASSERT_TRUE(ids.empty());
    ids.resize(sizes[p]);
    std::iota(ids.begin(), ids.end(), static_cast<TokenId>(begins[p]));
    assembly->Deliver(p, std::move(ids), std::span(ends).subspan(2 * p, 2));
  }
  void Check(const IdArray& ids) const {
    ASSERT_EQ(ids.size(), n_ids());
    for (size_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], i);
    for (size_t p = 0; p < sizes.size(); ++p) {
      ASSERT_EQ(ends[2 * p], begins[p] + sizes[p] / 2);
      ASSERT_EQ(ends[2 * p + 1], begins[p + 1]);
    }
  }

  std::vector<size_t> sizes;
  std::vector<size_t> begins;
  std::vector<uint64_t> ends;
};

std::vector<size_t> RandomSizes(std::mt19937* random, size_t n, size_t max) {
  std::vector<size_t> sizes(n);
  for (size_t& size : sizes) size = (*random)() % 4 == 0 ? 0 : (*random)() % max;
  return sizes;
}

TEST(IdAssemblyTest, AnyOrderOfDelivery) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Parts parts(RandomSizes(&random, random() % 30, 1 + random() % 5000));
    std::vector<size_t> order(parts.sizes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    IdAssembly assembly(parts.n_ids(), 1);
    for (const size_t p : order) parts.Deliver(p, &assembly);
    parts.Check(assembly.Finish());
  }
}

TEST(IdAssemblyTest, MoreIdsThanReserved) {
  std::mt19937 random(2);
  for (const size_t reserved : {size_t{0}, size_t{1}, size_t{10000}, size_t{400'000}}) {
    Parts parts(RandomSizes(&random, 40, 60'000));
    ASSERT_GT(parts.n_ids(), reserved);
    IdAssembly assembly(reserved, 1);
    for (size_t p = parts.sizes.size(); p-- > 0;) parts.Deliver(p, &assembly);
    parts.Check(assembly.Finish());
  }
}

TEST(IdAssemblyTest, ThreadsTakePartsInOrder) {
  std::mt19937 random(3);
  for (unsigned n_threads = 1; n_threads <= 16; ++n_threads) {
    for (const bool is_reserved : {true, false}) {
      Parts parts(RandomSizes(&random, 300, 20'000));
      IdAssembly assembly(is_reserved ? parts.n_ids() : parts.n_ids() / 3, n_threads);
      std::atomic<size_t> next{0};
      std::vector<std::thread> threads;
      for (unsigned t = 0; t < n_threads; ++t) {
        threads.emplace_back([&] {
          for (;;) {
            assembly.WaitForRoom();
            const size_t p = next.fetch_add(1);
            if (p >= parts.sizes.size()) return;
            parts.Deliver(p, &assembly);
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
      parts.Check(assembly.Finish());
    }
  }
}

TEST(IdAssemblyTest, ThreadsAheadWaitForTheSlowest) {
  constexpr size_t kIds = size_t{1} << 20;  // what one thread may have waiting
  Parts parts({10, kIds, kIds, kIds, 10});
  IdAssembly assembly(parts.n_ids(), 1);
  parts.Deliver(1, &assembly);
  assembly.WaitForRoom();  // just as much as may wait
  parts.Deliver(2, &assembly);
  std::atomic<bool> has_room{false};
  std::thread ahead([&] {
    assembly.WaitForRoom();
    has_room = true;
    parts.Deliver(3, &assembly);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(has_room);
  parts.Deliver(0, &assembly);
  ahead.join();
  parts.Deliver(4, &assembly);
  parts.Check(assembly.Finish());
}

TEST(IdAssemblyTest, NearlyEmptyBuffersWaitToo) {
  constexpr size_t kRoom = size_t{1} << 20;
  constexpr size_t kParts = 6;  // four such buffers may wait
  IdAssembly assembly(kParts, 1);
  std::atomic<size_t> n_delivered{0};
  std::thread ahead([&] {
    for (size_t p = 1; p < kParts; ++p) {
      assembly.WaitForRoom();
      Ids ids = assembly.TakeBuffer(kRoom);
      ids.push_back(static_cast<TokenId>(p));
      assembly.Deliver(p, std::move(ids), {});
      ++n_delivered;
    }
    assembly.WaitForRoom();
    ++n_delivered;
  });
  while (n_delivered < kParts - 1) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(n_delivered, kParts - 1) << "five wait, one more than may";
  assembly.Deliver(0, {0}, {});
  ahead.join();
  EXPECT_EQ(assembly.Finish(), (Ids{0, 1, 2, 3, 4, 5}));
}

TEST(IdAssemblyTest, NobodyWaitsForWhatWasGivenUp) {
  Parts parts({10, size_t{3} << 20});
  IdAssembly assembly(parts.n_ids(), 1);
  parts.Deliver(1, &assembly);
  std::thread ahead([&] { assembly.WaitForRoom(); });
  assembly.GiveUp();
  ahead.join();
  assembly.WaitForRoom();
}

IdArray ArrayOf(const Ids& ids) {
  IdAssembly assembly(ids.size(), 1);
  assembly.Deliver(0, ids, {});
  return assembly.Finish();
}

TEST(IdArrayTest, OwnsMovesAndCompares) {
  EXPECT_TRUE(IdArray().empty());
  EXPECT_EQ(IdArray(), ArrayOf({}));
  Ids many(400'000);
  std::iota(many.begin(), many.end(), 0u);
  for (const Ids& ids : {Ids{}, Ids{1}, Ids{3, 1, 2}, many}) {
    IdArray array = ArrayOf(ids);
    EXPECT_EQ(array.size(), ids.size());
    EXPECT_EQ(array, ids);
    EXPECT_EQ(Ids(array.begin(), array.end()), ids);
    EXPECT_FALSE(array == ArrayOf({7}));
    IdArray moved(std::move(array));
    EXPECT_EQ(moved, ids);
    EXPECT_TRUE(array.empty());
    array = std::move(moved);
    EXPECT_EQ(array, ids);
    array = ArrayOf({7, 8});
    EXPECT_EQ(array, (Ids{7, 8}));
    array[1] = 9;
    EXPECT_EQ(array, (Ids{7, 9}));
  }
}

}  // namespace
}  // namespace tok
