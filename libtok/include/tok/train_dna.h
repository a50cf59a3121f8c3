// tok/train_dna.h: trains BPE over nucleotide sequences: four letters and nothing that cuts.
//
// Model: BPE over A, C, G, T; a sequence is one piece, as long as a chromosome. Other letters are no symbols: DnaRules says
// what they do, to the training and to the tokenizer that comes out, in which a run of them is the unknown token.
// Source: Zhou, Ji, Li, Dutta, Davuluri and Liu, 2024, "DNABERT-2: Efficient Foundation Model and Benchmark for Multi-Species
// Genome", whose authors trained 4096 tokens with Hugging Face's BpeTrainer; of equal sequences the merges are its.
// Input: FASTA files read with DocumentSplit::Kind::kFasta, or one sequence a document.
// Errors: those of TrainBpe (tok/train_bpe.h); TOK-E040 for options that are part of what this is; TOK-E022 for pieces of raw
// bytes.
// Cost, threads, determinism: those of TrainBpe. Memory: about 11 bytes a letter, both strands 22.
// Example:
//   tok::CountPiecesOptions counting{.split = {tok::DocumentSplit::Kind::kFasta}};
//   auto counts = tok::CountPieces({"genome.fa.gz"}, *tok::DnaRules(), counting);
//   auto trained = tok::TrainDna(*counts, {.bpe = {.vocab_size = 4096}});
#ifndef TOK_TRAIN_DNA_H_
#define TOK_TRAIN_DNA_H_

#include <cstdint>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// Letters but A, C, G, T: N and the other letters for more than one base, U, gaps.
enum class AmbiguousBases : uint8_t {
  kCut,     // end the sequence
  kRemove,  // vanish: what stood beside them is neighbours
};

// Small letters, with which genomes mark repeats.
enum class SoftMask : uint8_t {
  kFold,  // are the same bases
  kCut,   // are no bases: repeats are left out
};

struct DnaRulesOptions {
  AmbiguousBases ambiguous = AmbiguousBases::kCut;
  SoftMask soft_mask = SoftMask::kFold;
};
absl::StatusOr<PieceRules> DnaRules(const DnaRulesOptions& options = {});

struct DnaTrainerOptions {
  BpeTrainerOptions bpe;  // unk_token: "[UNK]" if none is given; nothing about the alphabet
  // Learns from the reverse complement of each sequence too, as if it stood beside it.
  bool both_strands = false;
};

absl::StatusOr<BpeTraining> TrainDna(const PieceCounts& counts, const DnaTrainerOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_DNA_H_
