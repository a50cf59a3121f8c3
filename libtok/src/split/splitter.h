// split/splitter.h: cuts text into pieces that tile it: the fast interface behind the encode loop.
//
// Model: a splitter reads text from `state.position` and writes the END offset of each piece (pieces tile the text);
// the state is a value that can be copied and resumed. One call fills hundreds of boundaries: no callback and no
// virtual call per piece.
// Text may hold invalid UTF-8, unless NeedsValidUtf8(): each invalid byte is a character of no class.
#ifndef TOK_SRC_SPLIT_SPLITTER_H_
#define TOK_SRC_SPLIT_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "src/base/instruction_set.h"
#include "src/split/regex_ast.h"
#include "tok/status.h"

namespace tok {

struct SplitState {
  size_t position = 0;  // everything before is already cut
  // Surely no character of the last Fill's pieces has more than two bytes (false: nobody looked).
  bool only_short_characters = false;
};

class Splitter {
 public:
  virtual ~Splitter() = default;
  // Writes up to `capacity` piece ends (absolute offsets into text, increasing) and advances the state. Returns how
  // many; 0 only at the end of the text.
  virtual size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const = 0;
  // True if Fill() must not be given text with invalid UTF-8.
  virtual bool NeedsValidUtf8() const { return false; }
  // For `tok inspect`: "o200k mask scanner (avx512)".
  virtual std::string Name() const = 0;
  // A place to cut [0, text.size()) into two independently splittable parts, at or before `limit` and after `begin`;
  // `begin` if there is none. Pieces of the whole = pieces of the left part + pieces of the right part.
  virtual size_t SafeCut(std::string_view text, size_t begin, size_t limit) const {
    (void)text, (void)limit;
    return begin;
  }
};

// The scanner families with hand-written splitters. Each but the last equals one published regular expression exactly, or a
// chain of them.
enum class PatternFamily : uint8_t {
  kGpt2,      // r50k, p50k, gpt2
  kCl100k,    // tiktoken's cl100k_base
  kLlama3,    // the Hugging Face spelling of cl100k (digits 1-3)
  kQwen,      // the same with single digits
  kO200k,     // o200k_base, o200k_harmony (tiktoken and Hugging Face spellings)
  kDeepSeek,  // DeepSeek V3 and R1: DeepSeekPatterns()
  kSubwords,  // SuperBPE, stage 1: o200k without contractions
  kSuperwords,  // SuperBPE, stage 2: digits, symbols and trailing blanks; all between them, words and blanks, is one piece
  kSpacedWords,  // before each blank that follows no white space: what pieces of kSuperwords are looked up by
};

// The family whose pattern is exactly `regex`, as `dialect` reads it, in any of its published spellings; false if
// none.
bool RecognizePattern(std::string_view regex, RegexDialect dialect, PatternFamily* family);
// The patterns of kDeepSeek in their published spelling: each cuts further what the one before it left, and the text
// between matches is kept (Isolated).
std::span<const std::string_view> DeepSeekPatterns();
// The regular expression of a family, spelled for a dialect; empty for kDeepSeek, which has several, and kSpacedWords.
std::string_view PatternOf(PatternFamily family, RegexDialect dialect);
// The same by short name: gpt2 cl100k o200k llama3 qwen subwords superwords; empty if unknown.
std::string_view PatternByName(std::string_view name, RegexDialect dialect = RegexDialect::kRust);

// The scanner of the chosen instruction set. Errors: those of ChosenInstructionSet.
absl::StatusOr<std::shared_ptr<const Splitter>> MakeScannerSplitter(PatternFamily family);
// That of any (tests, benchmarks); null where this machine does not run it.
std::shared_ptr<const Splitter> MakeScannerSplitter(PatternFamily family, InstructionSet set);
// The short, obvious scalar scanner that the fast ones are held equal to.
std::shared_ptr<const Splitter> MakeReferenceSplitter(PatternFamily family);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_SPLITTER_H_
