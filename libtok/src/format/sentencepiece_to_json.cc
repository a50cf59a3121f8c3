#include "src/format/sentencepiece_to_json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/sentencepiece_steps.h"
#include "src/normalize/aligned_text.h"
#include "src/normalize/charsmap.h"
#include "src/normalize/normalizer.h"
#include "src/unicode/utf8.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "tokenizer.json";

class Translation {
 public:
  explicit Translation(const TokenizerSpec& spec) : spec_(spec), out_(spec) {}

  absl::StatusOr<TokenizerSpec> Run() && {
    TOK_RETURN_IF_ERROR(CheckParts());
    TOK_RETURN_IF_ERROR(CheckUnused());
    AddTokens();
    TOK_RETURN_IF_ERROR(std::visit([&](const auto& model) { return TranslateModel(model); }, spec_.model));
    TOK_RETURN_IF_ERROR(TranslateNormalizer());
    TOK_RETURN_IF_ERROR(CheckSymbols());
    TOK_RETURN_IF_ERROR(TranslateVocabulary());
    TOK_RETURN_IF_ERROR(TranslateDecoder());
    WarnOfNames();
    out_.unicode_profile = UnicodeProfileName::kHuggingFace;
    return std::move(out_);
  }

 private:
  absl::Status Refuse(std::string_view feature) const {
    return Inexpressible(spec_, kFormat, feature, "convert to .model or .tok instead");
  }
  void Warn(std::string_view text) { out_.warnings.emplace_back(text); }

  template <typename Visitor>
  void ForEach(TokenKind kind, Visitor visit) const {
    for (TokenId id = 0; id < spec_.vocabulary.size(); ++id) {
      if (spec_.vocabulary.Kind(id) == kind) visit(id, spec_.vocabulary.Bytes(id));
    }
  }

  // SentencePiece's steps come together or not at all; anything beside them has no known order.
  absl::Status CheckParts() const {
    const bool alone = spec_.alphabet == VocabularyAlphabet::kText && spec_.added_tokens.empty() &&
                       spec_.normalizers.size() == 1 && spec_.pre_tokenizers.empty() &&
                       spec_.decoder.steps.size() == 1 &&
                       std::holds_alternative<normalizer::SentencePiece>(spec_.normalizers.front()) &&
                       std::holds_alternative<decoder::SentencePiece>(spec_.decoder.steps.front());
    return alone ? absl::OkStatus() : Refuse("SentencePiece's rules mixed with others");
  }

  absl::Status CheckUnused() const {
    absl::Status status;
    ForEach(TokenKind::kUnused, [&](TokenId id, std::string_view piece) {
      if (status.ok()) status = Refuse(Concat("the unused piece ", id, " ", Quoted(piece)));
    });
    return status;
  }

  // Ids ascend, as Hugging Face's own files have it.
  void AddTokens() {
    for (TokenId id = 0; id < spec_.vocabulary.size(); ++id) {
      const TokenKind kind = spec_.vocabulary.Kind(id);
      const bool is_symbol = kind == TokenKind::kUserDefined;
      if (!is_symbol && kind != TokenKind::kControl && kind != TokenKind::kUnknown) continue;
      AddedToken token{.id = id, .content = std::string(spec_.vocabulary.Bytes(id))};
      token.normalized = is_symbol;
      token.special = !is_symbol;
      has_symbols_ |= is_symbol;
      out_.added_tokens.push_back(std::move(token));
    }
  }

  absl::Status TranslateNormalizer() {
    const auto& rules = std::get<normalizer::SentencePiece>(spec_.normalizers.front());
    if (!rules.escape_whitespaces) return Refuse("escape_whitespaces = false");
    if (!rules.charsmap.empty()) {
      if (!Charsmap::Parse(rules.charsmap, Charsmap::Peer::kHuggingFace).ok())
        return Refuse("this precompiled_charsmap, which Hugging Face does not load");
      Warn(kCharsmapsDiffer);
    }
    std::vector<std::string> symbols;
    ForEach(TokenKind::kUserDefined, [&](TokenId, std::string_view piece) { symbols.emplace_back(piece); });
    if (!symbols.empty() && rules.add_dummy_prefix && !rules.treat_whitespace_as_suffix)
      Warn(kSymbolAloneHasNoPrefix);
    out_.normalizers = HuggingFaceNormalizers(rules, symbols);
    return absl::OkStatus();
  }

  absl::Status CheckSymbols() const {
    if (!has_symbols_) return absl::OkStatus();
    TOK_ASSIGN_OR_RETURN(const Normalizer normalizer,
                         Normalizer::Create(out_.normalizers, UnicodeProfileName::kHuggingFace));
    for (const AddedToken& token : out_.added_tokens) {
      if (!token.normalized) continue;
      AlignedText text = AlignedText::From(token.content, 0, /*tracked=*/false);
      TOK_RETURN_IF_ERROR(normalizer.Apply(&text));
      if (text.bytes != token.content)
        return Refuse(
            Concat("the user-defined symbol ", Quoted(token.content), ", which the normalizer rewrites"));
    }
    return absl::OkStatus();
  }

  absl::Status TranslateBpe(bool byte_fallback, std::vector<Merge> merges) {
    BpeModelSpec bpe{.mode = BpeModelSpec::Mode::kMergeList, .byte_fallback = byte_fallback};
    bpe.merges = std::move(merges);
    bpe.fuse_unk = true;
    ForEach(TokenKind::kUnknown,
            [&](TokenId, std::string_view piece) { bpe.unk_token = std::string(piece); });
    out_.model = std::move(bpe);
    return absl::OkStatus();
  }

  absl::Status TranslateModel(const BpeModelSpec& bpe) {
    if (bpe.mode != BpeModelSpec::Mode::kSentencePiece)
      return Refuse("SentencePiece's normalizer with a list of merges");
    TOK_ASSIGN_OR_RETURN(std::vector<Merge> merges, MergesByScore(spec_));
    return TranslateBpe(bpe.byte_fallback, std::move(merges));
  }

  // Characters are what BPE without merges leaves.
  absl::Status TranslateModel(const SentencePieceLookupModelSpec& lookup) {
    if (lookup.unit == SentencePieceLookupModelSpec::Unit::kWord)
      return Refuse("SentencePiece word models, which join unknown words");
    return TranslateBpe(lookup.byte_fallback, {});
  }

  absl::Status TranslateModel(const UnigramModelSpec& unigram) {
    if (!unigram.unk_id) return Refuse("a unigram model without an unknown piece");
    out_.model = UnigramModelSpec{.unk_id = unigram.unk_id, .byte_fallback = unigram.byte_fallback};
    is_unigram_ = true;
    Warn(kScoresDiffer);
    if (has_symbols_) Warn(kSymbolsAreWeighed);
    return absl::OkStatus();
  }

  absl::Status TranslateModel(const WordPieceModelSpec&) {
    return Refuse("SentencePiece's normalizer with WordPiece");
  }
  absl::Status TranslateModel(const WordLevelModelSpec&) {
    return Refuse("SentencePiece's normalizer with WordLevel");
  }
  absl::Status TranslateModel(const PickyBpeModelSpec&) {
    return Refuse("SentencePiece's normalizer with PickyBPE");
  }

  // In Hugging Face's files every token of the vocabulary is a normal one. A character without a token costs the least
  // score of all less 10, in SentencePiece of the normal pieces: the others must not lie below them.
  absl::Status TranslateVocabulary() {
    const Vocabulary& vocabulary = spec_.vocabulary;
    double min_score = std::numeric_limits<double>::infinity();
    ForEach(TokenKind::kNormal,
            [&](TokenId id, std::string_view) { min_score = std::min(min_score, vocabulary.Score(id)); });
    VocabularyBuilder builder;
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
      TokenKind kind = vocabulary.Kind(id);
      double score = is_unigram_ ? vocabulary.Score(id) : 0.0;
      if (is_unigram_ && kind != TokenKind::kNormal && std::isfinite(min_score))
        score = std::max(score, min_score);
      if (kind == TokenKind::kControl || kind == TokenKind::kUserDefined) kind = TokenKind::kNormal;
      TOK_RETURN_IF_ERROR(builder.Add(id, vocabulary.Bytes(id), kind, score));
    }
    TOK_ASSIGN_OR_RETURN(out_.vocabulary, std::move(builder).Build());
    return absl::OkStatus();
  }

  absl::Status TranslateDecoder() {
    const auto& decoder = std::get<decoder::SentencePiece>(spec_.decoder.steps.front());
    if (!decoder.denormalizer_charsmap.empty()) return Refuse("a denormalizer");
    const bool byte_fallback = std::visit(
        [](const auto& model) -> bool {
          if constexpr (requires { model.byte_fallback; }) return model.byte_fallback;
          return false;
        },
        spec_.model);
    out_.decoder.steps = HuggingFaceDecoders(byte_fallback, decoder.strip_dummy_prefix);
    return absl::OkStatus();
  }

  // SentencePiece finds only normal pieces and symbols in text, Hugging Face's models the whole vocabulary: unigram by
  // any text, BPE by single characters.
  void WarnOfNames() {
    TokenId example = kNoToken;
    for (TokenId id = 0; id < spec_.vocabulary.size() && example == kNoToken; ++id) {
      const TokenKind kind = spec_.vocabulary.Kind(id);
      if (kind == TokenKind::kNormal || kind == TokenKind::kUserDefined) continue;
      const std::string_view piece = spec_.vocabulary.Bytes(id);
      if (is_unigram_ || DecodeUtf8(piece, 0).n_bytes == piece.size()) example = id;
    }
    if (example == kNoToken) return;
    Warn(Concat("Hugging Face finds pieces such as ", Quoted(spec_.vocabulary.Bytes(example)),
                " in text that spells them, SentencePiece does not"));
  }

  const TokenizerSpec& spec_;
  TokenizerSpec out_;
  bool has_symbols_ = false, is_unigram_ = false;
};

}  // namespace

bool HasSentencePieceRules(const TokenizerSpec& spec) {
  for (const normalizer::Step& step : spec.normalizers) {
    if (std::holds_alternative<normalizer::SentencePiece>(step)) return true;
  }
  for (const decoder::Step& step : spec.decoder.steps) {
    if (std::holds_alternative<decoder::SentencePiece>(step)) return true;
  }
  if (const auto* bpe = std::get_if<BpeModelSpec>(&spec.model))
    return bpe->mode == BpeModelSpec::Mode::kSentencePiece;
  if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec.model)) return unigram->sentencepiece;
  return std::holds_alternative<SentencePieceLookupModelSpec>(spec.model);
}

absl::StatusOr<TokenizerSpec> WithoutSentencePieceRules(const TokenizerSpec& spec) {
  return Translation(spec).Run();
}

absl::StatusOr<TokenizerSpec> AsTokenizerJson(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckOwnScheme(spec, "tokenizer.json"));
  if (!HasSentencePieceRules(spec)) return spec;
  return WithoutSentencePieceRules(spec);
}

}  // namespace tok
