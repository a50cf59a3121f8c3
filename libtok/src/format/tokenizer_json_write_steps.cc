#include <map>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/base64.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/tokenizer_json_write.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "tokenizer.json";

OrderedJson Typed(std::string_view type) { return OrderedJson{{"type", type}}; }

std::string Utf8(char32_t character) {
  std::string text;
  AppendUtf8(character, &text);
  return text;
}

OrderedJson ByteLevelJson(const pretokenizer::ByteLevel& byte_level) {
  OrderedJson json = Typed("ByteLevel");
  json["add_prefix_space"] = byte_level.add_prefix_space;
  json["trim_offsets"] = byte_level.trim_offsets;
  json["use_regex"] = byte_level.use_regex;
  return json;
}

template <typename MetaspaceStep>
OrderedJson MetaspaceJson(const MetaspaceStep& metaspace) {
  using pretokenizer::PrependScheme;
  OrderedJson json = Typed("Metaspace");
  json["replacement"] = Utf8(metaspace.replacement);
  json["prepend_scheme"] = metaspace.prepend_scheme == PrependScheme::kFirst    ? "first"
                           : metaspace.prepend_scheme == PrependScheme::kAlways ? "always"
                                                                                : "never";
  json["split"] = metaspace.split;
  return json;
}

OrderedJson PatternJson(const Pattern& pattern) {
  return OrderedJson{{pattern.is_regex ? "Regex" : "String", pattern.text}};
}

template <typename ReplaceStep>
absl::StatusOr<OrderedJson> ReplaceJson(const TokenizerSpec& spec, const ReplaceStep& replace) {
  TOK_ASSIGN_OR_RETURN(const Pattern pattern, HuggingFacePattern(spec, replace.pattern));
  OrderedJson json = Typed("Replace");
  json["pattern"] = PatternJson(pattern);
  json["content"] = replace.content;
  return json;
}

std::string_view BehaviorName(pretokenizer::Behavior behavior) {
  switch (behavior) {
    case pretokenizer::Behavior::kRemoved: return "Removed";
    case pretokenizer::Behavior::kIsolated: return "Isolated";
    case pretokenizer::Behavior::kMergedWithPrevious: return "MergedWithPrevious";
    case pretokenizer::Behavior::kMergedWithNext: return "MergedWithNext";
    case pretokenizer::Behavior::kContiguous: return "Contiguous";
  }
  return "Isolated";
}

// One overload a step; std::visit picks.
struct NormalizerWriter {
  const TokenizerSpec& spec;
  using Result = absl::StatusOr<OrderedJson>;

  Result operator()(const normalizer::UnicodeForm& step) const {
    constexpr std::string_view kNames[] = {"NFC", "NFD", "NFKC", "NFKD"};
    return Typed(kNames[static_cast<size_t>(step.form)]);
  }
  Result operator()(const normalizer::Nmt&) const { return Typed("Nmt"); }
  Result operator()(const normalizer::Lowercase&) const { return Typed("Lowercase"); }
  Result operator()(const normalizer::StripAccents&) const { return Typed("StripAccents"); }
  Result operator()(const normalizer::ByteLevel&) const { return Typed("ByteLevel"); }
  Result operator()(const normalizer::Strip& step) const {
    OrderedJson json = Typed("Strip");
    json["strip_left"] = step.left;
    json["strip_right"] = step.right;
    return json;
  }
  Result operator()(const normalizer::Bert& step) const {
    OrderedJson json = Typed("BertNormalizer");
    json["clean_text"] = step.clean_text;
    json["handle_chinese_chars"] = step.handle_chinese_chars;
    json["strip_accents"] = step.strip_accents ? OrderedJson(*step.strip_accents) : OrderedJson();
    json["lowercase"] = step.lowercase;
    return json;
  }
  Result operator()(const normalizer::Replace& step) const { return ReplaceJson(spec, step); }
  Result operator()(const normalizer::Prepend& step) const {
    OrderedJson json = Typed("Prepend");
    json["prepend"] = step.text;
    return json;
  }
  Result operator()(const normalizer::Precompiled& step) const {
    std::string charsmap;
    AppendBase64(step.charsmap, &charsmap);
    OrderedJson json = Typed("Precompiled");
    json["precompiled_charsmap"] = charsmap;
    return json;
  }
  Result operator()(const normalizer::SentencePiece&) const {
    return Inexpressible(spec, kFormat, "SentencePiece's own normalizer");
  }
};

struct PreTokenizerWriter {
  const TokenizerSpec& spec;
  using Result = absl::StatusOr<OrderedJson>;

  Result operator()(const pretokenizer::Split& step) const {
    TOK_ASSIGN_OR_RETURN(const Pattern pattern, HuggingFacePattern(spec, step.pattern));
    OrderedJson json = Typed("Split");
    json["pattern"] = PatternJson(pattern);
    json["behavior"] = BehaviorName(step.behavior);
    json["invert"] = step.invert;
    return json;
  }
  Result operator()(const pretokenizer::ByteLevel& step) const { return ByteLevelJson(step); }
  Result operator()(const pretokenizer::Whitespace&) const { return Typed("Whitespace"); }
  Result operator()(const pretokenizer::WhitespaceSplit&) const { return Typed("WhitespaceSplit"); }
  Result operator()(const pretokenizer::Bert&) const { return Typed("BertPreTokenizer"); }
  Result operator()(const pretokenizer::Punctuation& step) const {
    OrderedJson json = Typed("Punctuation");
    json["behavior"] = BehaviorName(step.behavior);
    return json;
  }
  Result operator()(const pretokenizer::Digits& step) const {
    OrderedJson json = Typed("Digits");
    json["individual_digits"] = step.individual;
    return json;
  }
  Result operator()(const pretokenizer::CharDelimiter& step) const {
    OrderedJson json = Typed("CharDelimiterSplit");
    json["delimiter"] = Utf8(step.delimiter);
    return json;
  }
  Result operator()(const pretokenizer::Metaspace& step) const { return MetaspaceJson(step); }
  Result operator()(const pretokenizer::UnicodeScripts&) const { return Typed("UnicodeScripts"); }
  Result operator()(const pretokenizer::FixedLength& step) const {
    OrderedJson json = Typed("FixedLength");
    json["length"] = step.n_chars;
    return json;
  }
};

struct DecoderWriter {
  const TokenizerSpec& spec;
  using Result = absl::StatusOr<OrderedJson>;

  Result operator()(const decoder::ByteLevel&) const { return ByteLevelJson({}); }
  Result operator()(const decoder::Metaspace& step) const { return MetaspaceJson(step); }
  Result operator()(const decoder::WordPiece& step) const {
    OrderedJson json = Typed("WordPiece");
    json["prefix"] = step.prefix;
    json["cleanup"] = step.cleanup;
    return json;
  }
  Result operator()(const decoder::BpeSuffix& step) const {
    OrderedJson json = Typed("BPEDecoder");
    json["suffix"] = step.suffix;
    return json;
  }
  Result operator()(const decoder::ByteFallback&) const { return Typed("ByteFallback"); }
  Result operator()(const decoder::Fuse&) const { return Typed("Fuse"); }
  Result operator()(const decoder::Strip& step) const {
    OrderedJson json = Typed("Strip");
    json["content"] = Utf8(step.content);
    json["start"] = step.start;
    json["stop"] = step.stop;
    return json;
  }
  Result operator()(const decoder::Replace& step) const { return ReplaceJson(spec, step); }
  Result operator()(const decoder::Ctc& step) const {
    OrderedJson json = Typed("CTC");
    json["pad_token"] = step.pad_token;
    json["word_delimiter_token"] = step.word_delimiter_token;
    json["cleanup"] = step.cleanup;
    return json;
  }
  Result operator()(const decoder::SentencePiece&) const {
    return Inexpressible(spec, kFormat, "SentencePiece's own decoder");
  }
};

// null, the one step, or a Sequence.
template <typename Step, typename Writer>
absl::StatusOr<OrderedJson> StepsJson(const std::vector<Step>& steps, const Writer& writer,
                                      std::string_view list) {
  if (steps.empty()) return OrderedJson();
  OrderedJson written = OrderedJson::array();
  for (const Step& step : steps) {
    TOK_ASSIGN_OR_RETURN(OrderedJson json, std::visit(writer, step));
    written.push_back(std::move(json));
  }
  if (steps.size() == 1) return OrderedJson(written.front());
  OrderedJson sequence = Typed("Sequence");
  sequence[std::string(list)] = std::move(written);
  return sequence;
}

OrderedJson TemplateItemsJson(const std::vector<TemplateItem>& items) {
  OrderedJson json = OrderedJson::array();
  for (const TemplateItem& item : items) {
    if (item.kind == TemplateItem::Kind::kTokens) {
      json.push_back({{"SpecialToken", {{"id", item.name}, {"type_id", item.type_id}}}});
    } else {
      const bool is_a = item.kind == TemplateItem::Kind::kSequenceA;
      json.push_back({{"Sequence", {{"id", is_a ? "A" : "B"}, {"type_id", item.type_id}}}});
    }
  }
  return json;
}

absl::StatusOr<OrderedJson> TemplateJson(const TokenizerSpec& spec) {
  const TemplateSpec& post_processor = spec.post_processor;
  std::map<std::string, const TemplateItem*> tokens;
  for (const std::vector<TemplateItem>* items : {&post_processor.single, &post_processor.pair}) {
    for (const TemplateItem& item : *items) {
      if (item.kind != TemplateItem::Kind::kTokens) continue;
      const auto [known, is_new] = tokens.emplace(item.name, &item);
      if (!is_new && known->second->ids != item.ids) {
        return Inexpressible(spec, kFormat, Concat("two template items named ", Quoted(item.name)));
      }
    }
  }
  OrderedJson special_tokens = OrderedJson::object();
  for (const auto& [name, item] : tokens) {
    special_tokens[name] = {{"id", name}, {"ids", item->ids}, {"tokens", item->tokens}};
  }
  OrderedJson json = Typed("TemplateProcessing");
  json["single"] = TemplateItemsJson(post_processor.single);
  json["pair"] = TemplateItemsJson(post_processor.pair);
  json["special_tokens"] = std::move(special_tokens);
  return json;
}

}  // namespace

absl::StatusOr<OrderedJson> WriteNormalizers(const TokenizerSpec& spec) {
  return StepsJson(spec.normalizers, NormalizerWriter{spec}, "normalizers");
}

absl::StatusOr<OrderedJson> WritePreTokenizers(const TokenizerSpec& spec) {
  std::vector<pretokenizer::Step> steps = spec.pre_tokenizers;
  bool spells_bytes = false;
  for (const normalizer::Step& step : spec.normalizers)
    spells_bytes |= std::holds_alternative<normalizer::ByteLevel>(step);
  for (const pretokenizer::Step& step : steps)
    spells_bytes |= std::holds_alternative<pretokenizer::ByteLevel>(step);
  if (spec.alphabet == VocabularyAlphabet::kBytes && !spells_bytes) {
    steps.push_back(
        pretokenizer::ByteLevel{.add_prefix_space = false, .use_regex = false, .trim_offsets = true});
  }
  return StepsJson(steps, PreTokenizerWriter{spec}, "pretokenizers");
}

absl::StatusOr<OrderedJson> WritePostProcessor(const TokenizerSpec& spec) {
  const TemplateSpec& post_processor = spec.post_processor;
  OrderedJson trimming, with_template;
  if (post_processor.offset_trimming) trimming = ByteLevelJson(*post_processor.offset_trimming);
  if (post_processor.single.empty()) return trimming;
  TOK_ASSIGN_OR_RETURN(with_template, TemplateJson(spec));
  if (trimming.is_null()) return with_template;
  OrderedJson sequence = Typed("Sequence");
  sequence["processors"] = OrderedJson::array({trimming, with_template});
  return sequence;
}

absl::StatusOr<OrderedJson> WriteDecoders(const TokenizerSpec& spec) {
  const DecoderSpec& decoder = spec.decoder;
  if (!decoder.steps.empty()) return StepsJson(decoder.steps, DecoderWriter{spec}, "decoders");
  if (spec.alphabet == VocabularyAlphabet::kBytes) return ByteLevelJson({});
  if (decoder.join_with_spaces) return OrderedJson();
  OrderedJson sequence = Typed("Sequence");
  sequence["decoders"] = OrderedJson::array();
  return sequence;
}

}  // namespace tok
