// Thread counts follow the cgroup's arithmetic; loops visit every index once on the number of threads asked
// for.
#include "src/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/count_threads.h"

namespace tok {
namespace {

TEST(CpuQuotaTest, V2) {
  EXPECT_EQ(CpusOfQuotaV2("max 100000\n"), 0u);
  EXPECT_EQ(CpusOfQuotaV2("200000 100000\n"), 2u);
  EXPECT_EQ(CpusOfQuotaV2("150000 100000"), 2u);
  EXPECT_EQ(CpusOfQuotaV2("1000 100000"), 1u);
  EXPECT_EQ(CpusOfQuotaV2(""), 0u);
  EXPECT_EQ(CpusOfQuotaV2("9223372036854775807 1"), 65536u);
}

TEST(CpuQuotaTest, V1) {
  EXPECT_EQ(CpusOfQuotaV1("-1\n", "100000\n"), 0u);
  EXPECT_EQ(CpusOfQuotaV1("350000\n", "100000\n"), 4u);
  EXPECT_EQ(CpusOfQuotaV1("", ""), 0u);
  EXPECT_EQ(CpusOfQuotaV1("100000", "0"), 0u);
}

TEST(CpuQuotaTest, GroupPaths) {
  const char* groups = "12:pids:/p\n4:cpu,cpuacct:/docker/ab:c\n0::/user.slice/x\n";
  EXPECT_EQ(CgroupPath(groups, ""), "/user.slice/x");
  EXPECT_EQ(CgroupPath(groups, "cpu"), "/docker/ab:c");
  EXPECT_EQ(CgroupPath(groups, "memory"), "");
  EXPECT_EQ(CgroupPath("", ""), "");
}

TEST(AvailableThreadsTest, AtLeastOneAndNoMoreThanTheMachine) {
  EXPECT_GE(AvailableThreads(), 1u);
  EXPECT_LE(AvailableThreads(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST(ParallelForTest, VisitsEachIndexOnce) {
  for (const unsigned n_threads : {0u, 1u, 2u, 7u}) {
    for (const size_t n : {0u, 1u, 2u, 1000u}) {
      std::vector<std::atomic<int>> visits(n);
      ParallelFor(n, n_threads, [&](size_t i) { visits[i].fetch_add(1); });
      for (size_t i = 0; i < n; ++i) EXPECT_EQ(visits[i].load(), 1) << i;
    }
  }
}

TEST(ParallelForTest, OneThreadStaysOnTheCaller) {
  std::set<std::thread::id> threads;
  ParallelFor(100, 1, [&](size_t) { threads.insert(std::this_thread::get_id()); });
  EXPECT_EQ(threads, std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST(ParallelForTest, GivesMoreThreadsThanCpusWhenAsked) {
  // Four bodies that wait for one another finish only if four threads run them.
  constexpr int kThreads = 4;
  std::atomic<int> arrived{0};
  std::mutex mutex;
  std::set<std::thread::id> threads;
  ParallelFor(kThreads, kThreads, [&](size_t) {
    arrived.fetch_add(1);
    for (int spins = 0; arrived.load() < kThreads && spins < 20000; ++spins) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(threads.size(), size_t{kThreads});
}

TEST(ThreadsForTest, NoMoreThanThereAreTasksOrAMachineBears) {
  const unsigned most = std::max(256u, AvailableThreads());
  EXPECT_EQ(ThreadsFor(1'000'000, 0), AvailableThreads());
  EXPECT_EQ(ThreadsFor(1'000'000, 7), 7u);
  EXPECT_EQ(ThreadsFor(3, 7), 3u);
  EXPECT_EQ(ThreadsFor(0, 7), 0u);
  EXPECT_EQ(ThreadsFor(1'000'000, 100'000), most);
}

TEST(ParallelForTest, TheMostThreadsThatThePoolKeeps) {
  std::atomic<size_t> n_visits{0};
  ParallelFor(10'000, 3, [&](size_t) { n_visits.fetch_add(1); });
  const int n_others = CountThreads();
  ParallelFor(10'000, 2000, [&](size_t) { n_visits.fetch_add(1); });
  EXPECT_EQ(n_visits.load(), 20'000u);
  EXPECT_LE(CountThreads(), n_others + static_cast<int>(ThreadsFor(10'000, 2000)));
}

TEST(ParallelForTest, LoopsNest) {
  constexpr size_t kOuter = 8, kInner = 100;
  std::vector<std::atomic<size_t>> sums(kOuter);
  ParallelFor(kOuter, 4, [&](size_t outer) {
    ParallelFor(kInner, 3, [&](size_t inner) {
      ParallelFor(2, 2, [&](size_t innermost) { sums[outer] += inner + innermost; });
    });
  });
  for (const auto& sum : sums) EXPECT_EQ(sum.load(), 2 * (kInner * (kInner - 1) / 2) + kInner);
}

TEST(ParallelForTest, ManyThreadsLoopAtOnce) {
  std::atomic<size_t> n_visits{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) ParallelFor(5, 3, [&](size_t) { n_visits.fetch_add(1); });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(n_visits.load(), 8u * 200u * 5u);
}

TEST(ParallelForTest, ThrowsWhatABodyThrows) {
  for (const unsigned n_threads : {1u, 4u}) {
    std::atomic<size_t> n_visits{0};
    const auto loop = [&] {
      ParallelFor(1'000'000, n_threads, [&](size_t i) {
        n_visits.fetch_add(1);
        if (i == 10) throw std::runtime_error("ten");
      });
    };
    EXPECT_THROW(loop(), std::runtime_error);
    EXPECT_LT(n_visits.load(), 1'000'000u);
    ParallelFor(10, n_threads, [&](size_t) { n_visits.fetch_add(1); });  // which works as before
  }
}

}  // namespace
}  // namespace tok
