#include <absl/strings/numbers.h>

#include <algorithm>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/base64.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/rank_vocabulary.h"
#include "src/format/sha256.h"
#include "src/format/tokenizer_json.h"
#include "tok/formats.h"

namespace tok {
namespace {

// "IQ== 0": the bytes and their rank.
absl::Status AddLine(std::string_view line, std::string_view place, VocabularyBuilder* builder,
                     std::string* bytes) {
  const size_t space = line.find(' ');
  const std::string_view encoded = line.substr(0, space);
  bytes->clear();
  if (space == std::string_view::npos || encoded.empty() || !DecodeBase64(encoded, bytes)) {
    return MakeError(ErrorCode::kBadFormat, place,
                     Concat(Quoted(line), " is not a token in base64, a space and its rank"),
                     "give a .tiktoken file");
  }
  const std::string_view digits = line.substr(space + 1);
  const bool is_number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number)
    return MakeError(ErrorCode::kBadFormat, place, Concat(Quoted(digits), " is no rank"), "correct the file");
  uint32_t rank = 0;
  if (!absl::SimpleAtoi(AbslView(digits), &rank) || rank > kMaxTokenId) {
    return MakeError(ErrorCode::kBadVocabulary, place,
                     Concat("rank ", Quoted(digits), " is above ", kMaxTokenId), "correct the file");
  }
  return AtPlace(place, builder->Add(rank, *bytes));
}

absl::Status ReadLines(std::string_view bytes, std::string_view place, VocabularyBuilder* builder) {
  std::string token;
  uint64_t line_number = 0;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    std::string_view line = bytes.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++line_number;
    if (!line.empty()) {
      const absl::Status added = AddLine(line, {}, builder, &token);
      if (!added.ok()) return AtPlace(Concat(place, ":", line_number), added);
    }
    begin = end + 1;
  }
  if (builder->n_tokens() == 0)
    return MakeError(ErrorCode::kBadFormat, place, "has no tokens", "give a .tiktoken file");
  return absl::OkStatus();
}

// A file's content tells pattern and special tokens unless the caller does.
absl::StatusOr<const StandardEncoding*> KnownEncoding(std::string_view bytes, std::string_view place) {
  const StandardEncoding* encoding = EncodingOfFile(Sha256Hex(bytes));
  if (encoding != nullptr) return encoding;
  return MakeError(
      ErrorCode::kUsage, place,
      "is no published .tiktoken file, and the format carries neither pattern nor special tokens",
      "give the pattern (a name or a regular expression) and every special token: tok convert IN OUT "
      "--pattern PATTERN --special TOKEN=ID");
}

}  // namespace

absl::StatusOr<TokenizerSpec> ParseTiktoken(std::string_view bytes, std::string_view place,
                                            const ReadOptions& options) {
  VocabularyBuilder builder;
  TOK_RETURN_IF_ERROR(ReadLines(bytes, place, &builder));
  std::string_view pattern = options.pattern;
  std::vector<AddedToken> special_tokens = options.special_tokens;
  std::string name = StemOf(place);
  if (pattern.empty()) {
    TOK_ASSIGN_OR_RETURN(const StandardEncoding* const encoding, KnownEncoding(bytes, place));
    pattern = encoding->pattern_name;
    name = encoding->name;
    if (special_tokens.empty()) special_tokens = encoding->special_tokens();
  }
  TOK_ASSIGN_OR_RETURN(std::vector<pretokenizer::Step> steps, StepsOfPattern(pattern));
  TOK_ASSIGN_OR_RETURN(TokenizerSpec spec,
                       MakeRankSpec(std::move(builder), std::move(steps), std::move(special_tokens), place));
  spec.name = std::move(name);
  spec.source_format = "tiktoken";
  return spec;
}

absl::StatusOr<std::string> SerializeTiktoken(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckExpressibleAsRanks(spec));
  const std::vector<bool> is_rank = ModelTokens(spec);
  std::string text;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (!is_rank[id]) continue;
    AppendBase64(spec.vocabulary.Bytes(id), &text);
    text += Concat(" ", id, "\n");
  }
  return text;
}

}  // namespace tok
