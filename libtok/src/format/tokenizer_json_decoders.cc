#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

using decoder::Step;

constexpr uint64_t kMaxStrip = uint64_t{1} << 32;

// Old files name no type; the members tell.
std::string_view TypeByMembers(const JsonNode& node) {
  const auto has = [&](std::string_view name) { return node.HasMember(name); };
  if (has("suffix")) return "BPEDecoder";
  if (has("prefix")) return "WordPiece";
  if (has("pad_token")) return "CTC";
  if (has("decoders")) return "Sequence";
  if (has("pattern")) return "Replace";
  if (has("start")) return "Strip";
  return {};
}

absl::StatusOr<Step> ReadWordPiece(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "prefix", "cleanup"}));
  decoder::WordPiece word_piece;
  TOK_ASSIGN_OR_RETURN(word_piece.prefix, object.String("prefix"));
  TOK_ASSIGN_OR_RETURN(word_piece.cleanup, object.Bool("cleanup"));
  return Step(std::move(word_piece));
}

absl::StatusOr<Step> ReadStrip(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "content", "start", "stop"}));
  decoder::Strip strip;
  TOK_ASSIGN_OR_RETURN(strip.content, object.Character("content"));
  TOK_ASSIGN_OR_RETURN(strip.start, object.Unsigned("start", kMaxStrip));
  TOK_ASSIGN_OR_RETURN(strip.stop, object.Unsigned("stop", kMaxStrip));
  return Step(strip);
}

absl::StatusOr<Step> ReadReplace(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "pattern", "content"}));
  decoder::Replace replace;
  TOK_ASSIGN_OR_RETURN(const JsonNode pattern, object.Required("pattern"));
  TOK_ASSIGN_OR_RETURN(replace.pattern, ReadPattern(pattern));
  TOK_ASSIGN_OR_RETURN(replace.content, object.String("content"));
  return Step(std::move(replace));
}

absl::StatusOr<Step> ReadCtc(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "pad_token", "word_delimiter_token", "cleanup"}));
  decoder::Ctc ctc;
  TOK_ASSIGN_OR_RETURN(ctc.pad_token, object.String("pad_token"));
  TOK_ASSIGN_OR_RETURN(ctc.word_delimiter_token, object.String("word_delimiter_token"));
  TOK_ASSIGN_OR_RETURN(ctc.cleanup, object.Bool("cleanup"));
  return Step(std::move(ctc));
}

absl::StatusOr<Step> ReadStep(const JsonNode& node, std::string_view type) {
  if (type == "WordPiece") return ReadWordPiece(node);
  if (type == "Strip") return ReadStrip(node);
  if (type == "Replace") return ReadReplace(node);
  if (type == "CTC") return ReadCtc(node);
  if (type == "ByteLevel") {
    TOK_RETURN_IF_ERROR(ReadByteLevel(node).status());  // its members are about encoding
    return Step(decoder::ByteLevel{});
  }
  if (type == "Metaspace") {
    TOK_ASSIGN_OR_RETURN(const pretokenizer::Metaspace metaspace, ReadMetaspace(node));
    return Step(decoder::Metaspace{metaspace.replacement, metaspace.prepend_scheme, metaspace.split});
  }
  if (type == "BPEDecoder") {
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "suffix"}));
    TOK_ASSIGN_OR_RETURN(std::string suffix, object.String("suffix"));
    return Step(decoder::BpeSuffix{std::move(suffix)});
  }
  if (type == "ByteFallback" || type == "Fuse") {
    TOK_RETURN_IF_ERROR(JsonObject::Open(node, {"type"}).status());
    return type == "Fuse" ? Step(decoder::Fuse{}) : Step(decoder::ByteFallback{});
  }
  return node.Error(ErrorCode::kUnsupportedFeature,
                    Concat("decoder ", Quoted(type), " is not known to libtok"),
                    "use a decoder of tokenizers 0.23");
}

}  // namespace

absl::Status ReadDecoders(const JsonNode& node, std::vector<Step>* steps) {
  return ReadSteps(node, {"decoder", "decoders", TypeByMembers},
                   [&](const JsonNode& step, std::string_view type) -> absl::Status {
                     TOK_ASSIGN_OR_RETURN(Step read, ReadStep(step, type));
                     steps->push_back(std::move(read));
                     return absl::OkStatus();
                   });
}

}  // namespace tok
