#include "tok/train_dna.h"

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/piece_sums.h"

namespace tok {
namespace {

constexpr std::array<std::string_view, 4> kBases = {"A", "C", "G", "T"};

std::string_view ComplementOf(char base) {
  switch (base) {
    case 'A': return "T";
    case 'C': return "G";
    case 'G': return "C";
    case 'T': return "A";
    default: return {};
  }
}

// Pieces of other letters have none: they stay by themselves.
std::string ReverseComplement(std::string_view sequence) {
  std::string complement;
  complement.reserve(sequence.size());
  for (size_t i = sequence.size(); i > 0; --i) complement += ComplementOf(sequence[i - 1]);
  return complement;
}

PieceCounts WithReverseComplements(const PieceCounts& counts, unsigned n_threads) {
  std::vector<std::unique_ptr<CountingTable>> tables;
  tables.push_back(std::make_unique<CountingTable>());
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const std::string complement = ReverseComplement(counts[i].bytes);
    tables[0]->Add(counts[i].bytes, counts[i].count);
    if (!complement.empty()) tables[0]->Add(complement, counts[i].count);
  }
  return SumTables(std::move(tables), counts.origin(), n_threads);
}

absl::Status CheckOptions(const PieceCounts& counts, const BpeTrainerOptions& bpe) {
  if (counts.origin().rules.alphabet != VocabularyAlphabet::kText) {
    return MakeError(ErrorCode::kUnsupportedFeature, "pieces", "are raw bytes, not letters",
                     "count them with DnaRules");
  }
  if (!bpe.initial_alphabet.empty() || bpe.limit_alphabet > 0 || !bpe.continuing_subword_prefix.empty() ||
      !bpe.end_of_word_suffix.empty()) {
    return MakeError(ErrorCode::kUsage, "alphabet or affixes", "are given, and the alphabet is A, C, G, T",
                     "leave them out");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PieceRules> DnaRules(const DnaRulesOptions& options) {
  const std::string others = options.soft_mask == SoftMask::kFold ? "[^ACGTacgt]+" : "[^ACGT]+";
  TOK_ASSIGN_OR_RETURN(PieceRules rules,
                       TextRules(options.ambiguous == AmbiguousBases::kCut ? others : "none"));
  if (options.ambiguous == AmbiguousBases::kRemove) {
    rules.normalizers.push_back(normalizer::Replace{{true, others}, ""});
  }
  if (options.soft_mask == SoftMask::kFold) {
    for (const std::string_view base : kBases) {
      const std::string small(1, static_cast<char>(base[0] - 'A' + 'a'));
      rules.normalizers.push_back(normalizer::Replace{{false, small}, std::string(base)});
    }
  }
  return rules;
}

absl::StatusOr<BpeTraining> TrainDna(const PieceCounts& counts, const DnaTrainerOptions& options) {
  TOK_RETURN_IF_ERROR(CheckOptions(counts, options.bpe));
  BpeTrainerOptions bpe = options.bpe;
  if (!bpe.unk_token) bpe.unk_token = "[UNK]";
  bpe.fuse_unk = true;
  bpe.initial_alphabet.assign(kBases.begin(), kBases.end());
  bpe.limit_alphabet = kBases.size();
  if (!options.both_strands) return TrainBpe(counts, bpe);
  const unsigned n_threads = bpe.n_threads == 0 ? AvailableThreads() : bpe.n_threads;
  return TrainBpe(WithReverseComplements(counts, n_threads), bpe);
}

}  // namespace tok
