// A scheme over a tokenizer's vocabulary as a model: which one it is, and the pieces of a text through it.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/model/piece_model.h"
#include "src/model/schemes/dropout_bpe.h"
#include "src/model/schemes/segmenter.h"
#include "src/model/schemes/token_matcher.h"

namespace tok {
namespace {

using Result = absl::StatusOr<std::unique_ptr<const PieceModel>>;

class SchemeModel final : public PieceModel, public PieceEncoder {
 public:
  SchemeModel(const Scheme& scheme, TokenMatcher matcher, std::vector<double> costs)
      : scheme_(scheme), matcher_(std::move(matcher)), segmenter_(MakeSegmenter(std::move(costs))) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<SchemeScratch>(); }
  const PieceEncoder* piece_encoder() const override {
    return IsRandom() || MayFail() ? nullptr : static_cast<const PieceEncoder*>(this);
  }
  bool IsRandom() const override { return scheme_.IsRandom(); }
  bool TokensTile() const override { return matcher_.SpellsAllBytes() && !scheme_.IsLossy(); }
  std::string Name() const override { return Concat("scheme ", SchemeName(scheme_)); }

  absl::Status Encode(std::string_view piece, PieceScratch* piece_scratch,
                      std::vector<PieceToken>* tokens) const override {
    auto* scratch = static_cast<SchemeScratch*>(piece_scratch);
    std::optional<RandomStream> draws;
    if (IsRandom()) draws = scratch->draws.NextPiece(scheme_.seed);
    SchemeOutput output(matcher_, piece, tokens);
    for (size_t begin = 0; begin < piece.size();) {
      const size_t end = NextIsland(piece, begin);
      segmenter_->Segment(piece.substr(0, end), begin, draws ? &*draws : nullptr, scratch, &output);
      begin = end;
    }
    if (!output.lost_text() || !MayFail()) return absl::OkStatus();
    return MakeError(ErrorCode::kUnknownToken, Name(),
                     "some text has no token, and there is no unknown token",
                     "use a vocabulary with an unknown token or byte fallback");
  }

  bool PartsDiffer() const override { return false; }
  size_t NextCuts(std::string_view, size_t, size_t, size_t, std::span<size_t>) const override { return 0; }

 private:
  std::unique_ptr<const Segmenter> MakeSegmenter(std::vector<double> costs) const {
    switch (scheme_.kind) {
      case Scheme::Kind::kLongestPrefix: return MakeLongestPrefix(matcher_);
      case Scheme::Kind::kLongestSuffix: return MakeLongestSuffix(matcher_);
      case Scheme::Kind::kLongestToken: return MakeLongestToken(matcher_, std::nullopt);
      case Scheme::Kind::kFlota: return MakeLongestToken(matcher_, scheme_.max_tokens);
      case Scheme::Kind::kWeighted: return MakeCheapestTokens(matcher_, std::move(costs));
      default: return MakeFewestTokens(matcher_, scheme_.random_ties);
    }
  }

  bool MayFail() const {
    const SentencePieceIds& unspelled = matcher_.unspelled();
    return !matcher_.SpellsAllBytes() && !matcher_.DropsUnspelled() && !unspelled.byte_fallback() &&
           unspelled.unknown() == kNoToken && !scheme_.IsLossy();
  }

  // Where the text from `begin` on may end: the first place, far enough, that no token reaches across. So what a scheme keeps
  // about each byte is that of a part of a long piece. Others keep what they write only; a lossy one looks at the whole.
  size_t NextIsland(std::string_view piece, size_t begin) const {
    constexpr size_t kWanted = 4096;
    const bool goes_along =
        scheme_.kind == Scheme::Kind::kLongestPrefix || scheme_.kind == Scheme::Kind::kLongestSuffix;
    if (piece.size() - begin <= 2 * kWanted || goes_along || scheme_.IsLossy()) return piece.size();
    size_t reach = begin;
    for (size_t at = begin; at < piece.size(); at += matcher_.CharLength(piece, at)) {
      if (at >= begin + kWanted && reach <= at) return at;
      reach = std::max(reach, at + matcher_.LongestAt(piece, at, piece.size()).n_bytes);
    }
    return piece.size();
  }

  void EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch, std::vector<TokenId>* ids,
                   std::span<uint32_t> ends) const override {
    auto* scratch = static_cast<SchemeScratch*>(piece_scratch);
    for (size_t i = 0; i < pieces.size(); ++i) {
      scratch->tokens.clear();
      Encode(pieces[i].bytes, scratch, &scratch->tokens).IgnoreError();  // there is none: piece_encoder()
      for (const PieceToken& token : scratch->tokens) ids->push_back(token.id);
      ends[i] = static_cast<uint32_t>(ids->size());
    }
  }

  const Scheme scheme_;
  const TokenMatcher matcher_;
  const std::unique_ptr<const Segmenter> segmenter_;
};

// Minus the log probability of each id: the vocabulary's, or Zipf's law over ids (see tok/scheme.h).
std::vector<double> CostsOf(const Vocabulary& vocabulary) {
  constexpr double kMandelbrot = 2.7;
  std::vector<double> costs(vocabulary.size());
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    costs[id] = vocabulary.HasScores() ? -vocabulary.Score(id) : std::log(id + 1 + kMandelbrot);
  }
  return costs;
}

absl::Status CannotBe(const TokenizerSpec& spec, std::string_view why) {
  return MakeError(ErrorCode::kUnsupportedFeature,
                   Concat(spec.name.empty() ? "tokenizer" : spec.name, ", scheme ", SchemeName(spec.scheme)),
                   why, "choose another scheme");
}

// The vocabulary without the special tokens, which are no ranks even where it lists them.
absl::StatusOr<Vocabulary> RankedTokens(const TokenizerSpec& spec) {
  std::vector<bool> is_special(spec.vocabulary.size());
  for (const AddedToken& token : spec.added_tokens) {
    if (token.id < is_special.size()) is_special[token.id] = token.special;
  }
  VocabularyBuilder builder;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    const TokenKind kind = spec.vocabulary.Kind(id);
    if (kind == TokenKind::kAbsent) continue;
    const bool is_ranked = kind == TokenKind::kNormal && !is_special[id];
    TOK_RETURN_IF_ERROR(builder.Add(id, spec.vocabulary.Bytes(id), is_ranked ? kind : TokenKind::kAdded));
  }
  return std::move(builder).Build();
}

Result MakeByRank(const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe != nullptr && bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return MakeBpeModel(*bpe, spec.vocabulary, spec.alphabet);  // by score, which is the rank
  }
  std::array<TokenId, 256> byte_ids;
  if (spec.alphabet != VocabularyAlphabet::kBytes || !FindByteIds(spec.vocabulary, &byte_ids)) {
    return CannotBe(spec, "ids are ranks only where all 256 bytes are tokens");
  }
  TOK_ASSIGN_OR_RETURN(const Vocabulary ranked, RankedTokens(spec));
  BpeModelSpec by_rank;
  by_rank.mode = BpeModelSpec::Mode::kRank;
  return MakeBpeModel(by_rank, ranked, spec.alphabet);
}

Result MakeByMerges(const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  const bool has_merges =
      bpe != nullptr && (bpe->mode != BpeModelSpec::Mode::kMergeList || !bpe->merges.empty());
  if (!has_merges) return CannotBe(spec, "the tokenizer has no merges");
  BpeModelSpec merges_alone = *bpe;
  merges_alone.ignore_merges = false;
  ReadyBpeTables ready;
  ready.unmerged.emplace();
  return MakeBpeModel(merges_alone, spec.vocabulary, spec.alphabet, std::move(ready));
}

}  // namespace

Result MakeSchemeModel(const TokenizerSpec& spec) {
  const Scheme& scheme = spec.scheme;
  switch (scheme.kind) {
    case Scheme::Kind::kRank: return MakeByRank(spec);
    case Scheme::Kind::kMerges: return MakeByMerges(spec);
    case Scheme::Kind::kDropout: {
      TOK_ASSIGN_OR_RETURN(std::unique_ptr<const PieceModel> bpe, MakeByMerges(spec));
      return MakeDropoutBpe(std::move(bpe), scheme);
    }
    case Scheme::Kind::kWeighted:
      if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec.model)) {
        return MakeUnigramModel(*unigram, spec.vocabulary, spec.alphabet);
      }
      break;
    default: break;
  }
  std::vector<double> costs;
  if (scheme.kind == Scheme::Kind::kWeighted) costs = CostsOf(spec.vocabulary);
  const auto direction = scheme.kind == Scheme::Kind::kLongestSuffix ? TokenMatcher::Direction::kBackward
                                                                     : TokenMatcher::Direction::kForward;
  TOK_ASSIGN_OR_RETURN(TokenMatcher matcher, TokenMatcher::Create(spec, direction));
  return std::make_unique<SchemeModel>(scheme, std::move(matcher), std::move(costs));
}

}  // namespace tok
