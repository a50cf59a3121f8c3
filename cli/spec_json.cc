#include "cli/spec_json.h"

#include <cstdio>
#include <string>

namespace tok::cli {
namespace {

constexpr const char* kForms[] = {"NFC", "NFD", "NFKC", "NFKD"};
constexpr const char* kBehaviors[] = {"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext",
                                      "Contiguous"};
constexpr const char* kPrependSchemes[] = {"first", "always", "never"};
constexpr const char* kBpeModes[] = {"merge list", "rank", "sentencepiece"};

template <typename Enum, size_t n>
std::string NameOf(const char* const (&names)[n], Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < n ? names[index] : "unknown";
}

std::string CodePointText(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof(text), "U+%04X", static_cast<unsigned>(c));
  return text;
}

Json PatternJson(const Pattern& pattern) { return {{pattern.is_regex ? "regex" : "string", pattern.text}}; }

struct DescribeNormalizer {
  Json operator()(const normalizer::UnicodeForm& s) const { return {{"step", NameOf(kForms, s.form)}}; }
  Json operator()(const normalizer::Nmt&) const { return {{"step", "Nmt"}}; }
  Json operator()(const normalizer::Lowercase&) const { return {{"step", "Lowercase"}}; }
  Json operator()(const normalizer::StripAccents&) const { return {{"step", "StripAccents"}}; }
  Json operator()(const normalizer::Strip& s) const {
    return {{"step", "Strip"}, {"left", s.left}, {"right", s.right}};
  }
  Json operator()(const normalizer::Bert& s) const {
    Json json = {{"step", "Bert"},
                 {"clean_text", s.clean_text},
                 {"handle_chinese_chars", s.handle_chinese_chars},
                 {"strip_accents", nullptr},
                 {"lowercase", s.lowercase}};
    if (s.strip_accents.has_value()) json["strip_accents"] = *s.strip_accents;
    return json;
  }
  Json operator()(const normalizer::Replace& s) const {
    return {{"step", "Replace"}, {"pattern", PatternJson(s.pattern)}, {"content", s.content}};
  }
  Json operator()(const normalizer::Prepend& s) const { return {{"step", "Prepend"}, {"text", s.text}}; }
  Json operator()(const normalizer::Precompiled& s) const {
    return {{"step", "Precompiled"}, {"charsmap_bytes", s.charsmap.size()}};
  }
  Json operator()(const normalizer::ByteLevel&) const { return {{"step", "ByteLevel"}}; }
  Json operator()(const normalizer::SentencePiece& s) const {
    return {{"step", "SentencePiece"},
            {"charsmap_bytes", s.charsmap.size()},
            {"add_dummy_prefix", s.add_dummy_prefix},
            {"remove_extra_whitespaces", s.remove_extra_whitespaces},
            {"escape_whitespaces", s.escape_whitespaces},
            {"treat_whitespace_as_suffix", s.treat_whitespace_as_suffix}};
  }
};

struct DescribePreTokenizer {
  Json operator()(const pretokenizer::Split& s) const {
    return {{"step", "Split"},
            {"pattern", PatternJson(s.pattern)},
            {"behavior", NameOf(kBehaviors, s.behavior)},
            {"invert", s.invert}};
  }
  Json operator()(const pretokenizer::ByteLevel& s) const {
    return {{"step", "ByteLevel"},
            {"add_prefix_space", s.add_prefix_space},
            {"use_regex", s.use_regex},
            {"trim_offsets", s.trim_offsets}};
  }
  Json operator()(const pretokenizer::Whitespace&) const { return {{"step", "Whitespace"}}; }
  Json operator()(const pretokenizer::WhitespaceSplit&) const { return {{"step", "WhitespaceSplit"}}; }
  Json operator()(const pretokenizer::Bert&) const { return {{"step", "Bert"}}; }
  Json operator()(const pretokenizer::Punctuation& s) const {
    return {{"step", "Punctuation"}, {"behavior", NameOf(kBehaviors, s.behavior)}};
  }
  Json operator()(const pretokenizer::Digits& s) const {
    return {{"step", "Digits"}, {"individual", s.individual}};
  }
  Json operator()(const pretokenizer::CharDelimiter& s) const {
    return {{"step", "CharDelimiter"}, {"delimiter", CodePointText(s.delimiter)}};
  }
  Json operator()(const pretokenizer::Metaspace& s) const {
    return {{"step", "Metaspace"},
            {"replacement", CodePointText(s.replacement)},
            {"prepend_scheme", NameOf(kPrependSchemes, s.prepend_scheme)},
            {"split", s.split}};
  }
  Json operator()(const pretokenizer::UnicodeScripts&) const { return {{"step", "UnicodeScripts"}}; }
  Json operator()(const pretokenizer::FixedLength& s) const {
    return {{"step", "FixedLength"}, {"chars", s.n_chars}};
  }
};

struct DescribeModel {
  Json operator()(const BpeModelSpec& m) const {
    Json json = {{"type", "BPE"}, {"mode", NameOf(kBpeModes, m.mode)}};
    if (m.mode == BpeModelSpec::Mode::kMergeList) json["merges"] = m.merges.size();
    if (m.dropout.has_value()) json["dropout"] = *m.dropout;
    if (m.unk_token.has_value()) json["unk_token"] = *m.unk_token;
    if (!m.continuing_subword_prefix.empty()) json["continuing_subword_prefix"] = m.continuing_subword_prefix;
    if (!m.end_of_word_suffix.empty()) json["end_of_word_suffix"] = m.end_of_word_suffix;
    json["fuse_unk"] = m.fuse_unk;
    json["byte_fallback"] = m.byte_fallback;
    json["ignore_merges"] = m.ignore_merges;
    return json;
  }
  Json operator()(const UnigramModelSpec& m) const {
    Json json = {{"type", "Unigram"}, {"unk_id", nullptr}};
    if (m.unk_id.has_value()) json["unk_id"] = *m.unk_id;
    json["byte_fallback"] = m.byte_fallback;
    json["rules"] = m.sentencepiece ? "sentencepiece" : "huggingface";
    return json;
  }
  Json operator()(const WordPieceModelSpec& m) const {
    return {{"type", "WordPiece"},
            {"unk_token", m.unk_token},
            {"continuing_subword_prefix", m.continuing_subword_prefix},
            {"max_input_chars_per_word", m.max_input_chars_per_word}};
  }
  Json operator()(const WordLevelModelSpec& m) const {
    return {{"type", "WordLevel"}, {"unk_token", m.unk_token}};
  }
  Json operator()(const SentencePieceLookupModelSpec& m) const {
    const bool is_word = m.unit == SentencePieceLookupModelSpec::Unit::kWord;
    return {{"type", is_word ? "SentencePiece word" : "SentencePiece char"},
            {"byte_fallback", m.byte_fallback}};
  }
};

struct DescribeDecoder {
  Json operator()(const decoder::ByteLevel&) const { return {{"step", "ByteLevel"}}; }
  Json operator()(const decoder::Metaspace& s) const {
    return {{"step", "Metaspace"},
            {"replacement", CodePointText(s.replacement)},
            {"prepend_scheme", NameOf(kPrependSchemes, s.prepend_scheme)},
            {"split", s.split}};
  }
  Json operator()(const decoder::WordPiece& s) const {
    return {{"step", "WordPiece"}, {"prefix", s.prefix}, {"cleanup", s.cleanup}};
  }
  Json operator()(const decoder::BpeSuffix& s) const {
    return {{"step", "BPEDecoder"}, {"suffix", s.suffix}};
  }
  Json operator()(const decoder::ByteFallback&) const { return {{"step", "ByteFallback"}}; }
  Json operator()(const decoder::Fuse&) const { return {{"step", "Fuse"}}; }
  Json operator()(const decoder::Strip& s) const {
    return {{"step", "Strip"}, {"content", CodePointText(s.content)}, {"start", s.start}, {"stop", s.stop}};
  }
  Json operator()(const decoder::Replace& s) const {
    return {{"step", "Replace"}, {"pattern", PatternJson(s.pattern)}, {"content", s.content}};
  }
  Json operator()(const decoder::Ctc& s) const {
    return {{"step", "CTC"},
            {"pad_token", s.pad_token},
            {"word_delimiter_token", s.word_delimiter_token},
            {"cleanup", s.cleanup}};
  }
  Json operator()(const decoder::SentencePiece& s) const {
    return {{"step", "SentencePiece"},
            {"strip_dummy_prefix", s.strip_dummy_prefix},
            {"treat_whitespace_as_suffix", s.treat_whitespace_as_suffix},
            {"unk_surface", s.unk_surface},
            {"denormalizer_charsmap_bytes", s.denormalizer_charsmap.size()}};
  }
};

template <typename Describe, typename Step>
Json DescribeSteps(const std::vector<Step>& steps) {
  Json list = Json::array();
  for (const Step& step : steps) list.push_back(std::visit(Describe(), step));
  return list;
}

Json TemplateJson(const std::vector<TemplateItem>& items) {
  Json list = Json::array();
  for (const TemplateItem& item : items) {
    switch (item.kind) {
      case TemplateItem::Kind::kSequenceA: list.push_back("A"); break;
      case TemplateItem::Kind::kSequenceB: list.push_back("B"); break;
      case TemplateItem::Kind::kTokens: list.push_back({{"tokens", item.tokens}, {"ids", item.ids}}); break;
    }
  }
  return list;
}

}  // namespace

std::string UnicodeProfileText(UnicodeProfileName name) {
  switch (name) {
    case UnicodeProfileName::kHuggingFace: return "huggingface";
    case UnicodeProfileName::kTiktoken: return "tiktoken";
    case UnicodeProfileName::kSentencePiece: break;
  }
  return "sentencepiece";
}

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
  return {{"id", token.id},
          {"content", token.content},
          {"special", token.special},
          {"single_word", token.single_word},
          {"lstrip", token.lstrip},
          {"rstrip", token.rstrip},
          {"normalized", token.normalized}};
}

Json DescribePipeline(const TokenizerSpec& spec) {
  Json decoders = DescribeSteps<DescribeDecoder>(spec.decoder.steps);
  if (spec.decoder.steps.empty())
    decoders.push_back({{"step", spec.decoder.join_with_spaces ? "JoinWithSpaces" : "Join"}});
  return {{"unicode", UnicodeProfileText(spec.unicode_profile)},
          {"alphabet", spec.alphabet == VocabularyAlphabet::kBytes ? "bytes" : "text"},
          {"normalizers", DescribeSteps<DescribeNormalizer>(spec.normalizers)},
          {"pre_tokenizers", DescribeSteps<DescribePreTokenizer>(spec.pre_tokenizers)},
          {"model", std::visit(DescribeModel(), spec.model)},
          {"template", TemplateJson(spec.post_processor.single)},
          {"template_pair", TemplateJson(spec.post_processor.pair)},
          {"decoders", std::move(decoders)}};
}

}  // namespace tok::cli
