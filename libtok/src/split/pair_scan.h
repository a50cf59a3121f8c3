// split/pair_scan.h: the vector scanner of the pair splitter.
//
// Model: whether a byte is in a set, two table look-ups tell: the low half of the byte finds the set's column (which of
// eight high halves belong to it), the high half finds the one bit to test. A second pair of tables is for the bytes from
// 0x80 on. A rectangle cuts where the byte before is in the left and the byte behind in the right set.
// `Vector` wraps the instructions: bytes, look-up of 16 or 32 entries, and the mask of lanes in which both pairs of columns
// and bits meet.
// Source: the byte classification of simdjson (Langdale and Lemire, 2019, "Parsing Gigabytes of JSON per Second").
// This header is compiled once per instruction set inside an anonymous namespace: include it only from
// pair_scanner_*.cc, after switching the target on, and include before that whatever this header includes.
#ifndef TOK_SRC_SPLIT_PAIR_SCAN_H_
#define TOK_SRC_SPLIT_PAIR_SCAN_H_

#include <array>
#include <cstring>

#include "src/split/pair_scanners.h"

namespace tok {
namespace {

// Sixteen columns of ASCII, then those of the other bytes.
struct SetColumns {
  alignas(16) std::array<uint8_t, 32> columns{};

  void Add(unsigned byte) {
    uint8_t& column = columns[(byte & 0x0F) | (byte >> 7) << 4];
    column = static_cast<uint8_t>(column | 1u << (byte >> 4 & 7));
  }
};

template <typename Vector>
class PairScanner final : public Splitter {
 public:
  explicit PairScanner(const CutPairs& pairs) : pairs_(pairs) {
    for (unsigned k = 0; k < CutPairs::kMaxRectangles; ++k) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (pairs.left[byte] >> k & 1) left_[k].Add(byte);
        if (pairs.right[byte] >> k & 1) right_[k].Add(byte);
      }
    }
  }

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    constexpr size_t kBatch = 64;
    if (capacity < kBatch)
      return MakePairSplitter(pairs_, InstructionSet::kScalar)->Fill(text, state, ends, capacity);
    if (state->position >= text.size()) return 0;
    size_t n = 0, at = state->position + 1;  // places before `at` are done
    uint64_t high = static_cast<unsigned char>(text[state->position]) & 0x80;
    for (; at < text.size() && n + kBatch <= capacity; at += kBatch) {
      const char* batch = text.data() + at;
      const size_t n_left = text.size() - at;
      char padded[1 + kBatch];
      if (n_left < kBatch) {
        std::memset(padded, 0, sizeof(padded));
        std::memcpy(padded, batch - 1, 1 + n_left);
        batch = padded + 1;
      }
      uint64_t cuts = Cuts(batch, &high);
      if (n_left < kBatch) cuts &= (uint64_t{1} << n_left) - 1;
      n += Vector::WritePlaces(cuts, at, ends + n);
    }
    if (at >= text.size() && n < capacity) ends[n++] = text.size();
    state->position = ends[n - 1];
    state->only_short_characters = high == 0;
    return n;
  }
  std::string Name() const override { return "pair scanner (" + std::string(Vector::kName) + ")"; }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return LastCut(pairs_, text, begin, limit);
  }

 private:
  // Bit i: a cut between batch[i - 1] and batch[i]. Adds to `high` where either is not ASCII.
  uint64_t Cuts(const char* batch, uint64_t* high) const {
    uint64_t cuts = 0;
    for (unsigned i = 0; i < 64; i += Vector::kBytes) {
      const Vector before = Vector::Load(batch + i - 1), behind = Vector::Load(batch + i);
      const Vector bit_before = before.HighHalfBit(), bit_behind = behind.HighHalfBit();
      *high |= (before | behind).TopBits();
      const auto column = [](const SetColumns& set, const Vector& byte) {
        if constexpr (Vector::kEntries == 32)
          return byte.LookUp(set.columns.data());
        else
          return byte.LookUp(set.columns.data()) | byte.FlipTopBit().LookUp(set.columns.data() + 16);
      };
      uint64_t mask = 0;
      for (unsigned k = 0; k < CutPairs::kMaxRectangles; ++k) {
        mask |= Vector::BothMeet(column(left_[k], before), bit_before, column(right_[k], behind), bit_behind);
      }
      cuts |= mask << i;
    }
    return cuts;
  }

  const CutPairs pairs_;
  std::array<SetColumns, CutPairs::kMaxRectangles> left_, right_;
};

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_PAIR_SCAN_H_
