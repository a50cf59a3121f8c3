#include "src/format/json_reading.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kMaxQuotedBytes = 60;
constexpr uint64_t kMaxJsonBytes = uint64_t{1} << 31;

size_t LineAt(std::string_view bytes, size_t position) {
  return 1 + static_cast<size_t>(
                 std::count(bytes.begin(), bytes.begin() + std::min(position, bytes.size()), '\n'));
}

// Learns where a text stops being JSON; simdjson tells only that it does.
class SyntaxErrorFinder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t position, const std::string&, const nlohmann::json::exception&) override {
    position_ = position;
    return false;
  }
  std::optional<size_t> position() const { return position_; }

 private:
  std::optional<size_t> position_;
};

absl::Status SyntaxError(simdjson::error_code error, std::string_view bytes, std::string_view place) {
  if (error == simdjson::DEPTH_ERROR) {
    return MakeError(ErrorCode::kLimit, place, "JSON nested more than 1024 levels deep", "flatten the file");
  }
  const size_t invalid = FindInvalidUtf8(bytes);
  if (invalid != std::string_view::npos) {
    return MakeError(ErrorCode::kBadFormat, Concat(place, ":", LineAt(bytes, invalid)),
                     Concat("invalid UTF-8 at byte ", invalid), "save the file as UTF-8");
  }
  SyntaxErrorFinder finder;
  nlohmann::json::sax_parse(bytes, &finder);
  const std::string where =
      finder.position() ? Concat(place, ":", LineAt(bytes, *finder.position())) : std::string(place);
  const std::string detail = finder.position() ? Concat(" at byte ", *finder.position()) : std::string();
  return MakeError(ErrorCode::kBadFormat, where,
                   Concat("not valid JSON", detail, " (", simdjson::error_message(error), ")"),
                   "check that the file is complete");
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Integers that may not fit into 64 bits are written as fractions. JSON allows them, and transformers writes one into every
// tokenizer_config.json that does not say otherwise: "model_max_length": 1000000000000000019884624838656.
std::string WithLongIntegersAsFractions(std::string_view json) {
  constexpr size_t kSurelyFits = 18;  // digits
  std::string rewritten;
  rewritten.reserve(json.size() + json.size() / 16);
  bool is_in_string = false;
  for (size_t i = 0; i < json.size();) {
    const size_t begin = i;
    if (is_in_string || !IsDigit(json[i])) {
      const bool is_escape = is_in_string && json[i] == '\\';
      if (json[i] == '"') is_in_string = !is_in_string;
      i = std::min(json.size(), i + (is_escape ? 2 : 1));
      rewritten += json.substr(begin, i - begin);
      continue;
    }
    while (i < json.size() && IsDigit(json[i])) ++i;
    rewritten += json.substr(begin, i - begin);
    constexpr std::string_view kGoesOn = ".eE", kWentBefore = ".eE+";  // other parts of a number
    const bool is_whole = (i == json.size() || kGoesOn.find(json[i]) == std::string_view::npos) &&
                          (begin == 0 || kWentBefore.find(json[begin - 1]) == std::string_view::npos);
    if (is_whole && i - begin > kSurelyFits) rewritten += ".0";
  }
  return rewritten;
}

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Walks over text that is known to be valid JSON.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) { SkipSpace(); }
  size_t position() const { return position_; }

  // From the start of an object or array to its `ordinal`-th value.
  void Enter(uint64_t ordinal) {
    const bool is_object = Peek() == '{';
    ++position_;
    for (uint64_t i = 0;; ++i) {
      SkipSpace();
      if (is_object) {
        SkipString();
        SkipPast(':');
        SkipSpace();
      }
      if (i == ordinal || position_ >= text_.size()) return;
      SkipValue();
      SkipPast(',');
    }
  }

 private:
  char Peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  void SkipSpace() {
    while (position_ < text_.size() && IsSpace(text_[position_])) ++position_;
  }
  void SkipPast(char c) {
    while (position_ < text_.size() && text_[position_++] != c) {
    }
  }
  void SkipString() {
    for (++position_; position_ < text_.size() && text_[position_] != '"'; ++position_) {
      if (text_[position_] == '\\') ++position_;
    }
    ++position_;
  }
  void SkipValue() {
    uint64_t depth = 0;
    do {
      const char c = Peek();
      if (c == '"') {
        SkipString();
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) return;
      depth += c == '{' || c == '[';
      depth -= c == '}' || c == ']';
      ++position_;
      if (depth == 0 && (c == '}' || c == ']')) return;
    } while (position_ < text_.size() && (depth > 0 || !(Peek() == ',' || Peek() == '}' || Peek() == ']')));
  }

  std::string_view text_;
  size_t position_ = 0;
};

bool IsPlainKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string_view TypeName(simdjson::dom::element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY: return "an array";
    case simdjson::dom::element_type::OBJECT: return "an object";
    case simdjson::dom::element_type::STRING: return "a string";
    case simdjson::dom::element_type::BOOL: return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

bool IsNullOrFalse(simdjson::dom::element value) {
  bool flag = true;
  return value.is_null() || (value.get(flag) == simdjson::SUCCESS && !flag);
}

}  // namespace

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  std::string_view shown = text.substr(0, kMaxQuotedBytes);
  for (size_t i = 0; i < shown.size();) {
    const DecodedChar decoded = DecodeUtf8(shown, i);
    if (decoded.code_point == kInvalidByte && shown.size() < text.size() && i + 4 > shown.size()) break;
    if (decoded.code_point < 0x20 || decoded.code_point == 0x7F || decoded.code_point == kInvalidByte) {
      constexpr char kHex[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(shown[i]);
      quoted += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      quoted += shown.substr(i, decoded.n_bytes);
    }
    i += decoded.n_bytes;
  }
  quoted += text.size() > shown.size() ? "...\"" : "\"";
  return quoted;
}

absl::StatusOr<std::unique_ptr<JsonDocument>> JsonDocument::Parse(std::string_view bytes,
                                                                  std::string_view place) {
  if (bytes.size() > kMaxJsonBytes) {
    return MakeError(ErrorCode::kLimit, place, "JSON larger than 2 GiB", "give a tokenizer file");
  }
  std::unique_ptr<JsonDocument> document(new JsonDocument());
  document->bytes_ = bytes;
  document->place_ = place;
  simdjson::error_code error = document->parser_.parse(bytes.data(), bytes.size()).get(document->root_);
  if (error == simdjson::NUMBER_ERROR) {
    document->rewritten_ = WithLongIntegersAsFractions(bytes);
    document->bytes_ = document->rewritten_;
    error = document->parser_.parse(document->rewritten_).get(document->root_);
  }
  if (error != simdjson::SUCCESS) return SyntaxError(error, bytes, place);
  return document;
}

JsonNode JsonDocument::root() const { return JsonNode(this, nullptr, {}, 0, root_); }

absl::Status JsonNode::WrongType(std::string_view wanted) const {
  return Error(ErrorCode::kBadFormat, Concat("is ", TypeName(value_), " where ", wanted, " belongs"),
               "correct the file");
}

absl::StatusOr<simdjson::dom::object> JsonNode::Object() const {
  simdjson::dom::object object;
  if (value_.get(object) != simdjson::SUCCESS) return WrongType("an object");
  return object;
}

absl::StatusOr<simdjson::dom::array> JsonNode::Array() const {
  simdjson::dom::array array;
  if (value_.get(array) != simdjson::SUCCESS) return WrongType("an array");
  return array;
}

absl::StatusOr<std::string_view> JsonNode::String() const {
  std::string_view text;
  if (value_.get(text) != simdjson::SUCCESS) return WrongType("a string");
  return text;
}

absl::StatusOr<bool> JsonNode::Bool() const {
  bool flag = false;
  if (value_.get(flag) != simdjson::SUCCESS) return WrongType("a boolean");
  return flag;
}

absl::StatusOr<double> JsonNode::Number() const {
  double number = 0;
  if (value_.get(number) != simdjson::SUCCESS) return WrongType("a number");
  return number;
}

absl::StatusOr<uint64_t> JsonNode::Unsigned(uint64_t max, ErrorCode range_code) const {
  if (!value_.is_int64() && !value_.is_uint64()) return WrongType("an integer");
  uint64_t number = 0;
  if (value_.get(number) != simdjson::SUCCESS || number > max) {
    return Error(range_code, Concat("is outside 0 to ", max), "correct the number");
  }
  return number;
}

absl::StatusOr<char32_t> JsonNode::Character() const {
  TOK_ASSIGN_OR_RETURN(const std::string_view text, String());
  if (text.empty() || DecodeUtf8(text, 0).n_bytes != text.size()) {
    return Error(ErrorCode::kBadFormat, Concat("is ", Quoted(text), " where a single character belongs"),
                 "correct the file");
  }
  return DecodeUtf8(text, 0).code_point;
}

std::vector<const JsonNode*> JsonNode::WayFromRoot() const {
  std::vector<const JsonNode*> way;
  for (const JsonNode* node = this; node->parent_ != nullptr; node = node->parent_) way.push_back(node);
  std::reverse(way.begin(), way.end());
  return way;
}

std::string JsonNode::Path() const {
  std::string path = "$";
  for (const JsonNode* node : WayFromRoot()) {
    if (node->parent_->IsArray()) {
      path += Concat("[", node->ordinal_, "]");
    } else if (IsPlainKey(node->key_)) {
      path += Concat(".", node->key_);
    } else {
      path += Concat("[", Quoted(node->key_), "]");
    }
  }
  return path;
}

std::string JsonNode::Place() const {
  JsonScanner scanner(document_->bytes());
  for (const JsonNode* node : WayFromRoot()) scanner.Enter(node->ordinal_);
  return Concat(document_->place(), ":", LineAt(document_->bytes(), scanner.position()), " ", Path());
}

absl::Status JsonNode::Error(ErrorCode code, std::string_view fact, std::string_view remedy) const {
  return MakeError(code, Place(), fact, remedy);
}

absl::Status JsonNode::At(const absl::Status& status) const { return AtPlace(Place(), status); }

absl::StatusOr<JsonObject> JsonObject::Open(const JsonNode& node,
                                            std::initializer_list<std::string_view> known) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, node.Object());
  JsonObject object(node);
  uint64_t ordinal = 0;
  for (const simdjson::dom::key_value_pair member : members) {
    const JsonNode child = node.Child(member.key, ordinal, member.value);
    const auto* name = std::find(known.begin(), known.end(), member.key);
    if (name == known.end() && !IsNullOrFalse(member.value)) {
      return child.Error(ErrorCode::kUnsupportedFeature, "is a member libtok does not know",
                         "remove it if it changes nothing");
    }
    if (name != known.end()) {
      const bool twice = std::any_of(object.members_.begin(), object.members_.end(),
                                     [&](const Member& other) { return other.name == member.key; });
      if (twice) return child.Error(ErrorCode::kBadFormat, "is given twice", "keep one of the two");
      object.members_.push_back({*name, ordinal, member.value});
    }
    ++ordinal;
  }
  return object;
}

std::optional<JsonNode> JsonObject::Find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.name == name && !member.value.is_null())
      return node_->Child(member.name, member.ordinal, member.value);
  }
  return std::nullopt;
}

absl::StatusOr<JsonNode> JsonObject::Required(std::string_view name) const {
  if (std::optional<JsonNode> child = Find(name)) return *child;
  return node_->Error(ErrorCode::kBadFormat, Concat("has no ", Quoted(name)), "add it");
}

absl::StatusOr<bool> JsonObject::Bool(std::string_view name, std::optional<bool> otherwise) const {
  if (otherwise && !Has(name)) return *otherwise;
  TOK_ASSIGN_OR_RETURN(const JsonNode child, Required(name));
  return child.Bool();
}

absl::StatusOr<std::string> JsonObject::String(std::string_view name,
                                               std::optional<std::string_view> otherwise) const {
  if (otherwise && !Has(name)) return std::string(*otherwise);
  TOK_ASSIGN_OR_RETURN(const JsonNode child, Required(name));
  TOK_ASSIGN_OR_RETURN(const std::string_view text, child.String());
  return std::string(text);
}

absl::StatusOr<std::optional<std::string>> JsonObject::OptionalString(std::string_view name) const {
  if (!Has(name)) return std::optional<std::string>();
  TOK_ASSIGN_OR_RETURN(std::string text, String(name));
  return std::optional<std::string>(std::move(text));
}

absl::StatusOr<uint64_t> JsonObject::Unsigned(std::string_view name, uint64_t max,
                                              std::optional<uint64_t> otherwise) const {
  if (otherwise && !Has(name)) return *otherwise;
  TOK_ASSIGN_OR_RETURN(const JsonNode child, Required(name));
  return child.Unsigned(max);
}

absl::StatusOr<char32_t> JsonObject::Character(std::string_view name) const {
  TOK_ASSIGN_OR_RETURN(const JsonNode child, Required(name));
  return child.Character();
}

}  // namespace tok
