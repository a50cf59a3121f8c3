// format/json_reading.h: JSON out of untrusted files, with errors that name file, line and JSON path.
//
// Model: JsonDocument parses the whole text with simdjson; JsonNode is a value with the way that leads to it,
// kept as a chain of parents so that it costs nothing until an error is made. JsonObject opens a small object
// against the list of members it may have: a member given twice or of an unknown name is an error, so that
// nothing is silently ignored. Lifetime: nodes refer to their parent node and to the document; both must
// outlive them. Errors: TOK-E020 malformed or of the wrong type, TOK-E022 an unknown member, TOK-E030 nested
// too deeply. Cost: parsing is linear; the line number is found by a second scan, only when an error is made.
// Threads: a document may be read by several threads.
#ifndef TOK_SRC_FORMAT_JSON_READING_H_
#define TOK_SRC_FORMAT_JSON_READING_H_

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/status.h"

namespace tok {

class JsonNode;

class JsonDocument {
 public:
  // `bytes` must outlive the document; `place` names the file in messages.
  static absl::StatusOr<std::unique_ptr<JsonDocument>> Parse(std::string_view bytes, std::string_view place);
  JsonNode root() const;

  const std::string& place() const { return place_; }
  std::string_view bytes() const { return bytes_; }

 private:
  JsonDocument() = default;

  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  std::string_view bytes_;
  std::string rewritten_;  // what bytes_ are, if they had numbers that the parser refuses
  std::string place_;
};

class JsonNode {
 public:
  using Element = simdjson::dom::element;

  // The value's `ordinal`-th child; `key` is empty for array elements.
  JsonNode Child(std::string_view key, uint64_t ordinal, Element value) const {
    return JsonNode(document_, this, key, ordinal, value);
  }

  Element value() const { return value_; }
  bool IsNull() const { return value_.is_null(); }
  bool IsObject() const { return value_.is_object(); }
  bool IsArray() const { return value_.is_array(); }
  bool IsString() const { return value_.is_string(); }
  // True for an object that has the member, null included.
  bool HasMember(std::string_view name) const { return value_.at_key(name).error() == simdjson::SUCCESS; }

  absl::StatusOr<simdjson::dom::object> Object() const;
  absl::StatusOr<simdjson::dom::array> Array() const;
  absl::StatusOr<std::string_view> String() const;
  absl::StatusOr<bool> Bool() const;
  absl::StatusOr<double> Number() const;
  // Errors: `range_code` for an integer above `max` or below 0.
  absl::StatusOr<uint64_t> Unsigned(uint64_t max, ErrorCode range_code = ErrorCode::kBadFormat) const;
  // A string of exactly one character.
  absl::StatusOr<char32_t> Character() const;

  // "$.model.merges[12]"
  std::string Path() const;
  // An error at this value: "<file>:<line> <path>".
  absl::Status Error(ErrorCode code, std::string_view fact, std::string_view remedy = {}) const;
  // The same status with this value's place in front.
  absl::Status At(const absl::Status& status) const;

 private:
  friend class JsonDocument;
  JsonNode(const JsonDocument* document, const JsonNode* parent, std::string_view key, uint64_t ordinal,
           Element value)
      : document_(document), parent_(parent), key_(key), ordinal_(ordinal), value_(value) {}
  std::vector<const JsonNode*> WayFromRoot() const;
  std::string Place() const;
  absl::Status WrongType(std::string_view wanted) const;

  const JsonDocument* document_;
  const JsonNode* parent_;
  std::string_view key_;
  uint64_t ordinal_;
  Element value_;
};

class JsonObject {
 public:
  // `known`: the members the object may have. Unknown members are refused unless null or false.
  static absl::StatusOr<JsonObject> Open(const JsonNode& node, std::initializer_list<std::string_view> known);

  const JsonNode& node() const { return *node_; }
  // True if the member is present and not null.
  bool Has(std::string_view name) const { return Find(name).has_value(); }
  std::optional<JsonNode> Find(std::string_view name) const;
  absl::StatusOr<JsonNode> Required(std::string_view name) const;

  absl::StatusOr<bool> Bool(std::string_view name, std::optional<bool> otherwise = std::nullopt) const;
  absl::StatusOr<std::string> String(std::string_view name,
                                     std::optional<std::string_view> otherwise = {}) const;
  absl::StatusOr<std::optional<std::string>> OptionalString(std::string_view name) const;
  absl::StatusOr<uint64_t> Unsigned(std::string_view name, uint64_t max,
                                    std::optional<uint64_t> otherwise = {}) const;
  absl::StatusOr<char32_t> Character(std::string_view name) const;

 private:
  struct Member {
    std::string_view name;
    uint64_t ordinal;
    JsonNode::Element value;
  };
  explicit JsonObject(const JsonNode& node) : node_(&node) {}

  const JsonNode* node_;
  std::vector<Member> members_;
};

// `text` for a message: quoted, control characters escaped, cut to a readable length.
std::string Quoted(std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_JSON_READING_H_
