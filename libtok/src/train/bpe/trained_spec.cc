#include "src/train/bpe/trained_spec.h"

#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/train/bpe/extra_tokens.h"
#include "src/train/pieces/rules_decoder.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {
namespace {

DecoderSpec DecoderWithAffixes(const PieceRules& rules, const BpeTrainerOptions& options) {
  const bool has_prefix = !options.continuing_subword_prefix.empty(),
             has_suffix = !options.end_of_word_suffix.empty();
  DecoderSpec decoder = DecoderOf(rules);
  if (!has_prefix && !has_suffix) return decoder;
  // Affixes say where words end.
  std::erase_if(decoder.steps,
                [](const decoder::Step& step) { return std::holds_alternative<decoder::Fuse>(step); });
  if (has_prefix) decoder.steps.push_back(decoder::WordPiece{options.continuing_subword_prefix, false});
  if (has_suffix) decoder.steps.push_back(decoder::BpeSuffix{options.end_of_word_suffix});
  decoder.join_with_spaces = false;
  return decoder;
}

}  // namespace

absl::StatusOr<TokenizerSpec> MakeTrainedSpec(const PieceRules& rules, const BpeTrainerOptions& options,
                                              const std::vector<std::string>& tokens,
                                              const std::vector<std::string>& special_tokens,
                                              const std::vector<Merge>& merges) {
  TokenizerSpec spec;
  spec.name = "trained";
  spec.source_format = "tok train";
  spec.unicode_profile = rules.unicode_profile;
  spec.alphabet = rules.alphabet;
  spec.normalizers = rules.normalizers;
  spec.pre_tokenizers = rules.pre_tokenizers;
  spec.decoder = DecoderWithAffixes(rules, options);
  const bool is_bytes = rules.alphabet == VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) {
    const bool is_special = id < special_tokens.size();
    std::string bytes;
    // In a byte-level file such a special token is spelled with characters that stand for no byte.
    const bool is_literal = is_special && is_bytes && !FromByteAlphabet(special_tokens[id], &bytes);
    TOK_RETURN_IF_ERROR(builder.Add(id, tokens[id], is_literal ? TokenKind::kLiteral : TokenKind::kNormal));
  }
  TOK_ASSIGN_OR_RETURN(const std::vector<ExtraToken> extra,
                       NumberExtraTokens(options, rules.alphabet, tokens));
  for (const ExtraToken& token : extra) {
    if (token.is_new) TOK_RETURN_IF_ERROR(builder.Add(token.id, token.bytes, TokenKind::kAdded));
  }
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(builder).Build());
  for (TokenId id = 0; id < special_tokens.size(); ++id) {
    AddedToken token;
    token.id = id;
    token.content = special_tokens[id];
    token.special = true;
    spec.added_tokens.push_back(std::move(token));
  }
  for (const ExtraToken& token : extra) {
    spec.added_tokens.push_back({.id = token.id, .content = token.content, .normalized = true});
  }
  BpeModelSpec model;
  model.mode = BpeModelSpec::Mode::kMergeList;
  model.merges = merges;
  model.continuing_subword_prefix = options.continuing_subword_prefix;
  model.end_of_word_suffix = options.end_of_word_suffix;
  model.unk_token = options.unk_token;
  model.fuse_unk = options.fuse_unk;
  spec.model = std::move(model);
  return spec;
}

}  // namespace tok
