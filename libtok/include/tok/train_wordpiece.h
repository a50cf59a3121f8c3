// tok/train_wordpiece.h: trains a WordPiece vocabulary as Hugging Face's WordPieceTrainer does: by BPE.
//
// Model: BPE over words whose symbols, but for the first, begin with "##"; of the result only the tokens are kept. The
// tokenizer takes the longest token that begins the rest of the word, again and again; a word that cannot be written is
// unknown as a whole. (BERT's own trainer, which chose merges by likelihood, was never published.)
// Source: Schuster and Nakajima, 2012, "Japanese and Korean Voice Search"; Devlin, Chang, Lee and Toutanova, 2019, "BERT:
// Pre-training of Deep Bidirectional Transformers for Language Understanding"; the training is that of Hugging Face
// tokenizers 0.23, wherever its answer does not depend on the order of a hash map: there it numbers "##" symbols, and
// equally frequent pairs are merged in the order of those numbers.
// Errors, cost, threads, determinism: those of TrainBpe (tok/train_bpe.h), which the prefix sends the slower way; TOK-E022 for
// pieces of raw bytes.
// Example:
//   auto counts = tok::CountPieces({"corpus.txt"}, *tok::BertRules(), {});
//   auto trained = tok::TrainWordPiece(*counts, {.bpe = {.vocab_size = 30522, .special_tokens = {"[PAD]", "[UNK]"}}});
#ifndef TOK_TRAIN_WORDPIECE_H_
#define TOK_TRAIN_WORDPIECE_H_

#include <cstdint>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// BERT's: words and punctuation marks of cleaned text, without capitals and accents if `uncased`.
absl::StatusOr<PieceRules> BertRules(bool uncased = true);

struct WordPieceTrainerOptions {
  BpeTrainerOptions
      bpe;  // unk_token: "[UNK]" if none is given; continuing_subword_prefix: "##" likewise; no suffix
  uint64_t max_input_chars_per_word = 100;  // longer words are unknown
};

absl::StatusOr<BpeTraining> TrainWordPiece(const PieceCounts& counts, const WordPieceTrainerOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_WORDPIECE_H_
