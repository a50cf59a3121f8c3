// ScoredByMerges; see json_to_sentencepiece.h.
#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/json_to_sentencepiece.h"
#include "src/format/rank_conversion.h"
#include "src/format/sentencepiece_to_json.h"
#include "src/model/sentencepiece_output.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = ".model";

// A symbol of text that has no token, and one that byte fallback gives, are symbols like any other to Hugging Face.
absl::Status CheckSides(const TokenizerSpec& spec, const BpeModelSpec& bpe, const Vocabulary& pieces) {
  const auto is_stand_in = [&](TokenId id) {
    return pieces.Kind(id) == TokenKind::kByte || pieces.Kind(id) == TokenKind::kUnknown;
  };
  for (const Merge& merge : bpe.merges) {
    if (!is_stand_in(merge.left) && !is_stand_in(merge.right)) continue;
    return Inexpressible(spec, kFormat,
                         Concat("the merge of ", Quoted(pieces.Bytes(merge.left)), " and ",
                                Quoted(pieces.Bytes(merge.right)), ", one of which stands for unknown text"));
  }
  return absl::OkStatus();
}

// The earlier a piece is merged, the higher its score; the others lie below, which matters to none of them.
absl::StatusOr<Vocabulary> Scored(const Vocabulary& pieces, std::vector<MergeRule> rules) {
  std::sort(rules.begin(), rules.end(),
            [](const MergeRule& a, const MergeRule& b) { return a.rank < b.rank; });
  std::vector<double> scores(pieces.size(), 1);
  double next = 0;
  for (const MergeRule& rule : rules) scores[rule.merged] = next--;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < pieces.size(); ++id) {
    if (pieces.Kind(id) == TokenKind::kAbsent) continue;
    if (pieces.Kind(id) != TokenKind::kNormal) {
      scores[id] = 0;
    } else if (scores[id] > 0) {
      scores[id] = next--;
    }
    TOK_RETURN_IF_ERROR(builder.Add(id, pieces.Bytes(id), pieces.Kind(id), scores[id]));
  }
  return std::move(builder).Build();
}

// Both by id. The first piece that comes from other pairs, or from none.
absl::Status CheckSameRules(const TokenizerSpec& spec, const Vocabulary& pieces,
                            const std::vector<MergeRule>& listed, const std::vector<MergeRule>& scored) {
  TOK_ASSIGN_OR_RETURN(const ByteTrie symbols, MakeUserDefinedTrie(pieces));
  const auto holds_symbol = [&](std::string_view piece) {
    for (size_t i = 0; i < piece.size(); ++i) {
      if (symbols.LongestPrefix(piece.substr(i)).n_bytes > 0) return true;
    }
    return false;
  };
  auto a = listed.begin(), b = scored.begin();
  while (a != listed.end() || b != scored.end()) {
    const TokenId id =
        std::min(a != listed.end() ? a->merged : kNoToken, b != scored.end() ? b->merged : kNoToken);
    const bool in_list = a != listed.end() && a->merged == id,
               in_scores = b != scored.end() && b->merged == id;
    const bool same = in_list && in_scores && a->left == b->left && a->right == b->right;
    if (!same && (symbols.empty() || !holds_symbol(pieces.Bytes(id)))) {
      const std::string piece = Concat("piece ", id, " ", Quoted(pieces.Bytes(id)));
      if (!in_list) return Inexpressible(spec, kFormat, Concat("that no text becomes ", piece));
      return Inexpressible(spec, kFormat,
                           Concat("that ", piece, " is merged from ", Quoted(pieces.Bytes(a->left)), " and ",
                                  Quoted(pieces.Bytes(a->right)), ": no scores lead there"));
    }
    a += in_list;
    b += in_scores;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Vocabulary> ScoredByMerges(const TokenizerSpec& spec, const BpeModelSpec& bpe,
                                          const Vocabulary& pieces) {
  // Scores are floats, which hold no more whole numbers.
  static_assert(kMaxTokenId < 1u << 24);
  TOK_RETURN_IF_ERROR(CheckSides(spec, bpe, pieces));
  TokenizerSpec candidate;
  candidate.vocabulary = pieces;
  candidate.model = bpe;
  TOK_ASSIGN_OR_RETURN(const std::vector<MergeRule> listed, CanonicalRules(candidate));
  TOK_ASSIGN_OR_RETURN(candidate.vocabulary, Scored(pieces, listed));
  candidate.model = BpeModelSpec{.mode = BpeModelSpec::Mode::kSentencePiece};
  TOK_ASSIGN_OR_RETURN(const std::vector<MergeRule> scored, CanonicalRules(candidate));
  TOK_RETURN_IF_ERROR(CheckSameRules(spec, pieces, listed, scored));
  return std::move(candidate.vocabulary);
}

}  // namespace tok
