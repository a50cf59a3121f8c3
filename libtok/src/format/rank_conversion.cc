#include "src/format/rank_conversion.h"

#include <algorithm>
#include <array>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

constexpr std::string_view kTiktoken = ".tiktoken";

std::string TokenForMessage(const TokenizerSpec& spec, TokenId id) {
  return Concat("token ", id, " (", Quoted(spec.vocabulary.Bytes(id)), ")");
}

// The model's own tokens with their ids; added tokens are no ranks even where the vocabulary lists them.
absl::StatusOr<Vocabulary> RankedTokens(const TokenizerSpec& spec) {
  const std::vector<bool> is_model_token = ModelTokens(spec);
  VocabularyBuilder builder;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (is_model_token[id]) TOK_RETURN_IF_ERROR(builder.Add(id, spec.vocabulary.Bytes(id)));
  }
  return std::move(builder).Build();
}

std::vector<MergeRule> RulesInOrder(const MergeTable& table) {
  std::vector<MergeRule> rules;
  for (const MergeRule& rule : table.slots()) {
    if (rule.left != kNoToken) rules.push_back(rule);
  }
  std::sort(rules.begin(), rules.end(),
            [](const MergeRule& a, const MergeRule& b) { return a.rank < b.rank; });
  return rules;
}

absl::StatusOr<std::vector<MergeRule>> CanonicalMerges(const TokenizerSpec& spec, const Vocabulary& ranked) {
  std::array<TokenId, 256> byte_ids;
  if (!FindByteIds(ranked, &byte_ids)) {
    return MakeError(ErrorCode::kLossyConversion, spec.name, "not every byte is a token, as ranks need");
  }
  TOK_ASSIGN_OR_RETURN(const MergeTable table, BuildRankTable(ranked, byte_ids));
  return RulesInOrder(table);
}

absl::Status CheckMergeOrder(const TokenizerSpec& spec, const BpeModelSpec& bpe) {
  TOK_ASSIGN_OR_RETURN(const Vocabulary ranked, RankedTokens(spec));
  TOK_ASSIGN_OR_RETURN(const std::vector<MergeRule> canonical, CanonicalMerges(spec, ranked));
  TOK_ASSIGN_OR_RETURN(const MergeTable listed, BuildMergeListTable(bpe, spec.vocabulary));
  uint32_t previous = 0;
  for (const MergeRule& rule : canonical) {
    const MergeRule& same = listed.Find(rule.left, rule.right);
    if (same.rank == kNoRank) {
      return Inexpressible(
          spec, kTiktoken,
          Concat("that ", TokenForMessage(spec, rule.merged), " is not merged from ",
                 TokenForMessage(spec, rule.left), " and ", TokenForMessage(spec, rule.right)));
    }
    if (same.rank < previous) {
      return Inexpressible(
          spec, kTiktoken,
          Concat("that ", TokenForMessage(spec, rule.merged), " is merged before tokens with lower ids"));
    }
    previous = same.rank;
  }
  if (bpe.ignore_merges) return absl::OkStatus();
  TOK_ASSIGN_OR_RETURN(const TokenId missed, FirstTokenMergingMisses(spec, bpe.merges));
  if (missed == kNoToken) return absl::OkStatus();
  return Inexpressible(spec, kTiktoken, Concat("that no text becomes ", TokenForMessage(spec, missed)));
}

// The steps must be what one pattern can say.
absl::Status CheckOnePattern(const TokenizerSpec& spec) {
  const auto& steps = spec.pre_tokenizers;
  size_t n_patterns = 0;
  for (const pretokenizer::Step& step : steps) {
    if (const auto* split = std::get_if<pretokenizer::Split>(&step)) {
      const bool drops = split->behavior == pretokenizer::Behavior::kRemoved && split->invert;
      if (!drops && split->behavior != pretokenizer::Behavior::kIsolated) {
        return Inexpressible(spec, kTiktoken, "its split behavior");
      }
      ++n_patterns;
    } else if (const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&step)) {
      if (byte_level->add_prefix_space) return Inexpressible(spec, kTiktoken, "add_prefix_space");
      n_patterns += byte_level->use_regex;
    } else {
      return Inexpressible(spec, kTiktoken, "its pre-tokenizers");
    }
  }
  if (n_patterns > 1) return Inexpressible(spec, kTiktoken, "a chain of several patterns");
  return absl::OkStatus();
}

// What Oniguruma (Ruby syntax) reads differently from tiktoken's engine: anchors at lines, and `{n,m}+` as a count of
// counts.
bool MeansTheSameInOniguruma(std::string_view regex) {
  bool in_class = false;
  for (size_t i = 0; i < regex.size(); ++i) {
    const char c = regex[i];
    if (c == '\\') {
      ++i;
      // \p{L}: these braces hold no count.
      const bool is_property = i < regex.size() && (regex[i] == 'p' || regex[i] == 'P');
      if (is_property && regex.substr(i + 1, 1) == "{") i = std::min(regex.find('}', i), regex.size());
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (in_class) continue;
    if (c == '^' || c == '$') return false;
    if (c == '}' && i + 1 < regex.size() && regex[i + 1] == '+') return false;
  }
  return true;
}

}  // namespace

absl::Status Inexpressible(const TokenizerSpec& spec, std::string_view format, std::string_view feature,
                           std::string_view remedy) {
  return MakeError(ErrorCode::kLossyConversion, spec.name, Concat(format, " cannot express ", feature),
                   remedy);
}

absl::Status CheckOwnScheme(const TokenizerSpec& spec, std::string_view format) {
  if (spec.scheme.kind == Scheme::Kind::kOwn) return absl::OkStatus();
  return Inexpressible(spec, format, Concat("the scheme ", SchemeName(spec.scheme)), "write a .tok file");
}

std::vector<bool> ModelTokens(const TokenizerSpec& spec) {
  std::vector<bool> is_model_token(spec.vocabulary.size());
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    is_model_token[id] = IsMatchable(spec.vocabulary.Kind(id));
  }
  for (const AddedToken& token : spec.added_tokens) {
    if (token.id < is_model_token.size()) is_model_token[token.id] = false;
  }
  return is_model_token;
}

absl::StatusOr<std::vector<Merge>> MergeListOf(const TokenizerSpec& spec) {
  const auto& bpe = std::get<BpeModelSpec>(spec.model);
  if (bpe.mode == BpeModelSpec::Mode::kMergeList) return bpe.merges;
  TOK_ASSIGN_OR_RETURN(const Vocabulary ranked, RankedTokens(spec));
  TOK_ASSIGN_OR_RETURN(const std::vector<MergeRule> rules, CanonicalMerges(spec, ranked));
  std::vector<Merge> merges;
  for (const MergeRule& rule : rules) merges.push_back({rule.left, rule.right});
  return merges;
}

absl::StatusOr<TokenId> FirstTokenMergingMisses(const TokenizerSpec& spec, const std::vector<Merge>& merges) {
  BpeModelSpec by_merges = std::get<BpeModelSpec>(spec.model);
  by_merges.mode = BpeModelSpec::Mode::kMergeList;
  by_merges.merges = merges;
  by_merges.ignore_merges = false;
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<const PieceModel> model,
                       MakeBpeModel(by_merges, spec.vocabulary, spec.alphabet));
  const std::unique_ptr<PieceScratch> scratch = model->MakeScratch();
  const std::vector<bool> is_model_token = ModelTokens(spec);
  std::vector<PieceToken> pieces;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (!is_model_token[id]) continue;
    pieces.clear();
    TOK_RETURN_IF_ERROR(model->Encode(spec.vocabulary.Bytes(id), scratch.get(), &pieces));
    if (pieces.size() != 1 || pieces.front().id != id) return id;
  }
  return kNoToken;
}

absl::Status CheckExpressibleAsRanks(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckOwnScheme(spec, kTiktoken));
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr || spec.alphabet != VocabularyAlphabet::kBytes ||
      bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return Inexpressible(spec, kTiktoken, "a model that is not byte-level BPE");
  }
  if (!spec.normalizers.empty()) return Inexpressible(spec, kTiktoken, "a normalizer");
  if (!spec.post_processor.single.empty())
    return Inexpressible(spec, kTiktoken, "a post-processor's template");
  if (bpe->dropout.value_or(0.0) > 0.0) return Inexpressible(spec, kTiktoken, "dropout");
  TOK_RETURN_IF_ERROR(CheckOnePattern(spec));
  for (const AddedToken& token : spec.added_tokens) {
    if (token.single_word || token.lstrip || token.rstrip || token.normalized) {
      return Inexpressible(spec, kTiktoken, Concat("the flags of added token ", Quoted(token.content)));
    }
  }
  return bpe->mode == BpeModelSpec::Mode::kRank ? absl::OkStatus() : CheckMergeOrder(spec, *bpe);
}

absl::StatusOr<Pattern> HuggingFacePattern(const TokenizerSpec& spec, const Pattern& pattern) {
  PatternFamily family;
  if (!pattern.is_regex || spec.unicode_profile != UnicodeProfileName::kTiktoken) return pattern;
  if (RecognizePattern(pattern.text, RegexDialect::kRust, &family)) {
    return Pattern{true, std::string(PatternOf(family, RegexDialect::kOniguruma))};
  }
  if (MeansTheSameInOniguruma(pattern.text)) return pattern;
  return Inexpressible(spec, "tokenizer.json",
                       Concat("the pattern ", Quoted(pattern.text),
                              ", which its regular "
                              "expression engine reads differently"));
}

}  // namespace tok
