#include <deque>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

absl::StatusOr<std::string_view> ReadType(const JsonNode& node, const StepSection& section) {
  TOK_RETURN_IF_ERROR(node.Object().status());
  std::string_view type;
  if (node.value().at_key("type").get(type) == simdjson::SUCCESS) return type;
  if (node.HasMember("type")) {
    return node.Error(ErrorCode::kBadFormat, Concat("is a ", section.kind, " with a type that is no string"),
                      "correct its \"type\"");
  }
  if (section.type_by_members != nullptr) type = section.type_by_members(node);
  if (type.empty()) {
    return node.Error(ErrorCode::kBadFormat, Concat("is a ", section.kind, " without a type"),
                      "add its \"type\"");
  }
  return type;
}

}  // namespace

absl::Status ReadSteps(const JsonNode& node, const StepSection& section,
                       const std::function<absl::Status(const JsonNode& step, std::string_view type)>& read) {
  std::deque<JsonNode> nodes = {node};  // references stay valid while it grows
  std::vector<const JsonNode*> pending = {&nodes.front()};
  while (!pending.empty()) {
    const JsonNode& step = *pending.back();
    pending.pop_back();
    TOK_ASSIGN_OR_RETURN(const std::string_view type, ReadType(step, section));
    if (type != "Sequence") {
      TOK_RETURN_IF_ERROR(read(step, type));
      continue;
    }
    TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(step, {"type", section.list_member}));
    TOK_ASSIGN_OR_RETURN(const JsonNode list_node, object.Required(section.list_member));
    TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, list_node.Array());
    const JsonNode& list = nodes.emplace_back(list_node);
    const size_t first = pending.size();
    uint64_t ordinal = 0;
    for (const simdjson::dom::element element : elements) {
      pending.push_back(&nodes.emplace_back(list.Child({}, ordinal++, element)));
    }
    std::reverse(pending.begin() + static_cast<std::ptrdiff_t>(first), pending.end());
  }
  return absl::OkStatus();
}

absl::StatusOr<Pattern> ReadPattern(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"String", "Regex"}));
  if (object.Has("String") == object.Has("Regex")) {
    return node.Error(ErrorCode::kBadFormat, "is neither one \"String\" nor one \"Regex\"",
                      "give one of the two");
  }
  Pattern pattern;
  pattern.is_regex = object.Has("Regex");
  TOK_ASSIGN_OR_RETURN(pattern.text, object.String(pattern.is_regex ? "Regex" : "String"));
  return pattern;
}

}  // namespace tok
