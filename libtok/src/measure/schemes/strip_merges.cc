#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "src/base/random_stream.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_bpe.h"
#include "tok/merge_surgery.h"

namespace tok {
namespace {

bool NeedsVocabularyAlone(const Scheme& scheme, const Vocabulary& vocabulary) {
  switch (scheme.kind) {
    case Scheme::Kind::kLongestPrefix:
    case Scheme::Kind::kLongestSuffix:
    case Scheme::Kind::kLongestToken:
    case Scheme::Kind::kFlota:
    case Scheme::Kind::kFewestTokens: return true;
    case Scheme::Kind::kWeighted: return vocabulary.HasScores();
    default: return false;
  }
}

// Tokens that nothing but text refers to.
std::vector<TokenId> OrdinaryTokens(const TokenizerSpec& spec, const BpeModelSpec& bpe) {
  const Vocabulary& vocabulary = spec.vocabulary;
  std::vector<bool> is_named(vocabulary.size());
  const auto name = [&](TokenId id) {
    if (id < is_named.size()) is_named[id] = true;
  };
  for (const AddedToken& token : spec.added_tokens) name(token.id);
  for (const auto* items : {&spec.post_processor.single, &spec.post_processor.pair}) {
    for (const TemplateItem& item : *items) {
      for (const TokenId id : item.ids) name(id);
    }
  }
  if (bpe.unk_token) name(vocabulary.Find(*bpe.unk_token));
  std::vector<TokenId> ordinary;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(id) == TokenKind::kNormal && !is_named[id]) ordinary.push_back(id);
  }
  return ordinary;
}

// Deals the ids out anew: new_ids[id] for each of them, others as they are.
void Permute(const std::vector<TokenId>& ids, uint64_t seed, std::vector<TokenId>* new_ids) {
  std::vector<TokenId> dealt = ids;
  RandomStream random(seed);
  for (size_t i = dealt.size(); i > 1; --i) std::swap(dealt[i - 1], dealt[random.Below(i)]);
  for (size_t i = 0; i < ids.size(); ++i) (*new_ids)[ids[i]] = dealt[i];
}

absl::StatusOr<Vocabulary> Renumbered(const Vocabulary& vocabulary, const std::vector<TokenId>& new_ids) {
  VocabularyBuilder builder;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (new_ids[id] == kNoToken) continue;
    TOK_RETURN_IF_ERROR(
        builder.Add(new_ids[id], vocabulary.Bytes(id), vocabulary.Kind(id), vocabulary.Score(id)));
  }
  return std::move(builder).Build();
}

}  // namespace

absl::StatusOr<StrippedTokenizer> StripMerges(const TokenizerSpec& spec, const StripOptions& options) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  // The scores of a SentencePiece model are its merges again.
  if (bpe == nullptr || bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return MakeError(ErrorCode::kUnsupportedFeature, "merges", "there is no list to strip",
                     "give a BPE tokenizer");
  }
  if (!NeedsVocabularyAlone(options.scheme, spec.vocabulary)) {
    return MakeError(ErrorCode::kUsage, Concat("scheme ", SchemeName(options.scheme)),
                     "needs what is stripped",
                     "use longest-prefix, longest-suffix, longest-token, flota or fewest-tokens");
  }
  StrippedTokenizer stripped;
  stripped.spec = spec;
  stripped.spec.scheme = options.scheme;
  BpeModelSpec model = *bpe;
  model.mode = BpeModelSpec::Mode::kMergeList;
  model.merges.clear();
  model.ignore_merges = false;
  stripped.new_ids.assign(spec.vocabulary.size(), kNoToken);
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (spec.vocabulary.Contains(id)) stripped.new_ids[id] = id;
  }
  if (options.permute) Permute(OrdinaryTokens(spec, model), options.seed, &stripped.new_ids);
  TOK_ASSIGN_OR_RETURN(stripped.spec.vocabulary, Renumbered(spec.vocabulary, stripped.new_ids));
  stripped.spec.model = std::move(model);
  return stripped;
}

absl::StatusOr<TokenizerSpec> AsWordPiece(const TokenizerSpec& spec) {
  std::array<TokenId, 256> byte_ids;
  const bool is_byte_level =
      spec.alphabet == VocabularyAlphabet::kBytes && FindByteIds(spec.vocabulary, &byte_ids);
  if (spec.scheme.kind != Scheme::Kind::kLongestPrefix || !is_byte_level) {
    return MakeError(ErrorCode::kLossyConversion, spec.name,
                     "tokenizer.json has words for longest-prefix over all bytes only", "write a .tok file");
  }
  constexpr uint64_t kAnyLength = uint64_t{1} << 31;
  TokenizerSpec json = spec;
  json.scheme = Scheme();
  // Never needed, as every byte is a token; the format wants a name.
  json.model = WordPieceModelSpec{
      .unk_token = "<unk>", .continuing_subword_prefix = "", .max_input_chars_per_word = kAnyLength};
  return json;
}

}  // namespace tok
