// cuda/split/chunk_ops.h: what the rules of starts.h ask of the masks of a chunk.
//
// `Warp` holds 32 lanes: on the device it is one, of which every thread sees its own lane (cuda/split/device_warp.h); on the host a
// loop over all (cuda/host/warp.h).
#ifndef TOK_CUDA_SPLIT_CHUNK_OPS_H_
#define TOK_CUDA_SPLIT_CHUNK_OPS_H_

#include <cstdint>

#include "cuda/base/bits.h"
#include "cuda/split/class_masks.h"
#include "cuda/split/starts.h"

namespace tok::cuda {

// Of '(?:[sdmt]|ll|ve|re), the apostrophe included; 0 if it is not there. `bytes`: four, the apostrophe first.
TOK_DEVICE_CODE unsigned ContractionLength(uint32_t bytes, bool ignore_case) {
  const uint32_t b1 = bytes >> 8 & 0xFF, b2 = bytes >> 16 & 0xFF;
  if (ignore_case && b1 == 0xC5 && b2 == 0xBF) return 3;  // U+017F folds to s
  const uint32_t fold = ignore_case ? 0x20 : 0;
  const uint32_t c = b1 | fold, d = b2 | fold;
  if (c == 's' || c == 'd' || c == 'm' || c == 't') return 2;
  return (c == 'l' && d == 'l') || ((c == 'v' || c == 'r') && d == 'e') ? 3 : 0;
}

// Bits 32 and above are of the next word.
struct LaneContractions {
  uint64_t at = 0, inside = 0, behind = 0;
};

TOK_DEVICE_CODE LaneContractions FindInLane(const TextWord& word, uint32_t ahead, uint64_t document_begins,
                                            uint32_t candidates, bool ignore_case) {
  LaneContractions found;
  for (; candidates != 0; candidates &= candidates - 1) {
    const unsigned i = LowestBit(candidates);
    const unsigned n = ContractionLength(BytesAt(word, ahead, i), ignore_case);
    const uint64_t bytes = ((uint64_t{1} << n) - 1) << i;
    if (n == 0 || (document_begins & bytes & ~(uint64_t{1} << i)) != 0) continue;
    found.at |= uint64_t{1} << i;
    found.inside |= bytes;
    found.behind |= uint64_t{1} << (i + n);
  }
  return found;
}

// Starts of groups of three characters within a word; `n_before`: characters of the group that bit 0 goes on with.
// `linked`: bytes of the run that the byte before is of too.
TOK_DEVICE_CODE uint32_t TriplesInLane(uint32_t first_bytes, uint32_t linked, unsigned n_before) {
  uint32_t starts = 0;
  unsigned n = n_before;
  for (uint32_t left = first_bytes; left != 0; left &= left - 1) {
    const uint32_t number = left & (0u - left);
    if ((number & linked) == 0) n = 0;
    if (n == 0) starts |= number;
    n = n == 2 ? 0 : n + 1;
  }
  return starts;
}

template <typename Warp>
class ChunkOps {
 public:
  using Mask = typename Warp::template Value<uint32_t>;

  template <typename T>
  using Value = typename Warp::template Value<T>;

  struct Contractions {
    Mask at, inside, behind;  // bytes of the apostrophe, of all of it, and the one behind it
  };

  // `document_begins`: also at the end of the text. `ahead`: four bytes behind each word.
  TOK_WARP_METHOD ChunkOps(const Warp& warp, const Value<TextWord>& text, const Mask& ahead,
                           const Mask& document_begins, const Mask& continuation, const Carries& in)
      : warp_(warp),
        text_(text),
        ahead_(ahead),
        begins_(document_begins),
        continuation_(continuation),
        in_(in) {
    ends_ = Down(begins_);
    has_long_chars_ = warp_.Any(continuation_);
  }

  TOK_WARP_METHOD const ChunkSummary& summary() const { return summary_; }
  // The last bytes of documents.
  TOK_WARP_METHOD const Mask& ends() const { return ends_; }

  TOK_WARP_METHOD Mask Behind(const Mask& mask) const { return Up(mask) & ~begins_; }
  TOK_WARP_METHOD Mask Ahead(const Mask& mask) const { return Down(mask & ~begins_); }
  // As if what is asked for went on behind the document.
  TOK_WARP_METHOD Mask AheadOrEnd(const Mask& mask) const { return Down(mask | begins_); }

  // Bytes that are no UTF-8: also those of a character that a document begins inside of, in either document.
  TOK_WARP_METHOD Mask Invalid(const ClassMasks<Mask>& m) const {
    if (!has_long_chars_) return m.invalid;
    const Mask inside = begins_ & continuation_;
    return m.invalid | inside | Down(inside & ~m.invalid);
  }

  // The first bytes of the white space that has its last byte in `last_bytes`: three bytes at most.
  TOK_WARP_METHOD Mask FirstBytes(Mask last_bytes) const {
    if (!has_long_chars_) return last_bytes;
    for (int i = 0; i < 2; ++i) last_bytes = (last_bytes & ~continuation_) | Down(last_bytes & continuation_);
    return last_bytes;
  }
  // The characters (all their bytes) that have a bit in `first_bytes`.
  TOK_WARP_METHOD Mask WholeCharacters(Mask first_bytes) const {
    if (!has_long_chars_) return first_bytes;
    for (int i = 0; i < 3; ++i) first_bytes |= Up(first_bytes) & continuation_;
    return first_bytes;
  }

  // Bytes of `runs` from each seed in them to the end of its run.
  TOK_WARP_METHOD Mask FillUp(UpFill fill, const Mask& seeds, const Mask& runs) {
    const bool comes_in = (in_.up >> fill & 1) != 0;
    const Mask from = runs & ((seeds & warp_.AllButLane(0)) | warp_.AtLane(0, comes_in ? 1u << 31 : 0));
    const Mask links = runs & ~begins_ & warp_.AllButLane(0);
    const Mask carried = Up(from) & links;
    Mask filled = from;
    if (warp_.Any(carried)) {
      const Mask sum = warp_.AddUp(links, carried);
      filled = from | (((sum ^ links) | carried) & links);
    }
    summary_.up |= static_cast<uint8_t>((warp_.InLane(kLastUpLane, filled) >> 31) << fill);
    summary_.up_passes |= static_cast<uint8_t>(AreAllRun(links, 1, kLastUpLane) << fill);
    return filled;
  }
  // And to its beginning.
  TOK_WARP_METHOD Mask FillDown(DownFill fill, const Mask& seeds, const Mask& runs) {
    const bool comes_in = (in_.down >> fill & 1) != 0;
    const Mask from =
        (seeds & runs & warp_.AllButLane(kLanes - 1)) | warp_.AtLane(kLanes - 1, comes_in ? 1u : 0);
    const Mask links = runs & ~ends_ & warp_.AllButLane(kLanes - 1);
    const Mask carried = Down(from) & links;
    Mask filled = from;
    if (warp_.Any(carried)) {
      const Mask sum = warp_.AddDown(links, carried);
      filled = from | (((sum ^ links) | carried) & links);
    }
    summary_.down |= static_cast<uint8_t>((warp_.InLane(kFirstLane, filled) & 1) << fill);
    summary_.down_passes |= static_cast<uint8_t>(AreAllRun(links, kFirstLane, kBehindLane - 1) << fill);
    return filled;
  }

  // Starts of \p{N}{1,3} groups.
  TOK_WARP_METHOD Mask TripleStarts(const ClassMasks<Mask>& m) {
    if (!warp_.Any(m.digit)) return m.digit;
    const Mask first_bytes = m.digit & ~continuation_;
    const Mask linked = m.digit & Behind(m.digit);
    // Of the run that reaches a lane's end: how many characters, and whether it fills the lane.
    const Value<uint32_t> tail = warp_.Map(
        [](uint32_t first, uint32_t digit, uint32_t link) {
          const unsigned n_linked = CountLeadingOnes(link);
          if (n_linked == 32) return CountBits(first) % 3 | 4u;
          if ((digit >> 31) == 0) return 0u;
          return CountBits(first >> (31 - n_linked)) % 3;
        },
        first_bytes, m.digit, linked);
    const Value<uint32_t> n_before = warp_.CountUp(tail, in_.n_numbers);
    const uint32_t last = warp_.InLane(kLastUpLane, warp_.CountUp(tail, 0, /*is_inclusive=*/true));
    summary_.n_numbers = static_cast<uint8_t>(last);
    summary_.numbers_pass = AreAllRun(linked, 1, kLastUpLane);
    return warp_.Map([](uint32_t first, uint32_t link, uint32_t n) { return TriplesInLane(first, link, n); },
                     first_bytes, linked, n_before);
  }

  TOK_WARP_METHOD Contractions FindContractions(const Mask& candidates, bool ignore_case) const {
    if (!warp_.Any(candidates)) return {candidates, candidates, candidates};
    const Mask begins_next = warp_.FromLaneBehind(begins_);
    const auto found = warp_.Map(
        [ignore_case](const TextWord& word, uint32_t ahead, uint32_t begins, uint32_t next, uint32_t asked) {
          return FindInLane(word, ahead, uint64_t{next} << 32 | begins, asked, ignore_case);
        },
        text_, ahead_, begins_, begins_next, candidates);
    const auto low = [](uint64_t bits) { return static_cast<uint32_t>(bits); };
    const Mask spilled = warp_.FromLaneBefore(warp_.Map(
        [](const LaneContractions& lane) {
          return static_cast<uint32_t>(lane.inside >> 32) | static_cast<uint32_t>(lane.behind >> 32) << 16;
        },
        found));
    return {warp_.Map([low](const LaneContractions& lane) { return low(lane.at); }, found),
            warp_.Map([low](const LaneContractions& lane) { return low(lane.inside); }, found) |
                warp_.Map([](uint32_t bits) { return bits & 0xFFFF; }, spilled),
            warp_.Map([low](const LaneContractions& lane) { return low(lane.behind); }, found) |
                warp_.Map([](uint32_t bits) { return bits >> 16; }, spilled)};
  }
  // Contractions are pieces.
  TOK_WARP_METHOD Mask ApplyContractions(const Mask& starts, const Contractions& found) const {
    return (starts & ~found.inside) | found.at | found.behind;
  }

 private:
  // By one byte, whatever documents there are.
  TOK_WARP_METHOD Mask Up(const Mask& mask) const {
    return warp_.Map([](uint32_t bits, uint32_t before) { return bits << 1 | before >> 31; }, mask,
                     warp_.FromLaneBefore(mask));
  }
  TOK_WARP_METHOD Mask Down(const Mask& mask) const {
    return warp_.Map([](uint32_t bits, uint32_t behind) { return bits >> 1 | behind << 31; }, mask,
                     warp_.FromLaneBehind(mask));
  }
  TOK_WARP_METHOD bool AreAllRun(const Mask& links, unsigned first_lane, unsigned last_lane) const {
    const uint32_t lanes = (~0u >> (kLanes - 1 - last_lane + first_lane)) << first_lane;
    return (warp_.Ballot(warp_.Map([](uint32_t bits) { return bits == ~0u; }, links)) & lanes) == lanes;
  }

  const Warp& warp_;
  const Value<TextWord>& text_;
  Mask ahead_, begins_, continuation_, ends_;
  Carries in_;
  ChunkSummary summary_;
  bool has_long_chars_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_CHUNK_OPS_H_
