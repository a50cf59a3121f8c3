#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

using pretokenizer::Behavior;
using pretokenizer::Step;

constexpr uint64_t kMaxFixedLength = uint64_t{1} << 32;

absl::StatusOr<Behavior> ReadBehavior(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const std::string_view name, node.String());
  constexpr std::pair<std::string_view, Behavior> kBehaviors[] = {
      {"Removed", Behavior::kRemoved},
      {"Isolated", Behavior::kIsolated},
      {"MergedWithPrevious", Behavior::kMergedWithPrevious},
      {"MergedWithNext", Behavior::kMergedWithNext},
      {"Contiguous", Behavior::kContiguous},
  };
  for (const auto& [known, behavior] : kBehaviors) {
    if (name == known) return behavior;
  }
  return node.Error(ErrorCode::kUnsupportedFeature,
                    Concat("split behavior ", Quoted(name), " is not known to libtok"),
                    "use Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
}

absl::StatusOr<Step> ReadSplit(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "pattern", "behavior", "invert"}));
  pretokenizer::Split split;
  TOK_ASSIGN_OR_RETURN(const JsonNode pattern, object.Required("pattern"));
  TOK_ASSIGN_OR_RETURN(split.pattern, ReadPattern(pattern));
  TOK_ASSIGN_OR_RETURN(const JsonNode behavior, object.Required("behavior"));
  TOK_ASSIGN_OR_RETURN(split.behavior, ReadBehavior(behavior));
  TOK_ASSIGN_OR_RETURN(split.invert, object.Bool("invert"));
  return Step(std::move(split));
}

absl::StatusOr<Step> ReadPunctuation(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "behavior"}));
  pretokenizer::Punctuation punctuation;
  if (const std::optional<JsonNode> behavior = object.Find("behavior")) {
    TOK_ASSIGN_OR_RETURN(punctuation.behavior, ReadBehavior(*behavior));
  }
  return Step(punctuation);
}

absl::StatusOr<Step> ReadPlain(const JsonNode& node, Step step) {
  TOK_RETURN_IF_ERROR(JsonObject::Open(node, {"type"}).status());
  return step;
}

absl::StatusOr<Step> ReadStep(const JsonNode& node, std::string_view type) {
  if (type == "Split") return ReadSplit(node);
  if (type == "Punctuation") return ReadPunctuation(node);
  if (type == "Whitespace") return ReadPlain(node, pretokenizer::Whitespace{});
  if (type == "WhitespaceSplit") return ReadPlain(node, pretokenizer::WhitespaceSplit{});
  if (type == "BertPreTokenizer") return ReadPlain(node, pretokenizer::Bert{});
  if (type == "UnicodeScripts") return ReadPlain(node, pretokenizer::UnicodeScripts{});
  if (type == "ByteLevel") {
    TOK_ASSIGN_OR_RETURN(pretokenizer::ByteLevel byte_level, ReadByteLevel(node));
    return Step(byte_level);
  }
  if (type == "Metaspace") {
    TOK_ASSIGN_OR_RETURN(pretokenizer::Metaspace metaspace, ReadMetaspace(node));
    return Step(metaspace);
  }
  if (type == "Digits") {
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "individual_digits"}));
    TOK_ASSIGN_OR_RETURN(const bool individual, object.Bool("individual_digits"));
    return Step(pretokenizer::Digits{individual});
  }
  if (type == "CharDelimiterSplit") {
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "delimiter"}));
    TOK_ASSIGN_OR_RETURN(const char32_t delimiter, object.Character("delimiter"));
    return Step(pretokenizer::CharDelimiter{delimiter});
  }
  if (type == "FixedLength") {
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "length"}));
    TOK_ASSIGN_OR_RETURN(const uint64_t n_chars, object.Unsigned("length", kMaxFixedLength, 5));
    if (n_chars == 0) return node.Error(ErrorCode::kBadFormat, "has length 0", "give a positive length");
    return Step(pretokenizer::FixedLength{n_chars});
  }
  return node.Error(ErrorCode::kUnsupportedFeature,
                    Concat("pre-tokenizer ", Quoted(type), " is not known to libtok"),
                    "use a pre-tokenizer of tokenizers 0.23");
}

absl::StatusOr<pretokenizer::PrependScheme> ReadPrependScheme(const JsonObject& object) {
  const std::optional<JsonNode> scheme = object.Find("prepend_scheme");
  pretokenizer::PrependScheme read = pretokenizer::PrependScheme::kAlways;
  if (scheme) {
    TOK_ASSIGN_OR_RETURN(const std::string_view name, scheme->String());
    if (name == "first") {
      read = pretokenizer::PrependScheme::kFirst;
    } else if (name == "never") {
      read = pretokenizer::PrependScheme::kNever;
    } else if (name != "always") {
      return scheme->Error(ErrorCode::kUnsupportedFeature, Concat("is ", Quoted(name)),
                           "use first, always or never");
    }
  }
  // The older spelling may stand beside the newer one, but may not contradict it.
  TOK_ASSIGN_OR_RETURN(const bool add_prefix_space, object.Bool("add_prefix_space", true));
  if (!add_prefix_space && read != pretokenizer::PrependScheme::kNever) {
    return object.node().Error(ErrorCode::kBadFormat, "add_prefix_space contradicts prepend_scheme",
                               "set prepend_scheme to \"never\"");
  }
  return read;
}

}  // namespace

absl::StatusOr<pretokenizer::ByteLevel> ReadByteLevel(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "add_prefix_space", "trim_offsets", "use_regex"}));
  pretokenizer::ByteLevel byte_level;
  TOK_ASSIGN_OR_RETURN(byte_level.add_prefix_space, object.Bool("add_prefix_space"));
  TOK_ASSIGN_OR_RETURN(byte_level.trim_offsets, object.Bool("trim_offsets"));
  TOK_ASSIGN_OR_RETURN(byte_level.use_regex, object.Bool("use_regex", true));
  return byte_level;
}

absl::StatusOr<pretokenizer::Metaspace> ReadMetaspace(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "replacement", "prepend_scheme", "split",
                                               "add_prefix_space", "str_rep"}));
  pretokenizer::Metaspace metaspace;
  TOK_ASSIGN_OR_RETURN(metaspace.replacement, object.Character("replacement"));
  TOK_ASSIGN_OR_RETURN(metaspace.prepend_scheme, ReadPrependScheme(object));
  TOK_ASSIGN_OR_RETURN(metaspace.split, object.Bool("split", true));
  return metaspace;
}

absl::Status ReadPreTokenizers(const JsonNode& node, std::vector<Step>* steps) {
  return ReadSteps(node, {"pre-tokenizer", "pretokenizers", nullptr},
                   [&](const JsonNode& step, std::string_view type) -> absl::Status {
                     TOK_ASSIGN_OR_RETURN(Step read, ReadStep(step, type));
                     steps->push_back(std::move(read));
                     return absl::OkStatus();
                   });
}

}  // namespace tok
