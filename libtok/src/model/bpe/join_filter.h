// model/bpe/join_filter.h: which neighbouring characters some token of a byte-level vocabulary holds side by side.
//
// Model: merging makes tokens only. Where no token has the two characters side by side, no merge ever crosses the place
// between them, so a piece may be cut there and its parts merged on their own: the ids are the same. In scripts without
// spaces most neighbours are like that, and a sentence falls into short parts that a cache knows.
// NextCuts asks about two characters; NextFineCuts also about the ones around them, which finds nearly all places that no
// token reaches across and takes twice as long: for what is worth it because nobody has met it before.
// Covered are characters of three bytes (U+0800 to U+FFFF: Han, kana, Hangul, Thai, Devanagari, ...); between others the
// answer is always that they may join. Tokens that begin or end inside a character count for every character they fit.
// The answer may be a false yes, which only loses a cut, never a false no.
// Cost: two bits a pair of characters, without a branch on them; 72 KiB, and 256 KiB for those around them, which only
// byte-level BPE asks for. Build: one pass over the vocabulary.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
#define TOK_SRC_MODEL_BPE_JOIN_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "src/base/instruction_set.h"
#include "src/model/bpe/join_layout.h"
#include "tok/status.h"
#include "tok/vocabulary.h"

namespace tok {

// Takes the names of its layout.
class JoinFilter : JoinLayout {
 public:
  static JoinFilter Build(const Vocabulary& vocabulary);
  // Borrows the words of a filter, which `owner` keeps alive. Errors: TOK-E020 if there are too few or too many.
  static absl::StatusOr<JoinFilter> FromStorage(std::span<const uint64_t> words,
                                                std::shared_ptr<const void> owner);
  std::span<const uint64_t> words() const { return words_; }

  // Whether a part of a longer piece, cut by NextCuts, may have these bytes: one of its ends is a character of three.
  static bool MayBePart(std::string_view bytes) {
    const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
    return bytes.size() >= 3 && (IsCharacter(ThreeBytes(p)) || IsCharacter(ThreeBytes(p + bytes.size() - 3)));
  }

  // Writes the next places behind `begin` (0 or a place where it was cut) where `piece` may be cut, `base` added to each:
  // as many as `cuts` holds. Returns how many; fewer are the last ones, and what is behind them in `cuts` may be
  // overwritten. `readable`: bytes that may be read from piece.data() on (at least piece.size()).
  size_t NextCuts(std::string_view piece, size_t readable, size_t begin, size_t base,
                  std::span<size_t> cuts) const {
    return next_cuts_(*this, piece, readable, begin, base, cuts);
  }
  // The same, by all four characters around a place: nearly always more cuts. Which they are may depend on `begin`.
  size_t NextFineCuts(std::string_view piece, size_t begin, size_t base, std::span<size_t> cuts) const;
  // The instruction set of NextCuts is the chosen one (base/instruction_set.h) unless this is called (tests).
  void Use(InstructionSet set) { next_cuts_ = NextCutsOf(set); }

 private:
  static uint32_t ThreeBytes(const unsigned char* p) {
    return uint32_t{p[0]} | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16;
  }
  static uint32_t FourBytes(const unsigned char* p) {
    uint32_t bytes;
    std::memcpy(&bytes, p, sizeof(bytes));
    return bytes;
  }
  // The character with which `bytes` begin, kOther or, for no bytes, kNothing.
  static uint32_t FirstOf(std::string_view bytes) {
    if (bytes.empty()) return kNothing;
    if (bytes.size() < 3) return kOther;
    const uint32_t three = ThreeBytes(reinterpret_cast<const unsigned char*>(bytes.data()));
    return IsCharacter(three) ? three : kOther;
  }
  bool Has(size_t bit) const { return (words_[bit / 64] >> (bit % 64) & 1) != 0; }
  uint64_t String(uint32_t first, uint32_t second, uint32_t third) const {
    const size_t bit = StringBit(first, second, third);
    return words_[bit / 64] >> (bit % 64);
  }
  bool MayJoin(uint32_t left, uint32_t right) const {
    return Has(PairBit(left, right)) | Has(PartBit(left, right));
  }
  static void AddToken(std::string_view token, uint64_t* words);
  static void AddPair(std::string_view token, size_t place, uint64_t* words);

  using NextCutsFunction = size_t(const JoinFilter&, std::string_view piece, size_t readable, size_t begin,
                                  size_t base, std::span<size_t> cuts);
  static NextCutsFunction* NextCutsOf(InstructionSet set);
  static NextCutsFunction NextCutsScalar, NextCutsAvx2;
  // Goes on at `i`, with `n` cuts found. `left`: the character that ends there; 0 if none of three bytes does.
  size_t FinishCuts(std::string_view piece, size_t i, uint32_t left, size_t base, size_t n,
                    std::span<size_t> cuts) const;

  NextCutsFunction* next_cuts_ = NextCutsOf(ChosenInstructionSet().value_or(InstructionSet::kScalar));
  std::span<const uint64_t> words_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
