#include "src/base/reserved_memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

namespace tok {
namespace {

constexpr size_t kMany = size_t{5} << 20;  // a mapping of its own
constexpr size_t kFew = 1000;              // from the heap
constexpr size_t kStep = 13;               // between bytes that are looked at

// Bytes that are resident.
size_t Resident() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  unsigned long long size = 0, resident = 0;
  EXPECT_EQ(std::fscanf(file, "%llu %llu", &size, &resident), 2);
  std::fclose(file);
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

void Fill(ReservedMemory* memory, size_t n_bytes) {
  for (size_t i = 0; i < n_bytes; i += kStep)
    static_cast<char*>(memory->data())[i] = static_cast<char>(i * 7 + i / 251);
}
bool IsFilled(const ReservedMemory& memory, size_t n_bytes) {
  for (size_t i = 0; i < n_bytes; i += kStep) {
    if (static_cast<const char*>(memory.data())[i] != static_cast<char>(i * 7 + i / 251)) return false;
  }
  return true;
}

TEST(ReservedMemoryTest, KeepsItsContentWhateverTheSize) {
  const size_t sizes[] = {0, 1, kFew, (size_t{1} << 20) - 1, size_t{1} << 20, kMany, kMany + 1, 3 * kMany};
  for (const size_t before : sizes) {
    for (const size_t after : sizes) {
      ReservedMemory memory(before);
      ASSERT_EQ(memory.n_bytes(), before);
      Fill(&memory, before);
      memory.Resize(after);
      ASSERT_EQ(memory.n_bytes(), after);
      EXPECT_TRUE(IsFilled(memory, std::min(before, after))) << before << " to " << after;
      Fill(&memory, after);
    }
  }
}

TEST(ReservedMemoryTest, IsNoRoomBeforeItIsWritten) {
  const size_t before = Resident();
  ReservedMemory memory(size_t{64} << 30);
  ASSERT_GT(memory.n_bytes(), kMany);
  Fill(&memory, kMany);
  EXPECT_LT(Resident(), before + (size_t{1} << 30));  // sanitizers have a shadow of what is written
  memory.Resize(kMany);
  EXPECT_TRUE(IsFilled(memory, kMany));
}

TEST(ReservedMemoryTest, ReservesWhatTheSystemAllows) {
  ReservedMemory all(SIZE_MAX / 2);  // more than there are addresses
  EXPECT_LT(all.n_bytes(), SIZE_MAX / 2);
  all = ReservedMemory(kFew);
  EXPECT_EQ(all.n_bytes(), kFew);
  EXPECT_THROW(all.Resize(SIZE_MAX / 2), std::bad_alloc);
  EXPECT_EQ(all.n_bytes(), kFew);
}

// Sanitizers take addresses of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(ReservedMemoryDeathTest, ReservesLessWhereAddressesAreLimited) {
  const auto run = [] {
    const rlimit limit = {size_t{1} << 30, size_t{1} << 30};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
    ReservedMemory memory(size_t{1} << 32);
    const bool is_right = memory.n_bytes() >= kMany && memory.n_bytes() <= size_t{1} << 30;
    Fill(&memory, is_right ? kMany : 0);
    std::_Exit(is_right && IsFilled(memory, kMany) ? 0 : 1);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(0), "");
}

// What a reservation may take: all of it, a part of it, nearly nothing.
TEST(ReservedMemoryDeathTest, LeavesAsMuchToOthers) {
  constexpr size_t kLimit = size_t{1} << 30;
  const auto run = [](size_t wanted) {
    const rlimit limit = {kLimit, kLimit};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
    const ReservedMemory memory(wanted);
    if (memory.n_bytes() == 0) std::_Exit(3);
    void* const others = std::malloc(memory.n_bytes());
    std::_Exit(others != nullptr ? 0 : 1);
  };
  for (const size_t wanted : {kLimit * 4, kLimit, kLimit / 8 * 7, kLimit / 2, kLimit / 4, kLimit / 64})
    EXPECT_EXIT(run(wanted), ::testing::ExitedWithCode(0), "") << wanted;
}
#endif

TEST(ReservedMemoryTest, MovesAndIsReleased) {
  for (const size_t n_bytes : {kFew, kMany}) {
    ReservedMemory first(n_bytes);
    const void* const where = first.data();
    ReservedMemory second(std::move(first));
    EXPECT_EQ(second.data(), where);
    ReservedMemory third;
    third = std::move(second);
    EXPECT_EQ(third.n_bytes(), n_bytes);
    void* const released = third.Release();
    EXPECT_EQ(released, where);
    EXPECT_EQ(third.n_bytes(), 0u);
    ReservedMemory::Free(released, n_bytes);
  }
}

}  // namespace
}  // namespace tok
