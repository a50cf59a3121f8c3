#include "src/format/json_to_sentencepiece.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/sentencepiece_steps.h"
#include "src/format/sentencepiece_to_json.h"
#include "src/format/tokenizer_json_write.h"
#include "src/normalize/aligned_text.h"
#include "src/normalize/normalizer.h"
#include "src/unicode/utf8.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = ".model";

// Where Hugging Face's Metaspace and the normalizers beside it differ from SentencePiece's white space rules.
constexpr std::string_view kNoPrefixBeforeSpace =
    "Hugging Face sets no dummy prefix before a space or U+2581, SentencePiece always does: text that begins "
    "with one gets other ids";
constexpr std::string_view kBeginKeepsSpace =
    "Hugging Face leaves a space at the begin of the normalized text, SentencePiece none: text that begins "
    "with one may get other ids";
constexpr std::string_view kEndKeepsSpace =
    "Hugging Face leaves a space at the end of the normalized text, SentencePiece none: text that ends in "
    "one or in U+2581, or that begins with U+2581, may get other ids";
constexpr std::string_view kEndIsStripped =
    "Hugging Face strips all white space from the end of the normalized text, SentencePiece spaces and "
    "U+2581: text that ends in other white space or in U+2581, or that begins with U+2581, may get other ids";
constexpr std::string_view kWordsOnly =
    "Hugging Face drops all white space and sets U+2581 before each word, SentencePiece does so with spaces "
    "only: text that is normalized to other white space or holds U+2581 itself may get other ids";

bool IsRegex(const normalizer::Step& step, std::string_view regex) {
  const auto* replace = std::get_if<normalizer::Replace>(&step);
  return replace != nullptr && replace->pattern == Pattern{true, std::string(regex)};
}

class Translation {
 public:
  explicit Translation(const TokenizerSpec& spec) : spec_(spec), out_(spec) {}

  absl::StatusOr<TokenizerSpec> Run() && {
    if (spec_.alphabet != VocabularyAlphabet::kText) return Refuse("a byte-level vocabulary");
    TOK_RETURN_IF_ERROR(FindRules());
    TOK_RETURN_IF_ERROR(TranslateAddedTokens());
    TOK_RETURN_IF_ERROR(CheckUnknown());
    if (splits_) TOK_RETURN_IF_ERROR(CheckSplit());
    TOK_RETURN_IF_ERROR(TranslateModel());
    TOK_RETURN_IF_ERROR(TranslateDecoder());
    WarnOfNames();
    WarnOfTemplate();
    out_.normalizers = {rules_};
    out_.pre_tokenizers.clear();
    out_.added_tokens.clear();
    out_.post_processor = {};
    out_.unicode_profile = UnicodeProfileName::kSentencePiece;
    TOK_RETURN_IF_ERROR(CheckItLoads());
    return std::move(out_);
  }

 private:
  absl::Status Refuse(std::string_view feature) const { return Inexpressible(spec_, kFormat, feature); }
  void Warn(std::string_view text) { out_.warnings.emplace_back(text); }

  // ---- Normalizers and pre-tokenizers -----------------------------------------------------------------------------
  absl::Status FindRules() {
    if (!spec_.normalizers.empty()) {
      if (const auto* map = std::get_if<normalizer::Precompiled>(&spec_.normalizers.front())) {
        rules_.charsmap = map->charsmap;
        Warn(kCharsmapsDiffer);
      }
    }
    const std::vector<pretokenizer::Step>& steps = spec_.pre_tokenizers;
    if (!steps.empty() && std::holds_alternative<pretokenizer::Metaspace>(steps.back())) {
      const bool by_words =
          steps.size() == 2 && std::holds_alternative<pretokenizer::WhitespaceSplit>(steps.front());
      if (by_words || steps.size() == 1)
        return FindRulesOfMetaspace(std::get<pretokenizer::Metaspace>(steps.back()), by_words);
    }
    for (const pretokenizer::Step& step : spec_.pre_tokenizers) {
      // The normalizers leave no space to split at.
      const auto* split = std::get_if<pretokenizer::Split>(&step);
      if (split == nullptr || split->pattern != Pattern{false, " "}) return RefusePreTokenizer(step);
    }
    return FindRulesOfNormalizers();
  }

  // The rules whose translation the normalizers are.
  absl::Status FindRulesOfNormalizers() {
    std::vector<std::string> symbols;
    for (const AddedToken& token : ById(spec_.added_tokens)) {
      if (!token.special && token.normalized) symbols.push_back(token.content);
    }
    TOK_ASSIGN_OR_RETURN(const bool found, MatchTranslation(symbols));
    if (found) {
      if (!symbols.empty() && rules_.add_dummy_prefix && !rules_.treat_whitespace_as_suffix)
        Warn(kSymbolAloneHasNoPrefix);
      return absl::OkStatus();
    }
    // A prefix that the symbols get too: CheckSymbol names the first of them.
    TOK_ASSIGN_OR_RETURN(const bool without, MatchTranslation({}));
    return without ? absl::OkStatus() : RefuseNormalizers();
  }

  absl::StatusOr<bool> MatchTranslation(const std::vector<std::string>& symbols) {
    TOK_ASSIGN_OR_RETURN(const OrderedJson given, WriteNormalizers(spec_));
    for (const bool suffix : {false, true}) {
      for (const bool trims : {false, true}) {
        for (const bool prefix : {false, true}) {
          rules_.treat_whitespace_as_suffix = suffix;
          rules_.remove_extra_whitespaces = trims;
          rules_.add_dummy_prefix = prefix;
          TokenizerSpec candidate;
          candidate.normalizers = HuggingFaceNormalizers(rules_, symbols);
          TOK_ASSIGN_OR_RETURN(const OrderedJson made, WriteNormalizers(candidate));
          if (made == given) return true;
        }
      }
    }
    return false;
  }

  // As `transformers` writes them: what is left of white space at the ends, Metaspace turns into the dummy prefix. Older
  // files take the text apart at white space before (`by_words`): then Metaspace sets every U+2581 there is.
  absl::Status FindRulesOfMetaspace(const pretokenizer::Metaspace& metaspace, bool by_words) {
    if (metaspace.replacement != U'\u2581')
      return Refuse("a Metaspace that writes spaces as another character");
    if (by_words) TOK_RETURN_IF_ERROR(CheckWords(metaspace));
    cuts_before_normalizing_ = true;
    splits_ = by_words || metaspace.split;
    std::span<const normalizer::Step> steps = spec_.normalizers;
    if (!steps.empty() && std::holds_alternative<normalizer::Precompiled>(steps.front()))
      steps = steps.subspan(1);
    const auto* strip = steps.empty() ? nullptr : std::get_if<normalizer::Strip>(&steps.front());
    const bool strips_end = strip != nullptr && strip->right && !strip->left;
    if (strips_end) steps = steps.subspan(1);
    const bool trims = steps.size() == 1 && IsRegex(steps.front(), " {2,}");
    if (trims) {
      const std::string& content = std::get<normalizer::Replace>(steps.front()).content;
      if (content != " " && content != kSpaceSymbol) return RefuseNormalizers();
    } else if (!steps.empty() || strips_end) {
      return RefuseNormalizers();
    }
    rules_.treat_whitespace_as_suffix = false;
    rules_.remove_extra_whitespaces = trims || by_words;
    rules_.add_dummy_prefix = metaspace.prepend_scheme != pretokenizer::PrependScheme::kNever;
    if (by_words) {
      Warn(kWordsOnly);
    } else {
      WarnOfMetaspace(strips_end);
    }
    return absl::OkStatus();
  }

  // Between words SentencePiece knows spaces only, so what separates lines must have become spaces.
  absl::Status CheckWords(const pretokenizer::Metaspace& metaspace) const {
    if (metaspace.prepend_scheme != pretokenizer::PrependScheme::kAlways)
      return Refuse("words without U+2581 between them");
    TOK_ASSIGN_OR_RETURN(const Normalizer normalizer,
                         Normalizer::Create(spec_.normalizers, UnicodeProfileName::kHuggingFace));
    for (const std::string_view separator : {"\t", "\n", "\r"}) {
      AlignedText text = AlignedText::From(Concat("a", separator, "a"), 0, /*tracked=*/false);
      TOK_RETURN_IF_ERROR(normalizer.Apply(&text));
      if (text.bytes != "a a")
        return Refuse(
            "the pre-tokenizer WhitespaceSplit, which drops line ends that no normalizer makes spaces");
    }
    return absl::OkStatus();
  }

  void WarnOfMetaspace(bool strips_end) {
    if (rules_.remove_extra_whitespaces) {
      Warn(strips_end ? kEndIsStripped : kEndKeepsSpace);
      if (!rules_.add_dummy_prefix) Warn(kBeginKeepsSpace);
    } else if (rules_.add_dummy_prefix) {
      Warn(kNoPrefixBeforeSpace);
    }
  }

  absl::Status RefuseNormalizers() const {
    for (const normalizer::Step& step : spec_.normalizers) {
      if (std::holds_alternative<normalizer::Precompiled>(step) ||
          std::holds_alternative<normalizer::Replace>(step) ||
          std::holds_alternative<normalizer::Prepend>(step))
        continue;
      TokenizerSpec alone;
      alone.normalizers = {step};
      TOK_ASSIGN_OR_RETURN(const OrderedJson json, WriteNormalizers(alone));
      return Refuse(Concat("the normalizer ", json["type"].get<std::string>()));
    }
    return Refuse("normalizers other than those that SentencePiece's white space rules become");
  }

  absl::Status RefusePreTokenizer(const pretokenizer::Step& step) const {
    TokenizerSpec alone;
    alone.pre_tokenizers = {step};
    TOK_ASSIGN_OR_RETURN(const OrderedJson json, WritePreTokenizers(alone));
    return Refuse(Concat("the pre-tokenizer ", json["type"].get<std::string>()));
  }

  // Pieces of text begin with U+2581, so no token that holds it elsewhere is ever found; SentencePiece would find it.
  absl::Status CheckSplit() const {
    const TokenId space = spec_.vocabulary.Find(kSpaceSymbol);
    if (!ByteFallback() && (space == kNoToken || kinds_[space] != TokenKind::kNormal))
      return Refuse("that words are unknown one by one, without a token U+2581 between them");
    for (TokenId id = 0; id < kinds_.size(); ++id) {
      if (kinds_[id] != TokenKind::kNormal) continue;
      const std::string_view token = spec_.vocabulary.Bytes(id);
      if (token.find(kSpaceSymbol, 1) == std::string_view::npos) continue;
      return Refuse(Concat("that no text becomes token ", id, " ", Quoted(token),
                           ": Metaspace splits before every U+2581"));
    }
    return absl::OkStatus();
  }

  // ---- Added tokens -----------------------------------------------------------------------------------------------
  static std::vector<AddedToken> ById(std::vector<AddedToken> tokens) {
    std::sort(tokens.begin(), tokens.end(),
              [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
    return tokens;
  }

  absl::Status TranslateAddedTokens() {
    kinds_.assign(spec_.vocabulary.kinds().begin(), spec_.vocabulary.kinds().end());
    TOK_ASSIGN_OR_RETURN(const Normalizer normalizer,
                         Normalizer::Create(spec_.normalizers, UnicodeProfileName::kHuggingFace));
    for (const AddedToken& token : spec_.added_tokens) {
      TokenKind& kind = kinds_[token.id];
      if (kind == TokenKind::kByte) return Refuse(Named(token, "which is a byte of byte fallback"));
      if (kind == TokenKind::kUnknown) continue;
      if (token.special) {
        kind = TokenKind::kControl;
        continue;
      }
      TOK_RETURN_IF_ERROR(CheckFlags(token));
      if (IsOrdinaryPiece(token)) {
        WarnOfSpaceSymbol(token);
      } else {
        kind = TokenKind::kUserDefined;
        TOK_RETURN_IF_ERROR(CheckSymbol(token, normalizer));
      }
    }
    return absl::OkStatus();
  }

  static std::string Named(const AddedToken& token, std::string_view what) {
    return Concat("the added token ", Quoted(token.content), ", ", what);
  }

  absl::Status CheckFlags(const AddedToken& token) const {
    if (token.lstrip || token.rstrip) return Refuse(Named(token, "which takes white space beside it"));
    if (token.single_word) return Refuse(Named(token, "which is found between words only"));
    return absl::OkStatus();
  }

  // A token such as two U+2581 is no symbol that only the added tokens know: what it stands for in ordinary text, the
  // spaces, becomes it by the model.
  bool IsOrdinaryPiece(const AddedToken& token) const {
    return spec_.vocabulary.Kind(token.id) == TokenKind::kNormal && IsFoundRaw(token) &&
           token.content.find(kSpaceSymbol) != std::string::npos;
  }

  bool IsFoundRaw(const AddedToken& token) const { return !token.normalized || cuts_before_normalizing_; }

  void WarnOfSpaceSymbol(const AddedToken& token) {
    if (std::exchange(warned_of_space_symbol_, true)) return;
    Warn(Concat("Hugging Face finds added tokens such as ", Quoted(token.content),
                " as they are, SentencePiece makes them of U+2581 and spaces alike: text that holds U+2581 "
                "itself may get other ids"));
  }

  absl::Status CheckSymbol(const AddedToken& token, const Normalizer& normalizer) {
    if (token.content.find(' ') != std::string::npos) return Refuse(Named(token, "which holds a space"));
    if (token.normalized) {
      AlignedText text = AlignedText::From(token.content, 0, /*tracked=*/false);
      TOK_RETURN_IF_ERROR(normalizer.Apply(&text));
      if (text.bytes != token.content) return Refuse(Named(token, "which the normalizer rewrites"));
    }
    // Hugging Face looks for these two sorts one after the other, SentencePiece for all symbols at once.
    (token.normalized ? has_normalized_symbols_ : has_raw_symbols_) = true;
    if (has_raw_symbols_ && has_normalized_symbols_)
      return Refuse(Named(token, "which has another \"normalized\" than those before it"));
    if (!IsFoundRaw(token)) return absl::OkStatus();
    if (token.content.find(kSpaceSymbol) != std::string::npos)
      return Refuse(Named(token, "which is found before spaces are U+2581"));
    const bool in_place =
        rules_.charsmap.empty() && !rules_.add_dummy_prefix && !rules_.remove_extra_whitespaces;
    if (in_place || std::exchange(warned_of_symbols_, true)) return absl::OkStatus();
    Warn(Concat(
        "Hugging Face takes added tokens such as ", Quoted(token.content),
        " out of the text and normalizes what is left part by part, SentencePiece the whole: text that holds "
        "them may get other ids"));
    return absl::OkStatus();
  }

  // SentencePiece finds only normal pieces and symbols in text. Hugging Face finds added tokens, and its models the
  // whole vocabulary: unigram by any text, BPE by single characters.
  void WarnOfNames() {
    const bool is_unigram = std::holds_alternative<UnigramModelSpec>(spec_.model);
    const auto is_found = [&](TokenId id) {
      if (kinds_[id] == TokenKind::kNormal || kinds_[id] == TokenKind::kUserDefined) return false;
      const std::string_view name = spec_.vocabulary.Bytes(id);
      return is_unigram || kinds_[id] == TokenKind::kControl || DecodeUtf8(name, 0).n_bytes == name.size() ||
             std::any_of(spec_.added_tokens.begin(), spec_.added_tokens.end(),
                         [&](const AddedToken& token) { return token.id == id; });
    };
    for (TokenId id = 0; id < kinds_.size(); ++id) {
      if (!spec_.vocabulary.Contains(id) || !is_found(id)) continue;
      Warn(Concat("Hugging Face finds tokens such as ", Quoted(spec_.vocabulary.Bytes(id)),
                  " in text that spells them, SentencePiece does not"));
      return;
    }
  }

  // ---- Model ------------------------------------------------------------------------------------------------------
  bool ByteFallback() const {
    if (const auto* bpe = std::get_if<BpeModelSpec>(&spec_.model)) return bpe->byte_fallback;
    const auto* unigram = std::get_if<UnigramModelSpec>(&spec_.model);
    return unigram != nullptr && unigram->byte_fallback;
  }

  absl::Status CheckUnknown() const {
    const bool has_unknown = std::find(kinds_.begin(), kinds_.end(), TokenKind::kUnknown) != kinds_.end();
    return has_unknown ? absl::OkStatus() : Refuse("a vocabulary without an unknown token");
  }

  absl::Status TranslateModel() {
    if (const auto* bpe = std::get_if<BpeModelSpec>(&spec_.model)) return TranslateBpe(*bpe);
    if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec_.model)) return TranslateUnigram(*unigram);
    return Refuse("a WordPiece, WordLevel or PickyBPE model");
  }

  absl::Status TranslateBpe(const BpeModelSpec& bpe) {
    if (bpe.dropout.value_or(0) > 0) return Refuse("dropout");
    if (bpe.ignore_merges) return Refuse("ignore_merges");
    if (!bpe.continuing_subword_prefix.empty()) return Refuse("a prefix of continuing subwords");
    if (!bpe.end_of_word_suffix.empty()) return Refuse("a suffix at the end of words");
    if (!bpe.fuse_unk && !bpe.byte_fallback)
      return Refuse("unknown characters one by one (fuse_unk = false)");
    TOK_ASSIGN_OR_RETURN(const Vocabulary pieces, VocabularyOf([](TokenId) { return 0.0; }));
    TOK_ASSIGN_OR_RETURN(out_.vocabulary, ScoredByMerges(spec_, bpe, pieces));
    out_.model = BpeModelSpec{.mode = BpeModelSpec::Mode::kSentencePiece, .byte_fallback = bpe.byte_fallback};
    return absl::OkStatus();
  }

  // A character without a token costs the least score of all less 10, in SentencePiece of the normal pieces.
  absl::Status TranslateUnigram(const UnigramModelSpec& unigram) {
    double least = std::numeric_limits<double>::infinity();
    for (TokenId id = 0; id < kinds_.size(); ++id) {
      if (kinds_[id] == TokenKind::kNormal) least = std::min(least, spec_.vocabulary.Score(id));
    }
    for (TokenId id = 0; id < kinds_.size(); ++id) {
      const TokenKind kind = spec_.vocabulary.Kind(id);
      if (kind == TokenKind::kAbsent || kind == TokenKind::kAdded || spec_.vocabulary.Score(id) >= least)
        continue;
      return Refuse(Concat("the least score of all on ", Quoted(spec_.vocabulary.Bytes(id)),
                           ", which is no ordinary piece"));
    }
    TOK_ASSIGN_OR_RETURN(out_.vocabulary,
                         VocabularyOf([&](TokenId id) { return spec_.vocabulary.Score(id); }));
    out_.model = UnigramModelSpec{
        .unk_id = unigram.unk_id, .byte_fallback = unigram.byte_fallback, .sentencepiece = true};
    Warn(kScoresDiffer);
    if (has_raw_symbols_ || has_normalized_symbols_) Warn(kSymbolsAreWeighed);
    return absl::OkStatus();
  }

  template <typename ScoreOf>
  absl::StatusOr<Vocabulary> VocabularyOf(ScoreOf score_of) const {
    VocabularyBuilder builder;
    for (TokenId id = 0; id < kinds_.size(); ++id) {
      if (kinds_[id] == TokenKind::kAbsent) continue;  // the writer refuses gaps
      TOK_RETURN_IF_ERROR(builder.Add(id, spec_.vocabulary.Bytes(id), kinds_[id], score_of(id)));
    }
    return std::move(builder).Build();
  }

  // ---- Decoder and the rest ---------------------------------------------------------------------------------------
  absl::Status TranslateDecoder() {
    const bool strips = rules_.add_dummy_prefix || rules_.remove_extra_whitespaces;
    TokenizerSpec candidate;
    candidate.decoder.steps = HuggingFaceDecoders(ByteFallback(), strips);
    TOK_ASSIGN_OR_RETURN(const OrderedJson given, WriteDecoders(spec_));
    TOK_ASSIGN_OR_RETURN(const OrderedJson made, WriteDecoders(candidate));
    if (made != given && !IsMetaspaceDecoder(strips)) return Refuse("a decoder other than SentencePiece's");
    out_.decoder = DecoderSpec();
    out_.decoder.steps.push_back(
        decoder::SentencePiece{.strip_dummy_prefix = strips,
                               .treat_whitespace_as_suffix = rules_.treat_whitespace_as_suffix,
                               .strip_leading_spaces = rules_.remove_extra_whitespaces});
    return absl::OkStatus();
  }

  bool IsMetaspaceDecoder(bool strips) const {
    if (ByteFallback() || spec_.decoder.steps.size() != 1) return false;
    const auto* metaspace = std::get_if<decoder::Metaspace>(&spec_.decoder.steps.front());
    return metaspace != nullptr && metaspace->replacement == U'\u2581' &&
           strips == (metaspace->prepend_scheme != pretokenizer::PrependScheme::kNever);
  }

  void WarnOfTemplate() {
    for (const std::vector<TemplateItem>* items :
         {&spec_.post_processor.single, &spec_.post_processor.pair}) {
      for (const TemplateItem& item : *items) {
        if (item.kind != TemplateItem::Kind::kTokens) continue;
        Warn(Concat("the post-processor adds tokens such as ", Quoted(item.name),
                    " to a text, which SentencePiece leaves to its caller"));
        return;
      }
    }
  }

  // SentencePiece has limits of its own (empty pieces, their length, the bytes of byte fallback): its reader knows them.
  absl::Status CheckItLoads() const {
    TOK_ASSIGN_OR_RETURN(const std::string bytes, SerializeSentencePiece(out_));
    const absl::Status status = ParseSentencePiece(bytes, spec_.name).status();
    if (status.ok()) return absl::OkStatus();
    return Refuse(Concat("this tokenizer, which SentencePiece would not load (", status.message(), ")"));
  }

  const TokenizerSpec& spec_;
  TokenizerSpec out_;
  normalizer::SentencePiece rules_;
  std::vector<TokenKind> kinds_;          // SentencePiece's, by id
  bool splits_ = false;                   // Metaspace cuts words apart
  bool cuts_before_normalizing_ = false;  // every added token is found before spaces are U+2581
  bool has_raw_symbols_ = false, has_normalized_symbols_ = false;
  bool warned_of_symbols_ = false, warned_of_space_symbol_ = false;
};

}  // namespace

absl::StatusOr<TokenizerSpec> WithSentencePieceRules(const TokenizerSpec& spec) {
  return Translation(spec).Run();
}

absl::StatusOr<TokenizerSpec> AsSentencePiece(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckOwnScheme(spec, "SentencePiece"));
  if (HasSentencePieceRules(spec)) return spec;
  return WithSentencePieceRules(spec);
}

}  // namespace tok
