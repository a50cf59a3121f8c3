#include "src/train/bpe/base_tokenizer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/rank_conversion.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {
namespace {

absl::Status Refuse(std::string_view feature) {
  return MakeError(ErrorCode::kUnsupportedFeature, "base", Concat("cannot be continued exactly: ", feature),
                   "begin with a byte-level BPE tokenizer, or train anew");
}

}  // namespace

absl::Status CheckCanBeContinued(const TokenizerSpec& base) {
  const auto* bpe = std::get_if<BpeModelSpec>(&base.model);
  if (bpe == nullptr) return Refuse("its model is not BPE");
  if (bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return Refuse("SentencePiece merges by scores, over whole texts");
  }
  if (base.alphabet != VocabularyAlphabet::kBytes) return Refuse("its tokens are text, not bytes");
  // Readers leave these to vocabularies of text.
  if (bpe->byte_fallback) return Refuse("it falls back to bytes (byte_fallback)");
  if (!bpe->continuing_subword_prefix.empty()) return Refuse("continuing_subword_prefix");
  if (!bpe->end_of_word_suffix.empty()) return Refuse("end_of_word_suffix");
  if (bpe->dropout.value_or(0.0) > 0.0) return Refuse("dropout makes it random");
  return absl::OkStatus();
}

absl::StatusOr<BaseTokenizer> BaseTokenizer::Create(const BpeTrainerOptions& options) {
  TokenizerSpec spec = *options.base;
  TOK_RETURN_IF_ERROR(CheckCanBeContinued(spec));
  auto& model = std::get<BpeModelSpec>(spec.model);
  TOK_ASSIGN_OR_RETURN(model.merges, MergeListOf(spec));
  if (model.mode == BpeModelSpec::Mode::kRank) model.ignore_merges = true;  // ranks look whole pieces up
  model.mode = BpeModelSpec::Mode::kMergeList;
  GrowingVocabulary vocabulary(spec.vocabulary, model.merges);
  BaseTokenizer base(std::move(spec), std::move(vocabulary));
  TOK_RETURN_IF_ERROR(base.AddSpecialTokens(options.special_tokens));
  TOK_RETURN_IF_ERROR(base.AddBytes(options.whole_byte_alphabet));
  // In a byte-level file an added token may be spelled as the model's token of other bytes would be.
  for (const AddedToken& token : base.spec_.added_tokens) {
    std::string bytes;
    if (FromByteAlphabet(token.content, &bytes)) base.reserved_.insert(std::move(bytes));
  }
  if (options.vocab_size < base.vocabulary_.size()) {
    return MakeError(
        ErrorCode::kUsage, "size",
        Concat(options.vocab_size, " ids, but those to begin with are ", base.vocabulary_.size()),
        "choose a larger size");
  }
  return base;
}

// A token that the base's model has already becomes special with the id it has, as in Hugging Face.
absl::Status BaseTokenizer::AddSpecialTokens(const std::vector<std::string>& contents) {
  for (const std::string& content : contents) {
    const auto has_content = [&](const AddedToken& token) { return token.content == content; };
    const auto known = std::find_if(spec_.added_tokens.begin(), spec_.added_tokens.end(), has_content);
    if (known != spec_.added_tokens.end()) {
      if (known->special) continue;
      return MakeError(ErrorCode::kUsage, Concat("special token '", content, "'"),
                       "is an added token of the base that is not special", "leave it out");
    }
    std::string bytes;
    AddedToken token;
    token.content = content;
    token.special = true;
    token.id = FromByteAlphabet(content, &bytes) ? spec_.vocabulary.Find(bytes) : kNoToken;
    if (token.id == kNoToken) token.id = vocabulary_.AddToken(content);
    spec_.added_tokens.push_back(std::move(token));
  }
  n_unlearned_ = vocabulary_.size();
  return absl::OkStatus();
}

// Missing ones in the order of the alphabet that training begins with otherwise.
absl::Status BaseTokenizer::AddBytes(bool adds_missing) {
  std::vector<uint8_t> bytes;
  for (unsigned b = 0; b < byte_ids_.size(); ++b) {
    const char byte = static_cast<char>(b);
    byte_ids_[b] = spec_.vocabulary.Find(std::string_view(&byte, 1));
    if (byte_ids_[b] == kNoToken) bytes.push_back(static_cast<uint8_t>(b));
  }
  if (!adds_missing && !bytes.empty() && std::get<BpeModelSpec>(spec_.model).unk_token.has_value()) {
    return Refuse("not every byte is a token, and others become unk_token");
  }
  std::sort(bytes.begin(), bytes.end(),
            [](uint8_t a, uint8_t b) { return ByteAlphabetChar(a) < ByteAlphabetChar(b); });
  for (const uint8_t byte : bytes) {
    if (adds_missing) byte_ids_[byte] = vocabulary_.AddToken(std::string(1, static_cast<char>(byte)));
  }
  return absl::OkStatus();
}

void BaseTokenizer::Spell(std::string_view piece, std::vector<TokenId>* tokens) const {
  if (std::get<BpeModelSpec>(spec_.model).ignore_merges) {
    if (const TokenId whole = spec_.vocabulary.Find(piece); whole != kNoToken) {
      tokens->push_back(whole);
      return;
    }
  }
  for (const char byte : piece) {
    const TokenId id = byte_ids_[static_cast<unsigned char>(byte)];
    if (id != kNoToken) tokens->push_back(id);
  }
}

bool BaseTokenizer::IsTaken(const GrowingVocabulary& vocabulary, TokenId left, TokenId right) const {
  const std::string merged = Concat(vocabulary.tokens()[left], vocabulary.tokens()[right]);
  return vocabulary.Has(merged) || reserved_.contains(merged);
}

absl::StatusOr<TokenizerSpec> BaseTokenizer::With(const GrowingVocabulary& vocabulary) const {
  TokenizerSpec spec = spec_;
  spec.name = "trained";
  spec.source_format = "tok train";
  VocabularyBuilder builder;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const bool is_new = id >= spec_.vocabulary.size();
    const TokenKind kind = !is_new             ? spec_.vocabulary.Kind(id)
                           : id < n_unlearned_ ? TokenKind::kAdded
                                               : TokenKind::kNormal;
    if (kind == TokenKind::kAbsent) continue;
    TOK_RETURN_IF_ERROR(
        builder.Add(id, vocabulary.tokens()[id], kind, is_new ? 0.0 : spec_.vocabulary.Score(id)));
  }
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(builder).Build());
  std::get<BpeModelSpec>(spec.model).merges = vocabulary.merges();
  return spec;
}

absl::StatusOr<PieceRules> RulesOfBase(const TokenizerSpec& base) {
  TOK_RETURN_IF_ERROR(CheckCanBeContinued(base));
  return PieceRules{base.unicode_profile, base.alphabet, base.normalizers, base.pre_tokenizers};
}

}  // namespace tok
