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
  std::string padded;
  bool failed_on_text = false;  // the last line is not UTF-8, or holds a string that cannot be Unicode
};

JsonFieldExtractor::JsonFieldExtractor() : parser_(std::make_unique<Parser>()) {}
JsonFieldExtractor::~JsonFieldExtractor() = default;

bool JsonFieldExtractor::AppendField(std::string_view line, std::string_view path, Utf8Policy policy,
                                     std::string* out, std::string* fact) {
  std::string_view text;
  if (FindField(line, path, &text, fact)) {
    out->append(text);
    return true;
  }
  if (policy == Utf8Policy::kError || !parser_->failed_on_text) return false;
  if (!FindField(RepairJson(line, policy), RepairJson(path, policy), &text, fact)) return false;
  AppendRestored(text, out);
  return true;
}

bool JsonFieldExtractor::FindField(std::string_view line, std::string_view path, std::string_view* text,
                                   std::string* fact) {
  // The parser reads past the end; what it finds there must be ours.
  std::string& padded = parser_->padded;
  if (padded.size() < line.size() + simdjson::SIMDJSON_PADDING)
    padded.resize(line.size() + simdjson::SIMDJSON_PADDING);
  std::copy(line.begin(), line.end(), padded.begin());
  std::memset(padded.data() + line.size(), ' ', simdjson::SIMDJSON_PADDING);

  dom::element root, value;
  const auto error = parser_->parser.parse(padded.data(), line.size(), false).get(root);
  parser_->failed_on_text = error == simdjson::UTF8_ERROR || error == simdjson::STRING_ERROR;
  if (error) {
    *fact = Concat("malformed JSON (", simdjson::error_message(error), ")");
    return false;
  }
  if (!root.is_object()) {
    *fact = Concat("the line is ", TypeName(root), ", not an object");
    return false;
  }
  if (!FindPath(root, path, &value)) {
    *fact = Concat("no field \"", path, "\"");
    return false;
  }
  if (value.get(*text) != simdjson::SUCCESS) {
    *fact = Concat("field \"", path, "\" is ", TypeName(value), ", not a string");
    return false;
  }
  return true;
}

}  // namespace tok
