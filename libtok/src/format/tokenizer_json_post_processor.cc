#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

// Far above any real template; bounds what a small file can blow up to.
constexpr size_t kMaxTemplateIds = 65536;

using Kind = TemplateItem::Kind;
using SpecialTokens = absl::flat_hash_map<std::string, TemplateItem>;

// Old files name no type; the members tell.
std::string_view TypeByMembers(const JsonNode& node) {
  if (node.HasMember("sep")) return node.HasMember("trim_offsets") ? "RobertaProcessing" : "BertProcessing";
  if (node.HasMember("single")) return "TemplateProcessing";
  if (node.HasMember("processors")) return "Sequence";
  return {};
}

absl::StatusOr<TemplateItem> ReadSpecialToken(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"id", "ids", "tokens"}));
  TemplateItem item;
  item.kind = Kind::kTokens;
  TOK_ASSIGN_OR_RETURN(item.name, object.String("id"));
  TOK_ASSIGN_OR_RETURN(const JsonNode ids, object.Required("ids"));
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array id_array, ids.Array());
  for (const simdjson::dom::element element : id_array) {
    TOK_ASSIGN_OR_RETURN(
        const uint64_t id,
        ids.Child({}, item.ids.size(), element).Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
    item.ids.push_back(static_cast<TokenId>(id));
  }
  TOK_ASSIGN_OR_RETURN(const JsonNode tokens, object.Required("tokens"));
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array token_array, tokens.Array());
  for (const simdjson::dom::element element : token_array) {
    TOK_ASSIGN_OR_RETURN(const std::string_view token,
                         tokens.Child({}, item.tokens.size(), element).String());
    item.tokens.emplace_back(token);
  }
  if (item.ids.size() != item.tokens.size()) {
    return node.Error(ErrorCode::kBadFormat,
                      Concat("has ", item.ids.size(), " ids and ", item.tokens.size(), " tokens"),
                      "give one token for each id");
  }
  return item;
}

absl::StatusOr<SpecialTokens> ReadSpecialTokens(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, node.Object());
  SpecialTokens tokens;
  uint64_t ordinal = 0;
  for (const simdjson::dom::key_value_pair member : members) {
    const JsonNode child = node.Child(member.key, ordinal++, member.value);
    TOK_ASSIGN_OR_RETURN(TemplateItem item, ReadSpecialToken(child));
    // The map's key is what templates refer to; the inner name only repeats it.
    item.name = member.key;
    if (!tokens.emplace(std::string(member.key), std::move(item)).second) {
      return child.Error(ErrorCode::kBadFormat, "is given twice", "keep one of the two");
    }
  }
  return tokens;
}

absl::StatusOr<TemplateItem> ReadSequenceItem(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"id", "type_id"}));
  TOK_ASSIGN_OR_RETURN(const JsonNode id_node, object.Required("id"));
  TOK_ASSIGN_OR_RETURN(const std::string_view id, id_node.String());
  if (id != "A" && id != "B") {
    return node.Error(ErrorCode::kBadFormat, Concat("names sequence ", Quoted(id)), "use A or B");
  }
  TemplateItem item;
  item.kind = id == "A" ? Kind::kSequenceA : Kind::kSequenceB;
  TOK_ASSIGN_OR_RETURN(const uint64_t type_id, object.Unsigned("type_id", UINT32_MAX));
  item.type_id = static_cast<uint32_t>(type_id);
  return item;
}

absl::StatusOr<TemplateItem> ReadTokenItem(const JsonNode& node, const SpecialTokens& tokens) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"id", "type_id"}));
  TOK_ASSIGN_OR_RETURN(const std::string id, object.String("id"));
  const auto found = tokens.find(id);
  if (found == tokens.end()) {
    return node.Error(ErrorCode::kBadFormat,
                      Concat("names ", Quoted(id), ", which special_tokens does not have"),
                      "add it to special_tokens");
  }
  TemplateItem item = found->second;
  TOK_ASSIGN_OR_RETURN(const uint64_t type_id, object.Unsigned("type_id", UINT32_MAX));
  item.type_id = static_cast<uint32_t>(type_id);
  return item;
}

absl::StatusOr<std::vector<TemplateItem>> ReadTemplate(const JsonNode& node, const SpecialTokens& tokens,
                                                       bool is_pair) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, node.Array());
  std::vector<TemplateItem> items;
  size_t n_ids = 0;
  bool has_a = false, has_b = false;
  for (const simdjson::dom::element element : elements) {
    const JsonNode child = node.Child({}, items.size(), element);
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(child, {"Sequence", "SpecialToken"}));
    if (object.Has("Sequence") == object.Has("SpecialToken")) {
      return child.Error(ErrorCode::kBadFormat, "is neither one Sequence nor one SpecialToken",
                         "give one of the two");
    }
    const bool is_sequence = object.Has("Sequence");
    TOK_ASSIGN_OR_RETURN(const JsonNode inner, object.Required(is_sequence ? "Sequence" : "SpecialToken"));
    TOK_ASSIGN_OR_RETURN(TemplateItem item,
                         is_sequence ? ReadSequenceItem(inner) : ReadTokenItem(inner, tokens));
    has_a |= item.kind == Kind::kSequenceA;
    has_b |= item.kind == Kind::kSequenceB;
    n_ids += item.ids.size();
    if (n_ids > kMaxTemplateIds || items.size() >= kMaxTemplateIds) {
      return node.Error(ErrorCode::kLimit, Concat("has more than ", kMaxTemplateIds, " tokens"),
                        "shorten the template");
    }
    items.push_back(std::move(item));
  }
  if (!has_a || has_b != is_pair) {
    return node.Error(ErrorCode::kUnsupportedFeature,
                      is_pair ? "does not use both sequence A and B" : "does not use exactly sequence A",
                      "correct the template");
  }
  return items;
}

absl::Status ReadTemplateProcessing(const JsonNode& node, TemplateSpec* post_processor) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "single", "pair", "special_tokens"}));
  TOK_ASSIGN_OR_RETURN(const JsonNode token_node, object.Required("special_tokens"));
  TOK_ASSIGN_OR_RETURN(const SpecialTokens tokens, ReadSpecialTokens(token_node));
  TOK_ASSIGN_OR_RETURN(const JsonNode single, object.Required("single"));
  TOK_ASSIGN_OR_RETURN(post_processor->single, ReadTemplate(single, tokens, false));
  TOK_ASSIGN_OR_RETURN(const JsonNode pair, object.Required("pair"));
  TOK_ASSIGN_OR_RETURN(post_processor->pair, ReadTemplate(pair, tokens, true));
  return absl::OkStatus();
}

// ["[SEP]", 102]
absl::StatusOr<TemplateItem> ReadTokenAndId(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, node.Array());
  if (elements.size() != 2)
    return node.Error(ErrorCode::kBadFormat, "is not a token and its id", "correct the file");
  TOK_ASSIGN_OR_RETURN(const std::string_view token,
                       node.Child({}, 0, elements.at(0).value_unsafe()).String());
  TOK_ASSIGN_OR_RETURN(
      const uint64_t id,
      node.Child({}, 1, elements.at(1).value_unsafe()).Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
  return TokenItem(token, static_cast<TokenId>(id), 0);
}

absl::Status ReadBertProcessing(const JsonNode& node, bool roberta, TemplateSpec* post_processor) {
  TOK_ASSIGN_OR_RETURN(
      const JsonObject object,
      roberta ? JsonObject::Open(node, {"type", "sep", "cls", "trim_offsets", "add_prefix_space"})
              : JsonObject::Open(node, {"type", "sep", "cls"}));
  TOK_ASSIGN_OR_RETURN(const JsonNode sep_node, object.Required("sep"));
  TOK_ASSIGN_OR_RETURN(const TemplateItem sep, ReadTokenAndId(sep_node));
  TOK_ASSIGN_OR_RETURN(const JsonNode cls_node, object.Required("cls"));
  TOK_ASSIGN_OR_RETURN(const TemplateItem cls, ReadTokenAndId(cls_node));
  if (roberta) {
    pretokenizer::ByteLevel trimming;
    TOK_ASSIGN_OR_RETURN(trimming.trim_offsets, object.Bool("trim_offsets"));
    TOK_ASSIGN_OR_RETURN(trimming.add_prefix_space, object.Bool("add_prefix_space"));
    post_processor->offset_trimming = trimming;
  }
  SetClassifierTemplate(cls, sep, roberta, post_processor);
  return absl::OkStatus();
}

}  // namespace

TemplateItem TokenItem(std::string_view token, TokenId id, uint32_t type_id) {
  TemplateItem item;
  item.kind = Kind::kTokens;
  item.ids = {id};
  item.tokens = {std::string(token)};
  item.name = token;
  item.type_id = type_id;
  return item;
}

TemplateItem SequenceItem(bool is_b, uint32_t type_id) {
  TemplateItem item;
  item.kind = is_b ? Kind::kSequenceB : Kind::kSequenceA;
  item.type_id = type_id;
  return item;
}

void SetClassifierTemplate(const TemplateItem& cls, const TemplateItem& sep, bool roberta,
                           TemplateSpec* post_processor) {
  post_processor->single = {cls, SequenceItem(false, 0), sep};
  post_processor->pair = post_processor->single;
  if (roberta) post_processor->pair.push_back(sep);
  // RobertaProcessing gives every token type 0, BertProcessing type 1 to the second sequence and its end.
  const uint32_t type_of_b = roberta ? 0 : 1;
  post_processor->pair.push_back(SequenceItem(true, type_of_b));
  post_processor->pair.push_back(sep);
  post_processor->pair.back().type_id = type_of_b;
}

absl::Status ReadPostProcessor(const JsonNode& node, TemplateSpec* post_processor) {
  return ReadSteps(node, {"post-processor", "processors", TypeByMembers},
                   [&](const JsonNode& step, std::string_view type) -> absl::Status {
                     if (type == "ByteLevel") {
                       TOK_ASSIGN_OR_RETURN(post_processor->offset_trimming, ReadByteLevel(step));
                       return absl::OkStatus();
                     }
                     if (!post_processor->single.empty()) {
                       return step.Error(
                           ErrorCode::kUnsupportedFeature,
                           "is a second post-processor that adds tokens; their effect together is odd "
                           "in tokenizers and unsupported here",
                           "write one template");
                     }
                     if (type == "TemplateProcessing") return ReadTemplateProcessing(step, post_processor);
                     if (type == "BertProcessing") return ReadBertProcessing(step, false, post_processor);
                     if (type == "RobertaProcessing") return ReadBertProcessing(step, true, post_processor);
                     return step.Error(ErrorCode::kUnsupportedFeature,
                                       Concat("post-processor ", Quoted(type), " is not known to libtok"),
                                       "use a post-processor of tokenizers 0.23");
                   });
}

}  // namespace tok
