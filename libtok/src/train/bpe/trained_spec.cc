#include "src/train/bpe/trained_spec.h"

#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {
namespace {

// What undoes the pre-tokenizers: those that rewrite text have a decoder of the same name.
std::vector<decoder::Step> DecodersOf(const PieceRules& rules, const BpeTrainerOptions& options) {
  std::vector<decoder::Step> steps;
  if (rules.alphabet == VocabularyAlphabet::kBytes) steps.push_back(decoder::ByteLevel{});
  for (const pretokenizer::Step& step : rules.pre_tokenizers) {
    if (const auto* metaspace = std::get_if<pretokenizer::Metaspace>(&step)) {
      steps.push_back(
          decoder::Metaspace{metaspace->replacement, metaspace->prepend_scheme, metaspace->split});
    }
  }
  if (!options.continuing_subword_prefix.empty()) {
    steps.push_back(decoder::WordPiece{options.continuing_subword_prefix, /*cleanup=*/false});
  }
  if (!options.end_of_word_suffix.empty()) steps.push_back(decoder::BpeSuffix{options.end_of_word_suffix});
  return steps;
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
  spec.decoder.steps = DecodersOf(rules, options);
  const bool is_bytes = rules.alphabet == VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) {
    const bool is_special = id < special_tokens.size();
    std::string bytes;
    // In a byte-level file such a special token is spelled with characters that stand for no byte.
    const bool is_literal = is_special && is_bytes && !FromByteAlphabet(special_tokens[id], &bytes);
    TOK_RETURN_IF_ERROR(builder.Add(id, tokens[id], is_literal ? TokenKind::kLiteral : TokenKind::kNormal));
  }
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(builder).Build());
  for (TokenId id = 0; id < special_tokens.size(); ++id) {
    AddedToken token;
    token.id = id;
    token.content = special_tokens[id];
    token.special = true;
    spec.added_tokens.push_back(std::move(token));
  }
  BpeModelSpec model;
  model.mode = BpeModelSpec::Mode::kMergeList;
  model.merges = merges;
  model.continuing_subword_prefix = options.continuing_subword_prefix;
  model.end_of_word_suffix = options.end_of_word_suffix;
  spec.model = std::move(model);
  return spec;
}

}  // namespace tok
