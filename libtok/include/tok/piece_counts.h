// tok/piece_counts.h: how often each piece occurs in a corpus: what every trainer starts from.
//
// Model: the multiset of pieces that a splitter cuts out of documents, as unique byte strings with counts. Adding up is all
// that ever happens to counts: any split of a corpus into parts, counted in any order by any number of threads or machines
// and merged, gives the same counts. Counts cut by different rules are not to be mixed: PieceRules and the unit of sequence
// travel with them.
// Units: counts are u64 (a sum beyond is TOK-E030); bytes are raw for byte-level rules (VocabularyAlphabet::kBytes), else
// text as the normalizer left it.
// Threads: immutable once made; plain values.
#ifndef TOK_PIECE_COUNTS_H_
#define TOK_PIECE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/corpus.h"
#include "tok/encode_files.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

struct CountedPiece {
  std::string_view bytes;
  uint64_t count;
};

// What decides where pieces begin and end.
struct PieceRules {
  UnicodeProfileName unicode_profile = UnicodeProfileName::kHuggingFace;
  VocabularyAlphabet alphabet = VocabularyAlphabet::kBytes;
  std::vector<normalizer::Step> normalizers;
  std::vector<pretokenizer::Step> pre_tokenizers;
};

class PieceCounts {
 public:
  struct Origin {
    PieceRules rules;
    std::string
        sequence_unit;  // "file", "lines", "lines-lf", "jsonl:FIELD", "sep:STR": what was one document
    uint64_t n_documents = 0;
    uint64_t n_bytes = 0;  // of the documents
  };

  PieceCounts() = default;
  // Views into storage that `owner` keeps alive: piece i is blob[ends[i-1] .. ends[i]), with counts[i] > 0. Pieces differ.
  PieceCounts(Origin origin, std::string_view blob, std::span<const uint64_t> ends,
              std::span<const uint64_t> counts, std::shared_ptr<const void> owner)
      : origin_(std::move(origin)), blob_(blob), ends_(ends), counts_(counts), owner_(std::move(owner)) {}

  const Origin& origin() const { return origin_; }
  size_t n_unique() const { return ends_.size(); }
  size_t n_unique_bytes() const { return blob_.size(); }
  CountedPiece operator[](size_t i) const {
    const uint64_t begin = i == 0 ? 0 : ends_[i - 1];
    return {blob_.substr(begin, ends_[i] - begin), counts_[i]};
  }
  // What the constructor was given.
  std::string_view blob() const { return blob_; }
  std::span<const uint64_t> ends() const { return ends_; }
  std::span<const uint64_t> counts() const { return counts_; }

 private:
  Origin origin_;
  std::string_view blob_;
  std::span<const uint64_t> ends_, counts_;
  std::shared_ptr<const void> owner_;
};

// The rules of byte-level tokenizers. `pattern`: gpt2 cl100k o200k llama3 qwen deepseek, none (a document is one piece), or a
// regular expression as Hugging Face reads it, whose matches are pieces, as is what lies between them. Errors: those of the
// pattern, TOK-E022, E024, E030.
absl::StatusOr<PieceRules> ByteLevelRules(std::string_view pattern);

// The rules of tokenizers whose tokens are text. `pattern`: those above, or
//   metaspace         words, each with the space before it as U+2581, as SentencePiece has them
//   bert              words and single punctuation marks, without white space
//   whitespace        words and runs of other characters, without white space
//   whitespace-split  what stands between white space
absl::StatusOr<PieceRules> TextRules(std::string_view pattern);

// Steps that are known by a name: normalizers (nfc nfd nfkc nfkd lowercase strip-accents bert bert-cased) and ways to cut numbers,
// before the pattern sees them, into digits ("1"), threes ("3"), or threes from the right end, as numbers are read ("r2l3").
// Errors: TOK-E040, naming those that there are.
std::vector<std::string> NormalizerNames();
absl::StatusOr<normalizer::Step> NormalizerByName(std::string_view name);
std::vector<std::string> DigitCutNames();
absl::Status CutDigitsFirst(std::string_view how, PieceRules* rules);

// The names that `pattern` may be: to ByteLevelRules (kBytes) or TextRules (kText).
std::vector<std::string> PatternNames(VocabularyAlphabet alphabet);

struct CountPiecesOptions {
  DocumentSplit split;  // what one document is: no piece reaches across
  Utf8Policy utf8 = Utf8Policy::kError;
  unsigned n_threads = 0;  // 0: all that affinity and the cgroup quota allow
  // Anonymous memory of the counting, its result included: pieces that do not fit go through sorted runs in nameless files in
  // $TMPDIR (else /var/tmp). The counts are the same. 0: no limit, and 1 GiB of text in flight. Compressed inputs take what
  // their format needs beside it: of zstd, 8 MiB for most files packed at its highest levels.
  uint64_t n_memory_bytes = 0;
  FileJobProgress* progress = nullptr;
  // Asked now and then, by one thread at a time: false ends the count with TOK-E061. May be empty.
  std::function<bool()> goes_on;
};

// "-" is standard input. Errors: those of CountFiles (tok/encode_files.h), of the rules, and TOK-E061; within a budget TOK-E030,
// naming the least one, or for a document that has to be rewritten or unescaped as a whole, and TOK-E003 for temporary files.
absl::StatusOr<PieceCounts> CountPieces(const std::vector<std::string>& inputs, const PieceRules& rules,
                                        const CountPiecesOptions& options);

struct PieceCounterOptions {
  // What one document is, which goes with the counts: by a name that files use for the same (DocumentSplit), the counts can be
  // added to those of files.
  std::string sequence_unit = "documents";
  Utf8Policy utf8 = Utf8Policy::kError;
  unsigned n_threads = 0;  // as above, as the others are
  uint64_t n_memory_bytes = 0;
  std::function<bool()> goes_on;
};

// Counts documents that are in memory, some at a time: the same counts as of a file of them. Calls come one after another, from
// any thread; each works with n_threads. A piece of 256 KiB of text goes to a thread at a time: a few documents a call are
// counted by one.
// Example:
//   absl::StatusOr<tok::PieceCounter> counter = tok::PieceCounter::Create(*tok::ByteLevelRules("o200k"), {});
//   while (more) absl::Status added = counter->Add(documents);
//   absl::StatusOr<tok::PieceCounts> counts = std::move(*counter).Finish();
class PieceCounter {
 public:
  // Errors: those of the rules; TOK-E030, naming the least budget.
  static absl::StatusOr<PieceCounter> Create(const PieceRules& rules, const PieceCounterOptions& options);
  PieceCounter(PieceCounter&&) noexcept;
  PieceCounter& operator=(PieceCounter&&) noexcept;
  ~PieceCounter();

  // Nothing is kept of `documents`. Errors: those of CountPieces, of the first document that has one, as "document N: byte B",
  // N counted from 0 over all calls; then also of every later call.
  absl::Status Add(std::span<const std::string_view> documents);
  // Of all that was added. To be called once, and last.
  absl::StatusOr<PieceCounts> Finish() &&;

 private:
  struct Impl;
  explicit PieceCounter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What goes with counts, as bytes: for those that keep the counts in a format of their own. Errors: TOK-E020, those of the rules.
std::string SerializeOrigin(const PieceCounts::Origin& origin);
absl::StatusOr<PieceCounts::Origin> ParseOrigin(std::string_view bytes);

// ---- Files --------------------------------------------------------------------------------------------------------
// A .pieces file is one image (base/image.h) of its own magic with the pieces in byte order, so that the same counts are the
// same bytes, whatever parts and threads they came from. It is mapped, and ready to use once checked.
// Limit (TOK-E030): the text that the counts stand for, the sum of count times length, has less than 2^63 bytes: no sum that a
// trainer makes overflows.

// Atomic; "-" is standard output. Errors: TOK-E003, TOK-E030. Memory: a copy of the counts if they are not in byte order.
absl::Status WritePieceCounts(const PieceCounts& counts, const std::string& path);

// Trusts nothing: checksums, sizes, order, counts and rules are checked (one pass). Errors: TOK-E001, E002; TOK-E020 for what
// is no such file or contradicts itself; those of the rules.
absl::StatusOr<PieceCounts> ReadPieceCounts(const std::string& path);

// TOK-E040 naming what differs, unless both were cut by the same rules out of the same kind of documents.
absl::Status CheckMergeable(const PieceCounts::Origin& a, const PieceCounts::Origin& b);

// The sums, in byte order, and of documents and bytes too; nothing of nothing. n_memory_bytes: anonymous memory beside the
// parts, as in CountPiecesOptions. Errors: TOK-E030, those of CheckMergeable; within a budget TOK-E003 for temporary files.
// Cost: one pass over the parts in step, n log n comparisons before for parts that are not in byte order.
absl::StatusOr<PieceCounts> MergePieceCounts(std::span<const PieceCounts> parts, uint64_t n_memory_bytes = 0);

// As text: "COUNT<TAB>PIECE" a line, in byte order. Tab, LF, CR and backslash are written \t \n \r \\; other control
// characters and bytes that are no UTF-8, \xHH.
std::string EscapePiece(std::string_view piece);
// Atomic; "-" is standard output. Errors: TOK-E003, E060, E030.
absl::Status WritePieceCountsTsv(const PieceCounts& counts, const std::string& path);
// All lines of all files, in any order, .gz and .zst too; a piece that occurs twice counts twice. Other bytes may be escaped
// too, and \0 is \x00. The text does not say where it is from: `origin` does. n_memory_bytes: anonymous memory, as in
// CountPiecesOptions. Errors: TOK-E001, E002, E014 (file:line), E030; within a budget TOK-E030 for a line that is longer than an
// eighth of it too, and TOK-E003 for temporary files.
absl::StatusOr<PieceCounts> ReadPieceCountsTsv(const std::vector<std::string>& paths,
                                               PieceCounts::Origin origin, uint64_t n_memory_bytes = 0);

}  // namespace tok

#endif  // TOK_PIECE_COUNTS_H_
