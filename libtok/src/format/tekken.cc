#include <algorithm>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/base64.h"
#include "src/format/json_reading.h"
#include "src/format/rank_vocabulary.h"
#include "src/format/tokenizer_json.h"
#include "tok/formats.h"

namespace tok {
namespace {

// Files up to version 7 do not list their special tokens.
constexpr std::string_view kImpliedSpecials[] = {"<unk>",
                                                 "<s>",
                                                 "</s>",
                                                 "[INST]",
                                                 "[/INST]",
                                                 "[AVAILABLE_TOOLS]",
                                                 "[/AVAILABLE_TOOLS]",
                                                 "[TOOL_RESULTS]",
                                                 "[/TOOL_RESULTS]",
                                                 "[TOOL_CALLS]",
                                                 "[IMG]",
                                                 "<pad>",
                                                 "[IMG_BREAK]",
                                                 "[IMG_END]",
                                                 "[PREFIX]",
                                                 "[MIDDLE]",
                                                 "[SUFFIX]",
                                                 "[SYSTEM_PROMPT]",
                                                 "[/SYSTEM_PROMPT]",
                                                 "[TOOL_CONTENT]"};

struct Config {
  std::string pattern;
  uint64_t vocab_size = 0;
  uint64_t n_specials = 0;
};

// A member of a section whose other members (image, audio, chat settings) are none of a tokenizer's business.
absl::StatusOr<JsonNode> Member(const JsonNode& object, std::string_view name) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, object.Object());
  uint64_t ordinal = 0;
  for (const simdjson::dom::key_value_pair member : members) {
    if (member.key == name) return object.Child(member.key, ordinal, member.value);
    ++ordinal;
  }
  return object.Error(ErrorCode::kBadFormat, Concat("has no ", Quoted(name)), "give a complete tekken.json");
}

absl::StatusOr<Config> ReadConfig(const JsonNode& root) {
  TOK_ASSIGN_OR_RETURN(const JsonNode node, Member(root, "config"));
  Config config;
  TOK_ASSIGN_OR_RETURN(const JsonNode pattern, Member(node, "pattern"));
  TOK_ASSIGN_OR_RETURN(const std::string_view pattern_text, pattern.String());
  config.pattern = pattern_text;
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab_size, Member(node, "default_vocab_size"));
  TOK_ASSIGN_OR_RETURN(config.vocab_size, vocab_size.Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
  TOK_ASSIGN_OR_RETURN(const JsonNode n_specials, Member(node, "default_num_special_tokens"));
  TOK_ASSIGN_OR_RETURN(config.n_specials, n_specials.Unsigned(config.vocab_size, ErrorCode::kBadVocabulary));
  return config;
}

absl::Status ReadRanks(const JsonNode& root, const Config& config, VocabularyBuilder* builder) {
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab, Member(root, "vocab"));
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array entries, vocab.Array());
  const uint64_t n_ranks = config.vocab_size - config.n_specials;
  uint64_t rank = 0;
  std::string bytes;
  for (const simdjson::dom::element element : entries) {
    if (rank == n_ranks) return absl::OkStatus();  // files list more tokens than their configuration uses
    const JsonNode entry = vocab.Child({}, rank, element);
    TOK_ASSIGN_OR_RETURN(const JsonNode rank_node, Member(entry, "rank"));
    TOK_ASSIGN_OR_RETURN(const uint64_t claimed, rank_node.Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
    if (claimed != rank) {
      return rank_node.Error(ErrorCode::kBadVocabulary, Concat("is ", claimed, " at position ", rank),
                             "list the tokens in rank order");
    }
    TOK_ASSIGN_OR_RETURN(const JsonNode bytes_node, Member(entry, "token_bytes"));
    TOK_ASSIGN_OR_RETURN(const std::string_view encoded, bytes_node.String());
    bytes.clear();
    if (encoded.empty() || !DecodeBase64(encoded, &bytes)) {
      return bytes_node.Error(ErrorCode::kBadFormat, "is no token in base64", "correct the file");
    }
    const absl::Status added = builder->Add(static_cast<TokenId>(rank + config.n_specials), bytes);
    if (!added.ok()) return entry.At(added);
    ++rank;
  }
  if (rank == n_ranks) return absl::OkStatus();
  return vocab.Error(ErrorCode::kBadVocabulary, Concat("has ", rank, " tokens where ", n_ranks, " belong"),
                     "give a complete tekken.json");
}

absl::StatusOr<std::vector<std::string>> SpecialNames(const JsonNode& root, const Config& config) {
  std::vector<std::string> names(config.n_specials);
  if (!root.HasMember("special_tokens") || root.value().at_key("special_tokens").is_null()) {
    for (size_t i = 0; i < std::size(kImpliedSpecials) && i < names.size(); ++i)
      names[i] = kImpliedSpecials[i];
    return names;
  }
  TOK_ASSIGN_OR_RETURN(const JsonNode list, Member(root, "special_tokens"));
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array entries, list.Array());
  uint64_t ordinal = 0;
  for (const simdjson::dom::element element : entries) {
    const JsonNode entry = list.Child({}, ordinal++, element);
    TOK_ASSIGN_OR_RETURN(const JsonNode rank_node, Member(entry, "rank"));
    TOK_ASSIGN_OR_RETURN(const uint64_t rank, rank_node.Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
    TOK_ASSIGN_OR_RETURN(const JsonNode name_node, Member(entry, "token_str"));
    TOK_ASSIGN_OR_RETURN(const std::string_view name, name_node.String());
    if (rank >= names.size() || !names[rank].empty() || name.empty()) {
      return entry.Error(
          ErrorCode::kBadVocabulary,
          Concat("special token ", Quoted(name), " has a rank that is taken or above the number of ",
                 "special tokens, or no text"),
          "correct the file");
    }
    names[rank] = name;
  }
  return names;
}

}  // namespace

absl::StatusOr<TokenizerSpec> ParseTekken(std::string_view bytes, std::string_view place) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<JsonDocument> document, JsonDocument::Parse(bytes, place));
  const JsonNode root = document->root();
  TOK_ASSIGN_OR_RETURN(const Config config, ReadConfig(root));
  VocabularyBuilder builder;
  TOK_RETURN_IF_ERROR(ReadRanks(root, config, &builder));
  TOK_ASSIGN_OR_RETURN(const std::vector<std::string> names, SpecialNames(root, config));
  std::vector<AddedToken> special_tokens;
  for (TokenId id = 0; id < names.size(); ++id) {
    AddedToken token;
    token.id = id;
    token.content = names[id].empty() ? Concat("<SPECIAL_", id, ">") : names[id];
    token.special = true;
    special_tokens.push_back(std::move(token));
  }
  TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, MakeRankSpec(std::move(builder), StepsOfRegex(config.pattern),
                                                        std::move(special_tokens), place));
  spec.name = StemOf(place);
  spec.source_format = "tekken.json";
  return spec;
}

}  // namespace tok
