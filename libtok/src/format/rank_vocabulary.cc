#include "src/format/rank_vocabulary.h"

#include <algorithm>
#include <array>

#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

AddedToken Special(std::string_view content, TokenId id) {
  AddedToken token;
  token.id = id;
  token.content = content;
  token.special = true;
  return token;
}

std::vector<AddedToken> R50kSpecials() { return {Special("<|endoftext|>", 50256)}; }

std::vector<AddedToken> P50kEditSpecials() {
  return {Special("<|endoftext|>", 50256), Special("<|fim_prefix|>", 50281), Special("<|fim_middle|>", 50282),
          Special("<|fim_suffix|>", 50283)};
}

std::vector<AddedToken> Cl100kSpecials() {
  return {Special("<|endoftext|>", 100257), Special("<|fim_prefix|>", 100258),
          Special("<|fim_middle|>", 100259), Special("<|fim_suffix|>", 100260),
          Special("<|endofprompt|>", 100276)};
}

std::vector<AddedToken> O200kSpecials() {
  return {Special("<|endoftext|>", 199999), Special("<|endofprompt|>", 200018)};
}

std::vector<AddedToken> HarmonySpecials() {
  constexpr TokenId kFirst = 199998, kEnd = 201088;
  std::vector<AddedToken> tokens = O200kSpecials();
  const auto name = [&](TokenId id, std::string_view content) { tokens.push_back(Special(content, id)); };
  name(199998, "<|startoftext|>");
  name(200002, "<|return|>");
  name(200003, "<|constrain|>");
  name(200005, "<|channel|>");
  name(200006, "<|start|>");
  name(200007, "<|end|>");
  name(200008, "<|message|>");
  name(200012, "<|call|>");
  for (TokenId id = kFirst; id < kEnd; ++id) {
    const bool named =
        std::any_of(tokens.begin(), tokens.end(), [&](const AddedToken& token) { return token.id == id; });
    if (!named) name(id, Concat("<|reserved_", id, "|>"));
  }
  std::sort(tokens.begin(), tokens.end(),
            [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  name(200018, "<|reserved_200018|>");  // a second content of <|endofprompt|>'s id
  return tokens;
}

constexpr std::string_view kR50kHash = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930";
constexpr std::string_view kP50kHash = "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069";
constexpr std::string_view kCl100kHash = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7";
constexpr std::string_view kO200kHash = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d";

constexpr StandardEncoding kEncodings[] = {
    {"gpt2", kR50kHash, "p50k_base", 50256, "gpt2", R50kSpecials},
    {"r50k_base", kR50kHash, "p50k_base", 50256, "gpt2", R50kSpecials},
    {"p50k_base", kP50kHash, "p50k_base", 50281, "gpt2", R50kSpecials},
    {"p50k_edit", kP50kHash, "p50k_base", 50281, "gpt2", P50kEditSpecials},
    {"cl100k_base", kCl100kHash, "cl100k_base", 100256, "cl100k", Cl100kSpecials},
    {"o200k_base", kO200kHash, "o200k_base", 199998, "o200k", O200kSpecials},
    {"o200k_harmony", kO200kHash, "o200k_base", 199998, "o200k", HarmonySpecials},
};

bool IsWord(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// "cl100k" of "cl100k" and of the encoding's name "cl100k_base".
std::string_view RegexOfName(std::string_view name) {
  for (const StandardEncoding& encoding : kEncodings) {
    if (name == encoding.name) return PatternByName(encoding.pattern_name);
  }
  return PatternByName(name);
}

absl::Status CheckBytes(const Vocabulary& vocabulary, std::string_view place) {
  std::array<TokenId, 256> byte_ids;
  if (FindByteIds(vocabulary, &byte_ids)) return absl::OkStatus();
  const auto missing = std::find(byte_ids.begin(), byte_ids.end(), kNoToken);
  return MakeError(ErrorCode::kBadVocabulary, place,
                   Concat("has no token for byte ", missing - byte_ids.begin()),
                   "all 256 single bytes must be tokens");
}

absl::Status CheckSpecials(const std::vector<AddedToken>& tokens, std::string_view place) {
  std::vector<std::string_view> contents;
  for (const AddedToken& token : tokens) {
    if (token.content.empty() || token.id == kNoToken) {
      return MakeError(ErrorCode::kUsage, place, "a special token has no content or no id", "give both");
    }
    contents.push_back(token.content);
  }
  std::sort(contents.begin(), contents.end());
  const auto twice = std::adjacent_find(contents.begin(), contents.end());
  if (twice == contents.end()) return absl::OkStatus();
  return MakeError(ErrorCode::kBadVocabulary, place,
                   Concat("special token ", Quoted(*twice), " is given twice"), "keep one of the two");
}

}  // namespace

std::span<const StandardEncoding> StandardEncodings() { return kEncodings; }

const StandardEncoding* EncodingOfFile(std::string_view sha256) {
  for (const StandardEncoding& encoding : kEncodings) {
    if (encoding.sha256 == sha256) return &encoding;
  }
  return nullptr;
}

std::vector<pretokenizer::Step> StepsOfRegex(std::string_view regex) {
  pretokenizer::Split split;
  split.pattern = {true, std::string(regex)};
  PatternFamily family;
  if (!RecognizePattern(regex, RegexDialect::kRust, &family)) {
    split.behavior = pretokenizer::Behavior::kRemoved;  // what lies between matches is no piece
    split.invert = true;
  }
  return {std::move(split)};
}

absl::StatusOr<std::vector<pretokenizer::Step>> StepsOfPattern(std::string_view name_or_regex) {
  if (name_or_regex == "none") return std::vector<pretokenizer::Step>();
  const std::string_view regex = RegexOfName(name_or_regex);
  if (regex.empty() && IsWord(name_or_regex)) {
    return MakeError(ErrorCode::kUsage, "pattern", Concat(Quoted(name_or_regex), " is no known pattern"),
                     "use gpt2, cl100k, o200k, llama3, qwen, none or a regular expression");
  }
  return StepsOfRegex(regex.empty() ? name_or_regex : regex);
}

absl::StatusOr<TokenizerSpec> MakeRankSpec(VocabularyBuilder builder, std::vector<pretokenizer::Step> steps,
                                           std::vector<AddedToken> special_tokens, std::string_view place) {
  TOK_RETURN_IF_ERROR(CheckSpecials(special_tokens, place));
  TokenizerSpec spec;
  spec.unicode_profile = UnicodeProfileName::kTiktoken;
  spec.alphabet = VocabularyAlphabet::kBytes;
  absl::flat_hash_set<TokenId> special_ids;
  for (AddedToken& token : special_tokens) {
    token.special = true;
    if (!special_ids.insert(token.id).second)
      continue;  // one id may have several contents; it decodes to the first
    const absl::Status added = builder.Add(token.id, token.content, TokenKind::kAdded);
    if (!added.ok()) return AtPlace(Concat(place, ": special token ", Quoted(token.content)), added);
  }
  absl::StatusOr<Vocabulary> vocabulary = std::move(builder).Build();
  if (!vocabulary.ok()) return AtPlace(place, vocabulary.status());
  TOK_RETURN_IF_ERROR(CheckBytes(*vocabulary, place));
  spec.vocabulary = *std::move(vocabulary);
  spec.added_tokens = std::move(special_tokens);
  spec.pre_tokenizers = std::move(steps);
  BpeModelSpec model;
  model.mode = BpeModelSpec::Mode::kRank;
  model.ignore_merges = true;  // tiktoken looks a whole piece up before it merges
  spec.model = std::move(model);
  return spec;
}

}  // namespace tok
