// Compressed files read as the bytes they stand for, however they are cut; damage is an error with a place.
#include "src/base/byte_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "src/base/file.h"
#include "tests/support/temp_dir.h"

namespace tok {
namespace {

std::string Gzip(std::string_view text) {
  z_stream state{};
  EXPECT_EQ(deflateInit2(&state, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&state, Z_FINISH), Z_STREAM_END);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}

std::string Zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const size_t n = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  EXPECT_EQ(ZSTD_isError(n), 0u);
  out.resize(n);
  return out;
}

std::string Sample(size_t size) {
  std::string text(size, '\0');
  uint64_t state = 7;
  for (char& c : text) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>('a' + (state >> 60));
  }
  return text;
}

absl::StatusOr<std::string> Drain(ByteStream* stream, size_t step) {
  std::string all, buffer(step, '\0');
  while (true) {
    const absl::StatusOr<size_t> n = stream->Read(buffer.data(), step);
    if (!n.ok()) return n.status();
    if (*n == 0) return all;
    all.append(buffer, 0, *n);
  }
}

TEST(ByteStreamTest, EveryFormAndStepReadsTheSameBytes) {
  const TempDir dir;
  for (const size_t size : {0u, 1u, 5u, 65535u, 65536u, 300001u}) {
    const std::string text = Sample(size);
    const std::string forms[] = {text,
                                 Gzip(text),
                                 Zstd(text),
                                 Gzip(text.substr(0, size / 3)) + Gzip(text.substr(size / 3)),
                                 Zstd(text.substr(0, size / 3)) + Zstd("") + Zstd(text.substr(size / 3)),
                                 Gzip(text) + std::string(512, '\0')};
    for (const std::string& form : forms) {
      for (const size_t step : {size_t{1}, size_t{1000}, size_t{1} << 18}) {
        if (step == 1 && size > 70000) continue;
        const auto from_memory = Drain(ByteStream::OverMemory(form, "memory").get(), step);
        ASSERT_TRUE(from_memory.ok()) << from_memory.status();
        EXPECT_TRUE(*from_memory == text) << size << " by " << step;
        auto file = ByteStream::Open(dir.Write("f", form));
        ASSERT_TRUE(file.ok()) << file.status();
        const auto from_file = Drain(file->get(), step);
        ASSERT_TRUE(from_file.ok()) << from_file.status();
        EXPECT_TRUE(*from_file == text) << size << " by " << step;
      }
    }
  }
}

TEST(ByteStreamTest, WhatFollowsGzipDataIsNotSilentlyLost) {
  const std::string bytes = Gzip("text") + std::string(512, '\0') + "rest of a member";
  auto stream = ByteStream::OverMemory(bytes, "memory");
  char buffer[64];
  ASSERT_EQ(*stream->Read(buffer, sizeof(buffer)), 4u);
  EXPECT_EQ(ErrorCodeOf(stream->Read(buffer, sizeof(buffer)).status()), ErrorCode::kBadInput);
}

TEST(ByteStreamTest, DamageIsAnErrorAtEveryCut) {
  const std::string text = Sample(3000);
  for (const std::string& whole : {Gzip(text), Zstd(text)}) {
    for (size_t cut = 4; cut < whole.size(); ++cut) {
      const auto read = Drain(ByteStream::OverMemory(std::string_view(whole).substr(0, cut), "f").get(), 777);
      ASSERT_EQ(ErrorCodeOf(read.status()), ErrorCode::kBadInput) << cut << " of " << whole.size();
    }
    std::string flipped = whole;
    flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 0x55);
    const auto read = Drain(ByteStream::OverMemory(flipped, "f").get(), 777);
    EXPECT_TRUE(!read.ok() || *read != text);
  }
}

TEST(ByteStreamTest, DecompressionIsBounded) {
  const TempDir dir;
  const std::string bomb = dir.Write("bomb.gz", Gzip(std::string(50'000'000, '\0')));
  EXPECT_EQ(ErrorCodeOf(ReadFile(bomb, 1'000'000).status()), ErrorCode::kLimit);
}

TEST(ByteStreamTest, ProgressCountsCompressedBytes) {
  const TempDir dir;
  const std::string packed = Zstd(Sample(300000));
  auto stream = ByteStream::Open(dir.Write("f", packed));
  ASSERT_TRUE(stream.ok());
  EXPECT_EQ((*stream)->n_bytes_total(), packed.size());
  EXPECT_EQ((*stream)->compression(), Compression::kZstd);
  ASSERT_TRUE(Drain(stream->get(), 4096).ok());
  EXPECT_EQ((*stream)->n_bytes_read(), packed.size());
}

}  // namespace
}  // namespace tok
