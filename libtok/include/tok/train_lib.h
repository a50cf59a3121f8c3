// tok/train_lib.h: the Less-is-Better trainer (LiB) and its segmenter: units that may be parts of words, words or several
// words, learned by reading, without counts.
//
// Model: an ordered list of units, best first (rank = index). Reading a sentence cuts it greedily into chunks, the longest
// unit each time; neighbouring chunks are memorised as new units at random, on probation; each chunk races against the
// second longest unit at its place, and the one that needs fewer chunks until both ends meet (then the smaller sum of ranks)
// moves towards the head of the list. After each article (some sentences) what was on probation too long is forgotten,
// rewards move units, and the end of the list goes on probation. Units still on probation at the end are dropped.
// Source: Yang (2024), "Rethinking Tokenization: Crafting Better Tokenizers for Large Language Models", arXiv 2403.00417;
// Yang, Frank, van den Bosch (2020), "Less is Better: A cognitively inspired unsupervised model for language segmentation".
// What those leave open is decided as follows. An article is `sentences_per_step` sentences of the corpus in a row, the
// last one maybe fewer. A chunk's neighbour to the right is the longest unit there, else one symbol, as it was when
// the chunk was read. A unit memorised because its context came again carries no context itself. Sums of ranks take the
// rank that a chunk had when its path reached it; a symbol that was no unit then adds a chunk and no rank. Evaluations
// that end together reward in the order in which they began.
// Units: symbols are code points or bytes; ranks and steps count from 0; spans are bytes.
// Errors: TOK-E040 for options without sense, TOK-E010 for a sentence that is not UTF-8 (code points), TOK-E030 above
// 2^32 - 2 bytes a sentence or nodes of the trie of units.
// Cost: a step is O(n * m) in the worst case, n the bytes of its sentences and m those of the longest unit, and close to
// O(n) on text, plus O(log units) for each reward: evaluations that reach the same place go on as one. Memory: about 50
// bytes per byte of all units (which share prefixes), 130 per unit, and some 40 per byte of the longest sentence. Nothing
// recurses.
// Threads: one; reading is sequential by nature. Calls may run side by side.
// Determinism: the same sentences and options give the same units on every machine: one SplitMix64 stream, seeded by the
// call, shuffles the articles before each pass and then decides, once per unit read that has a left neighbour, whether
// to memorise.
// Not promised: that the same seed gives the same units in another version, or those of the author's program.
// Example:
//   absl::StatusOr<tok::LibLexicon> lexicon = tok::TrainLib(sentences, {.seed = 1});
//   absl::StatusOr<tok::LibSegmenter> segmenter = tok::LibSegmenter::Create(*lexicon);
//   absl::StatusOr<std::vector<tok::LibChunk>> chunks = segmenter->Segment("you want to see the book");
#ifndef TOK_TRAIN_LIB_H_
#define TOK_TRAIN_LIB_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

enum class LibSymbol : uint8_t { kCodePoint, kByte };

// How steps take the articles of the corpus. (Drawn anew at each step, some came up again within the life of a unit and
// were learned by heart: on 1 MB of prose the seed then decided 2% of the tokens and 11% of the types, shuffled 0.7% and 2%.)
enum class LibArticleOrder : uint8_t {
  kShuffled,    // pass after pass over the corpus, each in a new random order
  kSequential,  // pass after pass in order
};

// Names as in the paper's program, whose defaults these are; its demo ran with out_rate 0.01, life 3 and 200 sentences.
struct LibOptions {
  LibSymbol symbol = LibSymbol::kCodePoint;
  double in_rate = 0.25;       // chance that two neighbouring chunks are memorised as one unit; 0 to 1
  double out_rate = 1e-4;      // share of the list, from its end, that goes on probation after a step; 0 to 1
  uint32_t life = 10;          // steps that a unit may stay on probation; at least 1
  double update_rate = 0.1;    // a reward moves a unit of rank i by floor(i * update_rate) + 1; 0 to 1
  uint64_t max_chunk_len = 0;  // symbols of the longest unit; 0: no limit
  bool inspect_context =
      true;  // a unit leaves probation when its context changes; false: when it is met again
  uint64_t n_steps = 501;
  uint64_t sentences_per_step = 500;  // at least 1
  LibArticleOrder order = LibArticleOrder::kShuffled;
  uint64_t seed = 0;
};

struct LibProgress {
  uint64_t n_steps_done = 0, n_steps = 0;
  uint64_t n_units = 0, n_on_probation = 0;             // n_units includes those on probation
  uint64_t n_sentences = 0, n_bytes = 0, n_chunks = 0;  // read so far
};
// Called after each step, by the thread that trains. False: stop, and return what has been learned so far.
using LibProgressCallback = std::function<bool(const LibProgress&)>;

struct LibLexicon {
  LibSymbol symbol = LibSymbol::kCodePoint;
  std::vector<std::string> units;  // distinct; rank = index
  friend bool operator==(const LibLexicon&, const LibLexicon&) = default;
};

// The sentences must stay where they are during the call.
absl::StatusOr<LibLexicon> TrainLib(std::span<const std::string_view> sentences,
                                    const LibOptions& options = {}, const LibProgressCallback& progress = {});

// ---- Segmenting ---------------------------------------------------------------------------------------------------
inline constexpr uint32_t kNoLibRank = 0xFFFFFFFFu;

struct LibChunk {
  uint64_t begin, end;  // bytes of the text
  uint32_t rank;        // of the unit; kNoLibRank for a symbol that is none
  friend bool operator==(const LibChunk&, const LibChunk&) = default;
};

// How LiB cuts text with a finished lexicon: at each place the longest unit races against the second longest; both go on
// with longest units until their ends meet; the path with fewer chunks wins, then the one with the smaller sum of ranks,
// then the longest unit's; then on from where they met.
// Cost: O(n * longest unit) in the worst case, close to O(n) on text.
// Threads: immutable and shareable. Copying is cheap.
class LibSegmenter {
 public:
  struct Options {
    // Each chunk that is two units end to end, both of a smaller rank than its own, becomes these two (of several such
    // cuts the one with the smallest sum of ranks, then the first). Not repeated on the parts.
    bool decompose = false;
  };
  // Errors: TOK-E021 for units that are empty, occur twice or are not UTF-8 (code points); TOK-E030 above 2^31 bytes.
  static absl::StatusOr<LibSegmenter> Create(const LibLexicon& lexicon, const Options& options);
  static absl::StatusOr<LibSegmenter> Create(const LibLexicon& lexicon) { return Create(lexicon, Options()); }

  // The chunks tile the text. Errors: TOK-E010 (code points), with the byte.
  absl::StatusOr<std::vector<LibChunk>> Segment(std::string_view text) const;

 private:
  struct Tables;
  explicit LibSegmenter(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const Tables> tables_;
};

// ---- As a tokenizer -----------------------------------------------------------------------------------------------
// None of libtok's models races two paths, so none segments as LibSegmenter does. A Unigram model over the units comes
// nearest: scores -(2^28 + rank) make it find what the race only looks for, the path of fewest units and, among these,
// the smallest sum of ranks. Measured, it lacks 6% of LibSegmenter's boundaries in prose that the units were learned from
// (46% of its lines differ; 0.5% fewer tokens), 10% in other prose (67%; 0.8%), 0.1% in short utterances; the longest unit
// each time would lack 8% of those in the prose learned from. The specification says in its warnings what it is.
// Ids are ranks, then single bytes for symbols that are no units (the first byte of a character costs as much as a unit
// ranked behind all, the others nothing), so any text can be encoded, and tokenizer.json and .tok carry the lexicon whole:
// LibLexiconOf gets it back, and LibSegmenter then segments exactly. A SentencePiece .model cannot hold it (no byte-level
// vocabulary, sums in single precision), nor .tiktoken (no scores).
// Errors: as LibSegmenter::Create; TOK-E030 for more units than there are ids.
absl::StatusOr<TokenizerSpec> FewestUnitsSpec(const LibLexicon& lexicon);

// The best units, as many as give FewestUnitsSpec at most n_tokens tokens. LiB learns a list without a size, in order of use,
// whose end it doubts first: what a smaller vocabulary keeps is the begin of it. Errors: TOK-E040 below 256.
absl::StatusOr<LibLexicon> BestUnits(const LibLexicon& lexicon, uint64_t n_tokens);

// The lexicon of a specification that FewestUnitsSpec made, also after a file. Errors: TOK-E022 for any other.
absl::StatusOr<LibLexicon> LibLexiconOf(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_TRAIN_LIB_H_
