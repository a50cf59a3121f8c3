#include "cli/spec_json.h"

#include <cstdio>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "tok/spec_fields.h"

namespace tok::cli {
namespace {

// The alternatives of each variant, in its order.
template <typename T>
constexpr SpecNames<0> kAlternatives = {};
template <>
constexpr SpecNames<std::variant_size_v<normalizer::Step>> kAlternatives<normalizer::Step> = {
    "UnicodeForm", "Nmt",     "Lowercase",   "StripAccents", "Strip",        "Bert",
    "Replace",     "Prepend", "Precompiled", "ByteLevel",    "SentencePiece"};
template <>
constexpr SpecNames<std::variant_size_v<pretokenizer::Step>> kAlternatives<pretokenizer::Step> = {
    "Split",  "ByteLevel",     "Whitespace", "WhitespaceSplit", "Bert",       "Punctuation",
    "Digits", "CharDelimiter", "Metaspace",  "UnicodeScripts",  "FixedLength"};
template <>
constexpr SpecNames<std::variant_size_v<decoder::Step>> kAlternatives<decoder::Step> = {
    "ByteLevel", "Metaspace", "WordPiece", "BPEDecoder", "ByteFallback",
    "Fuse",      "Strip",     "Replace",   "CTC",        "SentencePiece"};
template <>
constexpr SpecNames<std::variant_size_v<ModelSpec>> kAlternatives<ModelSpec> = {
    "BPE", "Unigram", "WordPiece", "WordLevel", "SentencePieceLookup", "PickyBPE"};

template <typename E>
std::string EnumText(E value) {
  return kEnumNames<E>[static_cast<size_t>(value)];
}

std::string CodePointText(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof(text), "U+%04X", static_cast<unsigned>(c));
  return text;
}

// Long binary content by its size and its FNV-1a hash, so that a comparison sees every change.
Json BinaryJson(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  char text[20];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(hash));
  return {{"bytes", bytes.size()}, {"hash", text}};
}

// Puts a member under its name, unless it is empty or absent.
struct Describer {
  Json* json;

  void operator()(const char*, const Pattern& pattern) const {
    (*json)["pattern"] = {{pattern.is_regex ? "regex" : "string", pattern.text}};
  }
  void operator()(std::string_view name, const std::string& text) const {
    const bool is_binary = name.ends_with("charsmap");
    if (!text.empty()) (*json)[std::string(name)] = is_binary ? BinaryJson(text) : Json(text);
  }
  void operator()(const char* name, const std::vector<Merge>& merges) const {
    if (!merges.empty()) (*json)[name] = merges.size();
  }
  void operator()(const char* name, const std::vector<PickyBpeModelSpec::Event>& events) const {
    const std::string_view bytes(reinterpret_cast<const char*>(events.data()),
                                 events.size() * sizeof(PickyBpeModelSpec::Event));
    (*json)[name] = BinaryJson(bytes);
    (*json)[name]["n"] = events.size();
  }
  void operator()(const char* name, char32_t c) const { (*json)[name] = CodePointText(c); }
  template <typename T>
  void operator()(const char* name, const std::optional<T>& value) const {
    if (value.has_value()) (*this)(name, *value);
  }
  template <typename T>
  void operator()(const char* name, const T& value) const {
    if constexpr (std::is_enum_v<T>) {
      (*json)[name] = EnumText(value);
    } else if constexpr (std::is_class_v<T> && !requires { value.size(); }) {
      Json members = Json::object();
      ForEachField(value, Describer{&members});
      (*json)[name] = std::move(members);
    } else if constexpr (requires { value.size(); }) {
      if (!value.empty()) (*json)[name] = value;
    } else {
      (*json)[name] = value;
    }
  }
};

// The chosen alternative: its name under `key`, then its members.
template <typename T>
Json AlternativeJson(const char* key, const T& variant) {
  Json json = {{key, kAlternatives<T>[variant.index()]}};
  std::visit([&](const auto& chosen) { ForEachField(chosen, Describer{&json}); }, variant);
  return json;
}

Json ListJson(const std::vector<TemplateItem>& items) {
  Json list = Json::array();
  for (const TemplateItem& item : items) {
    Json json = Json::object();
    ForEachField(item, Describer{&json});
    if (item.type_id == 0) json.erase("type_id");
    list.push_back(json.size() == 1 ? json["kind"] : json);  // just "A" or "B"
  }
  return list;
}

template <typename Step>
Json ListJson(const std::vector<Step>& steps) {
  Json list = Json::array();
  for (const Step& step : steps) {
    Json json = AlternativeJson("step", step);
    if (json["step"] == "UnicodeForm") {  // known by the name of its form
      json["step"] = json["form"];
      json.erase("form");
    }
    list.push_back(std::move(json));
  }
  return list;
}

// Puts a stage of the whole under its name; labels, vocabulary and added tokens are no part of the pipeline.
struct PipelineDescriber {
  Json* json;

  void operator()(const char*, const std::string&) const {}
  void operator()(const char*, const std::vector<std::string>&) const {}
  void operator()(const char*, const Vocabulary&) const {}
  void operator()(const char*, const std::vector<AddedToken>&) const {}
  void operator()(const char* name, const ModelSpec& model) const {
    (*json)[name] = AlternativeJson("type", model);
  }
  void operator()(const char* name, const Scheme& scheme) const {
    if (scheme.kind != Scheme::Kind::kOwn) (*json)[name] = SchemeName(scheme);
  }
  void operator()(const char*, const TemplateSpec& spec) const { ForEachField(spec, *this); }
  void operator()(const char*, const DecoderSpec& spec) const {
    ForEachField(spec, *this);
    if (spec.steps.empty())
      (*json)["decoders"].push_back({{"step", spec.join_with_spaces ? "JoinWithSpaces" : "Join"}});
  }
  template <typename T>
  void operator()(const char* name, const std::vector<T>& list) const {
    (*json)[name] = ListJson(list);
  }
  template <typename T>
  void operator()(const char* name, const T& value) const {
    Describer{json}(name, value);
  }
};

}  // namespace

std::string TokenKindText(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAbsent: return "absent";
    case TokenKind::kNormal: return "normal";
    case TokenKind::kUnknown: return "unknown";
    case TokenKind::kControl: return "control";
    case TokenKind::kUserDefined: return "user-defined";
    case TokenKind::kUnused: return "unused";
    case TokenKind::kByte: return "byte";
    case TokenKind::kAdded: return "added";
    case TokenKind::kLiteral: break;
  }
  return "literal";
}

Json DescribeAddedToken(const AddedToken& token) {
  Json json = Json::object();
  ForEachField(token, Describer{&json});
  return json;
}

Json DescribePipeline(const TokenizerSpec& spec) {
  Json json = Json::object();
  ForEachField(spec, PipelineDescriber{&json});
  return json;
}

}  // namespace tok::cli
