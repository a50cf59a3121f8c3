#include "src/corpus/json_field.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "src/base/strings.h"
#include "src/corpus/json_repair.h"

namespace tok {
namespace {

namespace dom = simdjson::dom;

// The last of equal keys.
bool FindKey(const dom::object& object, std::string_view key, dom::element* value) {
  bool found = false;
  for (const dom::key_value_pair field : object) {
    if (field.key == key) {
      *value = field.value;
      found = true;
    }
  }
  return found;
}

bool FindPath(dom::element element, std::string_view path, dom::element* value) {
  while (true) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return false;
    if (FindKey(object, path, value)) return true;
    const size_t dot = path.find('.');
    if (dot == std::string_view::npos || !FindKey(object, path.substr(0, dot), &element)) return false;
    path.remove_prefix(dot + 1);
  }
}

std::string_view TypeName(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY: return "an array";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::BOOL: return "a boolean";
    case dom::element_type::NULL_VALUE: return "null";
    case dom::element_type::STRING: return "a string";
    default: return "a number";
  }
}

}  // namespace

struct JsonFieldExtractor::Parser {
  dom::parser parser;
  dom::element root;  // of the line parsed last: an object
  std::string padded;
  bool failed_on_text = false;  // the last line is not UTF-8, or holds a string that cannot be Unicode
  bool is_repaired = false;     // what was parsed last is RepairJson of the line
};

JsonFieldExtractor::JsonFieldExtractor() : parser_(std::make_unique<Parser>()) {}
JsonFieldExtractor::~JsonFieldExtractor() = default;

bool JsonFieldExtractor::AppendField(std::string_view line, std::string_view path, Utf8Policy policy,
                                     std::string* out, std::string* fact) {
  return Append(line, path, false, policy, out, fact);
}

bool JsonFieldExtractor::AppendKey(std::string_view line, std::string_view path, Utf8Policy policy,
                                   std::string* out, std::string* fact) {
  return Append(line, path, true, policy, out, fact);
}

bool JsonFieldExtractor::AppendStrings(std::string_view line, Utf8Policy policy,
                                       std::vector<std::pair<std::string, std::string>>* fields,
                                       std::string* fact) {
  if (!ParseOrRepair(line, policy, fact)) return false;
  dom::object object;
  if (parser_->root.get(object) != simdjson::SUCCESS) return false;
  for (const dom::key_value_pair field : object) {
    std::string_view text;
    if (field.value.get(text) != simdjson::SUCCESS) continue;
    auto& [name, value] = fields->emplace_back(field.key, text);
    if (!parser_->is_repaired) continue;
    std::string restored;
    AppendRestored(value, &restored);
    value = std::move(restored);
  }
  return true;
}

bool JsonFieldExtractor::Append(std::string_view line, std::string_view path, bool is_key, Utf8Policy policy,
                                std::string* out, std::string* fact) {
  if (!ParseOrRepair(line, policy, fact)) return false;
  if (!parser_->is_repaired) return FindText(path, is_key, out, fact);
  std::string text;
  if (!FindText(RepairJson(path, policy), is_key, &text, fact)) return false;
  AppendRestored(text, out);
  return true;
}

bool JsonFieldExtractor::ParseOrRepair(std::string_view line, Utf8Policy policy, std::string* fact) {
  parser_->is_repaired = false;
  if (Parse(line, fact)) return true;
  if (policy == Utf8Policy::kError || !parser_->failed_on_text) return false;
  parser_->is_repaired = true;
  return Parse(RepairJson(line, policy), fact);
}

bool JsonFieldExtractor::Parse(std::string_view line, std::string* fact) {
  // The parser reads past the end; what it finds there must be ours.
  std::string& padded = parser_->padded;
  if (padded.size() < line.size() + simdjson::SIMDJSON_PADDING)
    padded.resize(line.size() + simdjson::SIMDJSON_PADDING);
  std::copy(line.begin(), line.end(), padded.begin());
  std::memset(padded.data() + line.size(), ' ', simdjson::SIMDJSON_PADDING);

  const auto error = parser_->parser.parse(padded.data(), line.size(), false).get(parser_->root);
  parser_->failed_on_text = error == simdjson::UTF8_ERROR || error == simdjson::STRING_ERROR;
  if (error) {
    *fact = Concat("malformed JSON (", simdjson::error_message(error), ")");
    return false;
  }
  if (!parser_->root.is_object()) {
    *fact = Concat("the line is ", TypeName(parser_->root), ", not an object");
    return false;
  }
  return true;
}

bool JsonFieldExtractor::FindText(std::string_view path, bool is_key, std::string* out,
                                  std::string* fact) const {
  dom::element value;
  if (!FindPath(parser_->root, path, &value)) {
    *fact = Concat("no field \"", path, "\"");
    return false;
  }
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    out->append(text);
    return true;
  }
  int64_t number = 0;
  if (is_key && value.get(number) == simdjson::SUCCESS) {
    out->append(std::to_string(number));
    return true;
  }
  *fact = Concat("field \"", path, "\" is ", TypeName(value),
                 is_key ? ", neither a string nor a whole number" : ", not a string");
  return false;
}

}  // namespace tok
