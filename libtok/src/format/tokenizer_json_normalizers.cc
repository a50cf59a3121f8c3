#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/base64.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

using normalizer::Form;
using normalizer::Step;

// Old files name no type; the members tell.
std::string_view TypeByMembers(const JsonNode& node) {
  const auto has = [&](std::string_view name) { return node.HasMember(name); };
  if (has("clean_text")) return "BertNormalizer";
  if (has("strip_left")) return "Strip";
  if (has("normalizers")) return "Sequence";
  if (has("pattern")) return "Replace";
  if (has("prepend")) return "Prepend";
  return {};
}

absl::StatusOr<Step> ReadStrip(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "strip_left", "strip_right"}));
  normalizer::Strip strip;
  TOK_ASSIGN_OR_RETURN(strip.left, object.Bool("strip_left"));
  TOK_ASSIGN_OR_RETURN(strip.right, object.Bool("strip_right"));
  return Step(strip);
}

absl::StatusOr<Step> ReadBert(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(
      const JsonObject object,
      JsonObject::Open(node, {"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"}));
  normalizer::Bert bert;
  TOK_ASSIGN_OR_RETURN(bert.clean_text, object.Bool("clean_text"));
  TOK_ASSIGN_OR_RETURN(bert.handle_chinese_chars, object.Bool("handle_chinese_chars"));
  TOK_ASSIGN_OR_RETURN(bert.lowercase, object.Bool("lowercase"));
  if (object.Has("strip_accents")) {
    TOK_ASSIGN_OR_RETURN(bert.strip_accents, object.Bool("strip_accents"));
  }
  return Step(bert);
}

absl::StatusOr<Step> ReadReplace(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "pattern", "content"}));
  normalizer::Replace replace;
  TOK_ASSIGN_OR_RETURN(const JsonNode pattern, object.Required("pattern"));
  TOK_ASSIGN_OR_RETURN(replace.pattern, ReadPattern(pattern));
  TOK_ASSIGN_OR_RETURN(replace.content, object.String("content"));
  return Step(std::move(replace));
}

absl::StatusOr<Step> ReadPrecompiled(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "precompiled_charsmap"}));
  TOK_ASSIGN_OR_RETURN(const JsonNode charsmap, object.Required("precompiled_charsmap"));
  TOK_ASSIGN_OR_RETURN(const std::string_view text, charsmap.String());
  normalizer::Precompiled precompiled;
  if (!DecodeBase64(text, &precompiled.charsmap)) {
    return charsmap.Error(ErrorCode::kBadFormat, "is not base64", "correct the file");
  }
  return Step(std::move(precompiled));
}

absl::StatusOr<Step> ReadPlain(const JsonNode& node, Step step) {
  TOK_RETURN_IF_ERROR(JsonObject::Open(node, {"type"}).status());
  return step;
}

absl::StatusOr<Step> ReadStep(const JsonNode& node, std::string_view type) {
  if (type == "NFC") return ReadPlain(node, normalizer::UnicodeForm{Form::kNfc});
  if (type == "NFD") return ReadPlain(node, normalizer::UnicodeForm{Form::kNfd});
  if (type == "NFKC") return ReadPlain(node, normalizer::UnicodeForm{Form::kNfkc});
  if (type == "NFKD") return ReadPlain(node, normalizer::UnicodeForm{Form::kNfkd});
  if (type == "Nmt") return ReadPlain(node, normalizer::Nmt{});
  if (type == "Lowercase") return ReadPlain(node, normalizer::Lowercase{});
  if (type == "StripAccents") return ReadPlain(node, normalizer::StripAccents{});
  if (type == "ByteLevel") return ReadPlain(node, normalizer::ByteLevel{});
  if (type == "Strip") return ReadStrip(node);
  if (type == "BertNormalizer") return ReadBert(node);
  if (type == "Replace") return ReadReplace(node);
  if (type == "Precompiled") return ReadPrecompiled(node);
  if (type == "Prepend") {
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "prepend"}));
    TOK_ASSIGN_OR_RETURN(std::string text, object.String("prepend"));
    return Step(normalizer::Prepend{std::move(text)});
  }
  return node.Error(ErrorCode::kUnsupportedFeature,
                    Concat("normalizer ", Quoted(type), " is not known to libtok"),
                    "use a normalizer of tokenizers 0.23");
}

}  // namespace

absl::Status ReadNormalizers(const JsonNode& node, std::vector<Step>* steps) {
  return ReadSteps(node, {"normalizer", "normalizers", TypeByMembers},
                   [&](const JsonNode& step, std::string_view type) -> absl::Status {
                     TOK_ASSIGN_OR_RETURN(Step read, ReadStep(step, type));
                     steps->push_back(std::move(read));
                     return absl::OkStatus();
                   });
}

}  // namespace tok
