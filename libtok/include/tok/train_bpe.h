// tok/train_bpe.h: trains byte-pair encoding from piece counts.
//
// Model: special tokens first, then the alphabet, then one token a merge, until the vocabulary has vocab_size tokens or no pair
// is left. A merge takes the pair of tokens with the highest count; of equal counts the one with the smaller left id, then
// the smaller right id. Counts include overlapping places ("aaa" holds "aa" twice) and are 64 bits wide. Ids, merges and
// vocabulary are those of Hugging Face's BpeTrainer (tokenizers 0.23) over the same pieces with the same options, wherever
// its answer does not depend on the order of a hash map or on its 32-bit counts.
// Source: Sennrich, Haddow and Birch, 2016, "Neural Machine Translation of Rare Words with Subword Units"; byte level:
// Radford et al., 2019, "Language Models are Unsupervised Multitask Learners".
// Continued: the base's merges are made first, on each piece by itself; then the merges go on as above.
// Errors: TOK-E040 for options that make no sense together, TOK-E030 for more than 2^32 symbols in different pieces and for a
// memory budget that the vocabulary alone exceeds, TOK-E003 for temporary files, TOK-E061 when progress says false.
// Cost: about 50 ns a symbol of the different pieces. Memory: about 10 bytes a symbol beside the counts.
// Determinism: the same result for any number of threads, any memory budget and any order of pieces.
// Example:
//   auto rules = tok::ByteLevelRules("o200k");
//   auto counts = tok::CountPieces({"corpus.txt"}, *rules, {});
//   auto trained = tok::TrainBpe(*counts, {.vocab_size = 50000});
//   if (!trained.ok()) return trained.status();
//   tok::WriteTokenizer(trained->spec, tok::Format::kTokenizerJson, "tokenizer.json");
#ifndef TOK_TRAIN_BPE_H_
#define TOK_TRAIN_BPE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct BpeTrainingReport {
  uint64_t n_unique_pieces = 0;
  uint64_t n_symbols = 0;  // in different pieces
  uint64_t n_alphabet = 0;
  uint64_t n_merges = 0;
  uint64_t last_count = 0;  // of the last merge
  uint64_t n_tied = 0;      // merges of that count: the order among them says nothing about the corpus
  // Two pairs made the same token (affixes, or special tokens that can be learned), as in Hugging Face: the slower way was
  // taken.
  bool has_collisions = false;
};

// A training that is not over: a tokenizer by itself, and what it takes to go on.
struct TrainingCheckpoint {
  TokenizerSpec spec;
  std::vector<BpeTrainingReport> stages;  // so far; the last one is under way
  std::string job;                        // options, rules and corpus, "name value" a line
};

struct MergeProgress {
  uint64_t n_tokens = 0, vocab_size = 0;
  uint64_t last_count = 0;  // of the last merge; 0: none yet
  bool ends_stage = false;  // of several: text is read before the next merge
  // The training so far, for `resume` or as a tokenizer; to be called before progress returns. Empty where training cannot
  // be resumed: after two pairs made the same token.
  std::function<absl::StatusOr<TrainingCheckpoint>()> checkpoint;
};

struct BpeTrainerOptions {
  uint32_t vocab_size = 30000;  // with special tokens, alphabet and whole tokens, before padding
  uint64_t min_frequency = 0;   // no merge of a pair that occurs less often
  // Hugging Face's: tokens are shorter than this, in symbols of the alphabet; those of two symbols are always allowed. 0: no
  // limit.
  uint32_t max_token_length = 0;
  // Byte-level rules: all 256 bytes are tokens, whether they occur or not. Text: nothing.
  bool whole_byte_alphabet = true;
  std::vector<std::string>
      initial_alphabet;  // characters (or bytes) that are tokens whether they occur or not
  // At most so many symbols: the rarest are dropped from the text (of equals, the later ones). 0: no limit.
  uint32_t limit_alphabet = 0;
  std::vector<std::string> special_tokens;  // ids 0, 1, ...
  std::string continuing_subword_prefix;    // text rules only: of symbols that do not begin a piece ("##")
  std::string end_of_word_suffix;           // text rules only: of the symbol that ends a piece ("</w>")
  // Text rules only: stands for characters outside the alphabet. A special token, or added in front of them. Without one the
  // tokenizer leaves such characters out.
  std::optional<std::string> unk_token;
  bool fuse_unk = false;  // a run of them is one token
  // Found in text before it is cut, and kept whole. Their ids stand behind all others, or are those of equal tokens that
  // training makes; the size counts them. Training itself takes no notice of them.
  std::vector<std::string> whole_tokens;
  // Afterwards, more such tokens, of 2, 3, ... spaces and line feeds, until the size is a power of two.
  bool pad_to_power_of_two = false;
  // Continued training: the tokenizer to begin with in place of an alphabet. All its ids, merges and steps stay as they are;
  // new ids come after its last one, new merges after its own, and vocab_size counts its ids, missing ones too. Bytes that
  // it does not have are added (whole_byte_alphabet) or vanish from pieces. What is a token of it is not made again.
  std::optional<TokenizerSpec> base;
  // Where an earlier run of the same training stopped: the result is as if it had not. TOK-E040 if it was another training.
  std::optional<TrainingCheckpoint> resume;
  unsigned n_threads = 0;  // 0: all that affinity and the cgroup quota allow
  // Anonymous memory of the training, counts that were made within the same budget included. What goes beyond lies in
  // nameless files in $TMPDIR (else /var/tmp); the result is the same. 0: no limit.
  uint64_t n_memory_bytes = 0;
  // Asked before the first merge and after some, every tenth of a second or more often while they are made: false ends training.
  // May be empty.
  std::function<bool(const MergeProgress&)> progress;
};

struct BpeTraining {
  TokenizerSpec spec;
  BpeTrainingReport report;
};

// What TrainBpe refuses whatever the text is, to be asked before it is counted: TOK-E040 for options that make no sense,
// TOK-E022 for a base that cannot be continued, TOK-E030, naming the least budget, for too few n_memory_bytes. `alphabet`: of
// the pieces to come.
absl::Status CheckTrainerOptions(const BpeTrainerOptions& options, VocabularyAlphabet alphabet);

absl::StatusOr<BpeTraining> TrainBpe(const PieceCounts& counts, const BpeTrainerOptions& options);

// What the pieces for continued training are to be cut by. Errors: TOK-E022 for a tokenizer that cannot be continued exactly:
// other than byte-level BPE with merges or ranks.
absl::StatusOr<PieceRules> RulesOfBase(const TokenizerSpec& base);

// A checkpoint's file is a .tok image, a tokenizer like any other, with a section more. Writing is atomic. Errors: TOK-E003;
// TOK-E001, E002, and E020 for what is no checkpoint.
absl::Status WriteCheckpoint(const TrainingCheckpoint& checkpoint, const std::string& path);
absl::StatusOr<TrainingCheckpoint> ReadCheckpoint(const std::string& path);

}  // namespace tok

#endif  // TOK_TRAIN_BPE_H_
