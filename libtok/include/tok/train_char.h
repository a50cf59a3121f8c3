// tok/train_char.h: trains BPE with short tokens, for texts where each character matters: spelling, OCR repair, names.
//
// Model: BPE over bytes whose tokens hold at most max_length symbols, over pieces of text in a normal form. Over text rules
// the symbols are characters.
// Source: Bommarito, Katz and Bommarito, 2025, "KL3M Tokenizers: A Family of Domain-Specific and Character-Level Tokenizers
// for Legal, Financial, and Preprocessing Applications". Its 4k and 8k tokenizers hold up to 3 bytes a token, that of 16k up
// to 4; whole_tokens and pad_to_power_of_two of BpeTrainerOptions are from there too. Different on purpose: their alphabet
// had characters besides that stand for no byte, so that no text has them, and their sizes did not count special tokens.
// Errors, cost, threads, determinism: those of TrainBpe (tok/train_bpe.h); TOK-E040 for a length below 2.
// Example:
//   auto counts = tok::CountPieces({"corpus.txt"}, *tok::CharacterRules(), {});
//   auto trained = tok::TrainCharacters(*counts, {.bpe = {.vocab_size = 4083, .pad_to_power_of_two = true}});
#ifndef TOK_TRAIN_CHAR_H_
#define TOK_TRAIN_CHAR_H_

#include <cstdint>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// The source's: GPT-2's pattern over bytes, after NFKC.
absl::StatusOr<PieceRules> CharacterRules();

struct CharacterTrainerOptions {
  BpeTrainerOptions bpe;    // but for max_token_length
  uint32_t max_length = 3;  // symbols in a token, at most
};

// As the one for TrainBpe (tok/train_bpe.h).
absl::Status CheckTrainerOptions(const CharacterTrainerOptions& options, VocabularyAlphabet alphabet);

absl::StatusOr<BpeTraining> TrainCharacters(const PieceCounts& counts,
                                            const CharacterTrainerOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_CHAR_H_
