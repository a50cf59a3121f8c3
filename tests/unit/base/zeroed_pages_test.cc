#include "src/base/zeroed_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tok {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;

TEST(ZeroedPagesTest, AreZeroedWritableAndAligned) {
  for (const size_t n_bytes : {size_t{64} << 10, size_t{1} << 20, kLargePage, 3 * kLargePage}) {
    const ZeroedPages pages(n_bytes);
    auto* bytes = static_cast<char*>(pages.data());
    EXPECT_TRUE(std::all_of(bytes, bytes + n_bytes, [](char c) { return c == 0; }));
    std::fill(bytes, bytes + n_bytes, 'x');
    EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes) % (n_bytes % kLargePage == 0 ? kLargePage : 4096), 0u);
  }
}

TEST(ZeroedPagesTest, MoveWithTheirContent) {
  ZeroedPages first(1 << 16);
  static_cast<char*>(first.data())[7] = 'x';
  const void* const where = first.data();
  ZeroedPages second(std::move(first));
  EXPECT_EQ(second.data(), where);
  ZeroedPages third;
  EXPECT_EQ(third.data(), nullptr);
  third = std::move(second);
  EXPECT_EQ(static_cast<const char*>(third.data())[7], 'x');
}

}  // namespace
}  // namespace tok
