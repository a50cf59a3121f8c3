#include "src/format/vocab_merges.h"

#include <algorithm>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_writing.h"
#include "src/format/rank_conversion.h"
#include "src/format/tokenizer_json_write.h"
#include "src/split/pattern_matcher.h"
#include "src/split/splitter.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "vocab.json + merges.txt";
constexpr std::string_view kEndOfWord = "</w>";
constexpr std::string_view kVersionLine = "#version: 0.2\n";
constexpr std::string_view kClipPattern = R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";

pretokenizer::ByteLevel ByteLevelStep(bool add_prefix_space, bool use_regex, bool trim_offsets) {
  return {.add_prefix_space = add_prefix_space, .use_regex = use_regex, .trim_offsets = trim_offsets};
}

bool HasByteAlphabet(const ModelVocabulary& model, std::string_view suffix) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string spelled;
    AppendUtf8(ByteAlphabetChar(static_cast<uint8_t>(byte)), &spelled);
    if (model.Find(Concat(spelled, suffix)) == kNoToken) return false;
  }
  return true;
}

void SetByteLevelPipeline(const VocabMergesConfig& config, TokenizerSpec* spec) {
  spec->decoder.steps = {decoder::ByteLevel{}};
  spec->post_processor.offset_trimming = ByteLevelStep(true, true, false);
  if (config.tokenizer_class == "Qwen2Tokenizer") {
    pretokenizer::Split split;
    split.pattern = {true, std::string(PatternByName("qwen"))};
    spec->normalizers = {normalizer::UnicodeForm{normalizer::Form::kNfc}};
    spec->pre_tokenizers = {std::move(split), ByteLevelStep(false, false, true)};
    return;
  }
  spec->pre_tokenizers = {ByteLevelStep(config.add_prefix_space, true, true)};
}

void SetClipPipeline(const ModelVocabulary& model, BpeModelSpec* bpe, TokenizerSpec* spec) {
  constexpr std::string_view kUnknown = "<|endoftext|>";
  pretokenizer::Split split;
  split.pattern = {true, std::string(kClipPattern)};
  split.behavior = pretokenizer::Behavior::kRemoved;
  split.invert = true;
  spec->normalizers.emplace_back(normalizer::UnicodeForm{normalizer::Form::kNfc});
  spec->normalizers.emplace_back(normalizer::Replace{{true, R"(\s+)"}, " "});
  spec->normalizers.emplace_back(normalizer::Lowercase{});
  spec->pre_tokenizers = {std::move(split), ByteLevelStep(false, true, true)};
  spec->decoder.steps = {decoder::ByteLevel{}};
  bpe->end_of_word_suffix = kEndOfWord;
  if (model.Find(kUnknown) != kNoToken) bpe->unk_token = kUnknown;
}

void SetCharacterPipeline(const ModelVocabulary& model, const VocabMergesConfig& config, BpeModelSpec* bpe,
                          TokenizerSpec* spec) {
  normalizer::Bert bert;
  bert.lowercase = false;
  spec->normalizers = {bert};
  spec->pre_tokenizers = {pretokenizer::Bert{}};
  spec->decoder.steps = {decoder::BpeSuffix{std::string(kEndOfWord)}};
  bpe->end_of_word_suffix = kEndOfWord;
  const std::string unknown = config.unk_token.empty() ? "<unk>" : config.unk_token;
  if (model.Find(unknown) != kNoToken) bpe->unk_token = unknown;
}

// Classes of `transformers` whose pair means what this reader makes of it.
bool IsKnownClass(std::string_view name) {
  constexpr std::string_view kClasses[] = {"",
                                           "GPT2Tokenizer",
                                           "RobertaTokenizer",
                                           "BartTokenizer",
                                           "LongformerTokenizer",
                                           "LEDTokenizer",
                                           "Qwen2Tokenizer",
                                           "CLIPTokenizer",
                                           "PreTrainedTokenizer"};
  return std::find(std::begin(kClasses), std::end(kClasses), name) != std::end(kClasses);
}

bool IsRobertaClass(std::string_view name) {
  return name == "RobertaTokenizer" || name == "BartTokenizer" || name == "LongformerTokenizer" ||
         name == "LEDTokenizer" || name == "CLIPTokenizer";
}

absl::Status SetPipeline(const ModelVocabulary& model, const VocabMergesText& text,
                         const VocabMergesConfig& config, BpeModelSpec* bpe, TokenizerSpec* spec) {
  if (!IsKnownClass(config.tokenizer_class)) {
    return MakeError(ErrorCode::kUnsupportedFeature, text.vocab_place,
                     Concat("libtok does not know how ", Quoted(config.tokenizer_class), " splits text"),
                     "save the tokenizer as tokenizer.json");
  }
  const bool bytes = HasByteAlphabet(model, {}), byte_ends = bytes && HasByteAlphabet(model, kEndOfWord);
  if (byte_ends) {
    SetClipPipeline(model, bpe, spec);
    return absl::OkStatus();
  }
  if (bytes) {
    SetByteLevelPipeline(config, spec);
    return absl::OkStatus();
  }
  const bool any_end =
      std::any_of(model.entries.begin(), model.entries.end(),
                  [](const ModelVocabulary::Entry& entry) { return entry.text.ends_with(kEndOfWord); });
  if (any_end) {
    SetCharacterPipeline(model, config, bpe, spec);
    return absl::OkStatus();
  }
  return MakeError(
      ErrorCode::kUnsupportedFeature, text.vocab_place,
      "is neither byte-level nor made of words ending in </w>, so that nothing tells how to split text",
      "save the tokenizer as tokenizer.json");
}

absl::StatusOr<std::vector<Merge>> ReadMerges(const VocabMergesText& text, const ModelVocabulary& model) {
  MergeResolver resolver(model, {});
  std::vector<Merge> merges;
  uint64_t line_number = 0;
  for (size_t begin = 0; begin < text.merges.size();) {
    const size_t end = std::min(text.merges.find('\n', begin), text.merges.size());
    std::string_view line = text.merges.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    begin = end + 1;
    ++line_number;
    if (line.substr(0, 8) == "#version") continue;
    const std::string place = Concat(text.merges_place, ":", line_number);
    std::string_view left, right;
    if (!SplitMerge(line, &left, &right)) {
      return MakeError(ErrorCode::kBadMerges, place,
                       Concat(Quoted(line), " is not two tokens with one space between"), "correct the file");
    }
    if (const std::string fact = resolver.Resolve(left, right, &merges.emplace_back()); !fact.empty()) {
      return MakeError(ErrorCode::kBadMerges, place, fact,
                       "use the vocab.json that belongs to this merges.txt");
    }
  }
  return merges;
}

// RobertaProcessing, where the class has one and the vocabulary its tokens.
void SetRobertaTemplate(const AddedTokenTable& table, const VocabMergesConfig& config, TokenizerSpec* spec) {
  if (!IsRobertaClass(config.tokenizer_class)) return;
  const bool clip = config.tokenizer_class == "CLIPTokenizer";
  const auto either = [](const std::string& given, std::string_view usual) {
    return given.empty() ? std::string(usual) : given;
  };
  const std::string cls =
      clip ? either(config.bos_token, "<|startoftext|>") : either(config.cls_token, "<s>");
  const std::string sep = clip ? either(config.eos_token, "<|endoftext|>") : either(config.sep_token, "</s>");
  const TokenId cls_id = table.Find(cls), sep_id = table.Find(sep);
  if (cls_id == kNoToken || sep_id == kNoToken) return;
  SetClassifierTemplate(TokenItem(cls, cls_id, 0), TokenItem(sep, sep_id, 0), true, &spec->post_processor);
  spec->post_processor.offset_trimming = ByteLevelStep(clip ? false : config.add_prefix_space, true, !clip);
}

absl::Status CheckMergeModel(const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr || spec.alphabet != VocabularyAlphabet::kBytes ||
      bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return Inexpressible(spec, kFormat, "a model that is not byte-level BPE");
  }
  if (bpe->dropout.value_or(0.0) > 0.0) return Inexpressible(spec, kFormat, "dropout");
  if (!spec.normalizers.empty()) return Inexpressible(spec, kFormat, "a normalizer");
  if (!spec.post_processor.single.empty()) return Inexpressible(spec, kFormat, "a post-processor's template");
  return absl::OkStatus();
}

// Readers of the pair split by GPT-2's pattern.
absl::Status CheckGpt2Pattern(const TokenizerSpec& spec) {
  size_t n_patterns = 0;
  bool all_gpt2 = true;
  for (const pretokenizer::Step& step : spec.pre_tokenizers) {
    if (const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&step)) {
      if (byte_level->use_regex) ++n_patterns;
    } else if (const auto* split = std::get_if<pretokenizer::Split>(&step);
               split != nullptr && split->pattern.is_regex && !split->invert &&
               split->behavior == pretokenizer::Behavior::kIsolated) {
      PatternFamily family;
      all_gpt2 &= RecognizePattern(split->pattern.text, DialectOf(spec.unicode_profile), &family) &&
                  family == PatternFamily::kGpt2;
      ++n_patterns;
    } else {
      return Inexpressible(spec, kFormat, "its pre-tokenizers");
    }
  }
  if (n_patterns == 1 && all_gpt2) return absl::OkStatus();
  return Inexpressible(spec, kFormat, "a pattern other than GPT-2's");
}

bool AddsPrefixSpace(const TokenizerSpec& spec) {
  return std::any_of(spec.pre_tokenizers.begin(), spec.pre_tokenizers.end(),
                     [](const pretokenizer::Step& step) {
                       const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&step);
                       return byte_level != nullptr && byte_level->add_prefix_space;
                     });
}

std::string ContentOf(const TokenizerSpec& spec, TokenId id) {
  if (spec.vocabulary.Kind(id) != TokenKind::kAdded) return SpelledToken(spec, id);
  for (const AddedToken& token : spec.added_tokens) {
    if (token.id == id) return token.content;
  }
  return std::string(spec.vocabulary.Bytes(id));
}

}  // namespace

absl::StatusOr<TokenizerSpec> ReadVocabMerges(const VocabMergesText& text, const VocabMergesConfig& config) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<JsonDocument> document,
                       JsonDocument::Parse(text.vocab, text.vocab_place));
  ModelVocabulary model;
  TOK_RETURN_IF_ERROR(ReadVocabularyMap(document->root(), false, &model));
  TokenizerSpec spec;
  spec.name = StemOf(text.vocab_place);
  spec.source_format = "vocab+merges";
  spec.unicode_profile = UnicodeProfileName::kHuggingFace;
  BpeModelSpec bpe;
  TOK_RETURN_IF_ERROR(SetPipeline(model, text, config, &bpe, &spec));
  TOK_ASSIGN_OR_RETURN(bpe.merges, ReadMerges(text, model));
  spec.model = std::move(bpe);
  AddedTokenTable table(model);
  for (const std::vector<AddedToken>* tokens : {&config.extras.added_tokens, &config.extras.special_names}) {
    for (const AddedToken& token : *tokens) {
      if (tokens == &config.extras.special_names && table.Has(token.content)) continue;
      TOK_RETURN_IF_ERROR(table.Add(token, true, &spec.warnings));
    }
  }
  SetRobertaTemplate(table, config, &spec);
  TOK_RETURN_IF_ERROR(FinishVocabulary(model, table.tokens(), text.vocab_place, &spec));
  return spec;
}

absl::StatusOr<TokenizerSpec> ParseVocabMerges(std::string_view vocab_json, std::string_view merges_txt,
                                               std::string_view place) {
  return ReadVocabMerges({vocab_json, place, merges_txt, Concat(place, " merges.txt")}, {});
}

absl::StatusOr<VocabMergesFiles> SerializeVocabMerges(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckOwnScheme(spec, "vocab.json"));
  TOK_RETURN_IF_ERROR(CheckMergeModel(spec));
  TOK_RETURN_IF_ERROR(CheckGpt2Pattern(spec));
  const auto& bpe = std::get<BpeModelSpec>(spec.model);
  TOK_ASSIGN_OR_RETURN(const std::vector<Merge> merges, MergeListOf(spec));
  if (bpe.ignore_merges || bpe.mode == BpeModelSpec::Mode::kRank) {
    TOK_ASSIGN_OR_RETURN(const TokenId missed, FirstTokenMergingMisses(spec, merges));
    if (missed != kNoToken) {
      return Inexpressible(spec, kFormat, Concat("ignore_merges, which token ", missed, " needs"));
    }
  }
  VocabMergesFiles files;
  files.vocab_json = "{";
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (!spec.vocabulary.Contains(id)) continue;
    if (files.vocab_json.size() > 1) files.vocab_json += ",\n";
    AppendJsonString(ContentOf(spec, id), &files.vocab_json);
    files.vocab_json += Concat(": ", id);
  }
  files.vocab_json += "}\n";
  files.merges_txt = kVersionLine;
  for (const Merge& merge : merges) {
    files.merges_txt += Concat(SpelledToken(spec, merge.left), " ", SpelledToken(spec, merge.right), "\n");
  }
  return files;
}

std::string SerializeTokenizerConfig(const TokenizerSpec& spec) {
  OrderedJson config;
  config["tokenizer_class"] = "GPT2Tokenizer";
  config["add_prefix_space"] = AddsPrefixSpace(spec);
  OrderedJson decoder = OrderedJson::object();
  for (const AddedToken& token : spec.added_tokens) {
    const std::string id = Concat(token.id);
    if (decoder.contains(id)) continue;
    decoder[id] = {{"content", token.content},         {"lstrip", token.lstrip},
                   {"normalized", token.normalized},   {"rstrip", token.rstrip},
                   {"single_word", token.single_word}, {"special", token.special}};
  }
  config["added_tokens_decoder"] = std::move(decoder);
  return config.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace tok
