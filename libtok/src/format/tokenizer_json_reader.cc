#include <array>
#include <set>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// One warning for each kind of mismatch would drown the others in files with thousands of added tokens.
constexpr size_t kMaxWarnings = 16;

bool HasAllBytes(const ModelVocabulary& model) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string spelled;
    AppendUtf8(ByteAlphabetChar(static_cast<uint8_t>(byte)), &spelled);
    if (model.Find(spelled) == kNoToken) return false;
  }
  return true;
}

// True if the model sees nothing but the byte alphabet, each byte once spelled, and the decoder undoes
// exactly that: then its tokens are byte strings.
bool IsByteLevel(const ModelVocabulary& model, const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr || !bpe->continuing_subword_prefix.empty() || !bpe->end_of_word_suffix.empty())
    return false;
  // The normalizer writes the byte alphabet out as text: its vocabulary stays as the file spells it.
  const auto is_normalizer = [](const normalizer::Step& step) {
    return std::holds_alternative<normalizer::ByteLevel>(step);
  };
  if (std::any_of(spec.normalizers.begin(), spec.normalizers.end(), is_normalizer)) return false;
  const auto is_pre_tokenizer = [](const pretokenizer::Step& step) {
    return std::holds_alternative<pretokenizer::ByteLevel>(step);
  };
  const auto n_spellings =
      std::count_if(spec.pre_tokenizers.begin(), spec.pre_tokenizers.end(), is_pre_tokenizer);
  if (n_spellings != 1) return false;
  const bool last = is_pre_tokenizer(spec.pre_tokenizers.back());
  const bool decodes = spec.decoder.steps.size() == 1 &&
                       std::holds_alternative<decoder::ByteLevel>(spec.decoder.steps.front());
  // With every byte in the vocabulary nothing is ever unknown.
  return last && decodes && HasAllBytes(model);
}

absl::Status AddEntries(const ModelVocabulary& model, bool byte_level, VocabularyBuilder* builder) {
  std::string bytes;
  for (const ModelVocabulary::Entry& entry : model.entries) {
    absl::Status added;
    if (!byte_level) {
      added = builder->Add(entry.id, entry.text, entry.kind, entry.score);
    } else if (FromByteAlphabet(entry.text, &bytes)) {
      added = builder->Add(entry.id, bytes, entry.kind, entry.score);
    } else {
      added = builder->Add(entry.id, entry.text, TokenKind::kLiteral, entry.score);
    }
    if (!added.ok()) return AtPlace(Quoted(entry.text), added);
  }
  return absl::OkStatus();
}

// Added tokens that the model does not have. A byte-level decoder reads their content as byte alphabet where
// it can, as it does with every token.
absl::Status AddAddedTokens(const ModelVocabulary& model, const std::vector<AddedToken>& added,
                            bool byte_level, VocabularyBuilder* builder) {
  std::string bytes;
  for (const AddedToken& token : added) {
    if (model.Find(token.content) == token.id) continue;
    const bool translated = byte_level && FromByteAlphabet(token.content, &bytes);
    const absl::Status status = builder->Add(token.id, translated ? bytes : token.content, TokenKind::kAdded);
    if (!status.ok()) return AtPlace(Concat("added token ", Quoted(token.content)), status);
  }
  return absl::OkStatus();
}

void DropUnreachableMerges(const Vocabulary& vocabulary, std::vector<Merge>* merges) {
  std::erase_if(*merges, [&](const Merge& merge) {
    return vocabulary.Kind(merge.left) == TokenKind::kLiteral ||
           vocabulary.Kind(merge.right) == TokenKind::kLiteral;
  });
}

absl::Status CheckTemplateIds(const TokenizerSpec& spec, std::string_view place) {
  for (const std::vector<TemplateItem>* items : {&spec.post_processor.single, &spec.post_processor.pair}) {
    for (const TemplateItem& item : *items) {
      for (const TokenId id : item.ids) {
        if (spec.vocabulary.Contains(id)) continue;
        return MakeError(ErrorCode::kBadVocabulary, Concat(place, " $.post_processor"),
                         Concat("adds id ", id, " (", Quoted(item.name), "), which is not in the vocabulary"),
                         "correct the id or add the token");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ReadSections(const JsonObject& object, const ReadOptions& options, ModelVocabulary* model,
                          TokenizerSpec* spec) {
  if (object.Has("version")) {
    TOK_ASSIGN_OR_RETURN(const std::string version, object.String("version"));
    if (version != "1.0") {
      return object.Find("version")->Error(ErrorCode::kUnsupportedFeature, Concat("is ", Quoted(version)),
                                           "libtok reads version \"1.0\"");
    }
  }
  if (const auto node = object.Find("normalizer"))
    TOK_RETURN_IF_ERROR(ReadNormalizers(*node, &spec->normalizers));
  if (const auto node = object.Find("pre_tokenizer")) {
    TOK_RETURN_IF_ERROR(ReadPreTokenizers(*node, &spec->pre_tokenizers));
  }
  if (const auto node = object.Find("post_processor")) {
    TOK_RETURN_IF_ERROR(ReadPostProcessor(*node, &spec->post_processor));
  }
  const auto decoder = object.Find("decoder");
  spec->decoder.join_with_spaces = !decoder.has_value();
  if (decoder) TOK_RETURN_IF_ERROR(ReadDecoders(*decoder, &spec->decoder.steps));
  for (const std::string_view left_to_caller : {"truncation", "padding"}) {
    if (object.Has(left_to_caller)) {
      spec->warnings.push_back(
          Concat("the file asks for ", left_to_caller, ", which libtok leaves to its caller"));
    }
  }
  TOK_ASSIGN_OR_RETURN(const JsonNode node, object.Required("model"));
  return ReadModel(node, options, model, &spec->model);
}

absl::Status CollectAddedTokens(const JsonObject& object, const TokenizerJsonExtras& extras,
                                AddedTokenTable* table, std::vector<std::string>* warnings) {
  if (const auto node = object.Find("added_tokens")) {
    TOK_ASSIGN_OR_RETURN(std::vector<AddedToken> tokens, ReadAddedTokens(*node));
    for (AddedToken& token : tokens) {
      const absl::Status status = table->Add(std::move(token), false, warnings);
      if (!status.ok()) return node->At(status);
    }
  }
  for (const AddedToken& token : extras.added_tokens) TOK_RETURN_IF_ERROR(table->Add(token, true, warnings));
  for (const AddedToken& token : extras.special_names) {
    if (!table->Has(token.content)) TOK_RETURN_IF_ERROR(table->Add(token, true, warnings));
  }
  return absl::OkStatus();
}

}  // namespace

std::string StemOf(std::string_view path) {
  path = path.substr(path.find_last_of('/') + 1);
  return std::string(path.substr(0, path.find('.')));
}

absl::Status FinishVocabulary(const ModelVocabulary& model, const std::vector<AddedToken>& added,
                              std::string_view place, TokenizerSpec* spec) {
  const bool byte_level = IsByteLevel(model, *spec);
  spec->alphabet = byte_level ? VocabularyAlphabet::kBytes : VocabularyAlphabet::kText;
  VocabularyBuilder builder;
  absl::Status status = AddEntries(model, byte_level, &builder);
  if (status.ok()) status = AddAddedTokens(model, added, byte_level, &builder);
  if (!status.ok()) return AtPlace(place, status);
  absl::StatusOr<Vocabulary> vocabulary = std::move(builder).Build();
  if (!vocabulary.ok()) return AtPlace(place, vocabulary.status());
  spec->vocabulary = *std::move(vocabulary);
  spec->added_tokens = added;
  if (auto* bpe = std::get_if<BpeModelSpec>(&spec->model))
    DropUnreachableMerges(spec->vocabulary, &bpe->merges);
  return CheckTemplateIds(*spec, place);
}

absl::StatusOr<TokenizerSpec> ReadTokenizerJson(std::string_view bytes, std::string_view place,
                                                const ReadOptions& options,
                                                const TokenizerJsonExtras& extras) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<JsonDocument> document, JsonDocument::Parse(bytes, place));
  const JsonNode root = document->root();
  TOK_ASSIGN_OR_RETURN(
      const JsonObject object,
      JsonObject::Open(root, {"version", "truncation", "padding", "added_tokens", "normalizer",
                              "pre_tokenizer", "post_processor", "decoder", "model"}));
  TokenizerSpec spec;
  spec.name = StemOf(place);
  spec.source_format = "tokenizer.json";
  spec.unicode_profile = UnicodeProfileName::kHuggingFace;
  ModelVocabulary model;
  TOK_RETURN_IF_ERROR(ReadSections(object, options, &model, &spec));
  AddedTokenTable added(model);
  std::vector<std::string> warnings;
  TOK_RETURN_IF_ERROR(CollectAddedTokens(object, extras, &added, &warnings));
  if (warnings.size() > kMaxWarnings) {
    warnings[kMaxWarnings] = Concat("and ", warnings.size() - kMaxWarnings, " more like these");
    warnings.resize(kMaxWarnings + 1);
  }
  spec.warnings.insert(spec.warnings.end(), warnings.begin(), warnings.end());
  TOK_RETURN_IF_ERROR(FinishVocabulary(model, added.tokens(), place, &spec));
  return spec;
}

absl::StatusOr<TokenizerSpec> ParseTokenizerJson(std::string_view bytes, std::string_view place,
                                                 const ReadOptions& options) {
  return ReadTokenizerJson(bytes, place, options, {});
}

}  // namespace tok
