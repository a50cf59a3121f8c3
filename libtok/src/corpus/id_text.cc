#include "src/corpus/id_text.h"

#include <array>
#include <cstring>

namespace tok {
namespace {

constexpr uint32_t kChunk = 10000;
constexpr size_t kMaxDigits = 20;    // of a u64
constexpr size_t kMaxIdDigits = 10;  // of a u32
constexpr size_t kSlack = 4;         // chunks are stored whole, then cut
constexpr size_t kIdRoom = kMaxIdDigits + 1 + kSlack;

struct Digits {
  char text[4];
};

constexpr std::array<Digits, kChunk> MakeDigits() {
  std::array<Digits, kChunk> table{};
  for (uint32_t i = 0; i < kChunk; ++i) {
    table[i] = {{static_cast<char>('0' + i / 1000), static_cast<char>('0' + i / 100 % 10),
                 static_cast<char>('0' + i / 10 % 10), static_cast<char>('0' + i % 10)}};
  }
  return table;
}
constexpr std::array<Digits, kChunk> kDigits = MakeDigits();

char* PutChunk(uint32_t value, char* out) {
  std::memcpy(out, kDigits[value].text, 4);
  return out + 4;
}

// Without leading zeros; stores 4 bytes whatever the length.
char* PutFirst(uint32_t value, char* out) {
  const size_t n_digits = 1 + (value >= 10) + (value >= 100) + (value >= 1000);
  uint32_t digits;
  std::memcpy(&digits, kDigits[value].text, 4);
  digits >>= 8 * (4 - n_digits);
  std::memcpy(out, &digits, 4);
  return out + n_digits;
}

char* Put(uint64_t number, char* out) {
  if (number < kChunk) return PutFirst(static_cast<uint32_t>(number), out);
  if (number < uint64_t{kChunk} * kChunk) {
    out = PutFirst(static_cast<uint32_t>(number / kChunk), out);
    return PutChunk(static_cast<uint32_t>(number % kChunk), out);
  }
  out = Put(number / kChunk, out);  // at most four levels deep: a u64 has five chunks
  return PutChunk(static_cast<uint32_t>(number % kChunk), out);
}

}  // namespace

void AppendDecimal(uint64_t number, std::string* out) {
  char buffer[kMaxDigits + kSlack];
  out->append(buffer, Put(number, buffer));
}

void AppendIds(std::span<const TokenId> ids, char separator, std::string* out) {
  constexpr size_t kBatch = 512;
  std::array<char, kBatch * kIdRoom> buffer;
  while (!ids.empty()) {
    const std::span<const TokenId> batch = ids.first(std::min(kBatch, ids.size()));
    char* end = buffer.data();
    for (const TokenId id : batch) {
      end = Put(id, end);
      *end++ = separator;
    }
    ids = ids.subspan(batch.size());
    if (ids.empty()) --end;
    out->append(buffer.data(), end);
  }
}

void AppendPairs(std::span<const Span> pairs, std::string* out) {
  char buffer[2 * (kMaxDigits + kSlack) + 4];
  for (size_t i = 0; i < pairs.size(); ++i) {
    char* end = buffer;
    if (i > 0) *end++ = ',';
    *end++ = '[';
    end = Put(pairs[i].begin, end);
    *end++ = ',';
    end = Put(pairs[i].end, end);
    *end++ = ']';
    out->append(buffer, end);
  }
}

}  // namespace tok
