#include "src/format/model_directory.h"

#include <algorithm>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/detect.h"
#include "src/format/directory_config.h"
#include "src/format/json_reading.h"
#include "src/format/vocab_merges.h"
#include "src/format/wordpiece_vocab.h"

namespace tok {
namespace {

// Classes that write their own template from bos and eos, whatever tokenizer.json says; bos unless told otherwise.
bool WritesOwnTemplate(std::string_view tokenizer_class) {
  constexpr std::string_view kClasses[] = {"LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer",
                                           "CohereTokenizer"};
  return std::find(std::begin(kClasses), std::end(kClasses), tokenizer_class) != std::end(kClasses);
}

TokenId IdOf(const TokenizerSpec& spec, const std::string& content) {
  for (const AddedToken& token : spec.added_tokens) {
    if (token.content == content) return token.id;
  }
  return spec.vocabulary.Find(content);
}

absl::StatusOr<TemplateItem> TemplateToken(const TokenizerSpec& spec, const DirectoryConfig& config,
                                           std::string_view role, std::string_view directory) {
  const std::string content = config.Special(std::string(role));
  const TokenId id = content.empty() ? kNoToken : IdOf(spec, content);
  if (id == kNoToken) {
    return MakeError(
        ErrorCode::kBadFormat, JoinPath(directory, "tokenizer_config.json"),
        Concat("asks for a ", role, " around texts without a token of that name in the vocabulary"),
        "name one, or set add_bos_token and add_eos_token to false");
  }
  return TokenItem(content, id, 0);
}

absl::Status ApplyBosAndEos(const DirectoryConfig& config, std::string_view directory, TokenizerSpec* spec) {
  const bool own = WritesOwnTemplate(config.tokenizer_class);
  if (!own && !config.add_bos_token && !config.add_eos_token) return absl::OkStatus();
  const bool bos = config.add_bos_token.value_or(own), eos = config.add_eos_token.value_or(false);
  std::vector<TemplateItem> before, after;
  if (bos) {
    TOK_ASSIGN_OR_RETURN(TemplateItem item, TemplateToken(*spec, config, "bos_token", directory));
    before.push_back(std::move(item));
  }
  if (eos) {
    TOK_ASSIGN_OR_RETURN(TemplateItem item, TemplateToken(*spec, config, "eos_token", directory));
    after.push_back(std::move(item));
  }
  TemplateSpec& post_processor = spec->post_processor;
  post_processor.single.clear();
  post_processor.pair.clear();
  if (!bos && !eos) return absl::OkStatus();
  for (const uint32_t sequence : {0u, 1u}) {
    std::vector<TemplateItem> items = before;
    items.push_back(SequenceItem(sequence == 1, sequence));
    items.insert(items.end(), after.begin(), after.end());
    for (TemplateItem& item : items) item.type_id = sequence;
    if (sequence == 0) post_processor.single = items;
    post_processor.pair.insert(post_processor.pair.end(), items.begin(), items.end());
  }
  return absl::OkStatus();
}

void ApplyPrefixSpace(const DirectoryConfig& config, TokenizerSpec* spec) {
  if (!config.add_prefix_space || spec->pre_tokenizers.size() != 1) return;
  if (auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&spec->pre_tokenizers.front())) {
    byte_level->add_prefix_space = *config.add_prefix_space;
  }
}

void WarnOfCleanUp(const DirectoryConfig& config, TokenizerSpec* spec) {
  if (!config.clean_up_tokenization_spaces.value_or(false)) return;
  spec->warnings.emplace_back(
      "tokenizer_config.json asks for clean_up_tokenization_spaces: transformers drops spaces before "
      "punctuation when "
      "it decodes, libtok keeps them");
}

absl::StatusOr<TokenizerSpec> ReadJson(const std::string& path, const DirectoryConfig& config,
                                       const ReadOptions& options) {
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  return ReadTokenizerJson(bytes, path, options, config.extras);
}

absl::StatusOr<TokenizerSpec> ReadPair(const std::string& path, const DirectoryConfig& config) {
  const VocabMergesPaths paths = PairOf(path);
  TOK_ASSIGN_OR_RETURN(const std::string vocab, ReadFile(paths.vocab));
  TOK_ASSIGN_OR_RETURN(const std::string merges, ReadFile(paths.merges));
  VocabMergesConfig pair;
  pair.tokenizer_class = config.tokenizer_class;
  pair.add_prefix_space = config.add_prefix_space.value_or(false);
  pair.extras = config.extras;
  pair.bos_token = config.Special("bos_token");
  pair.eos_token = config.Special("eos_token");
  pair.cls_token = config.Special("cls_token");
  pair.sep_token = config.Special("sep_token");
  pair.unk_token = config.Special("unk_token");
  return ReadVocabMerges({vocab, paths.vocab, merges, paths.merges}, pair);
}

absl::StatusOr<TokenizerSpec> ReadBertVocab(const std::string& path, const DirectoryConfig& config) {
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  WordPieceConfig bert;
  bert.normalizer.lowercase = config.do_lower_case.value_or(true);
  bert.normalizer.handle_chinese_chars = config.tokenize_chinese_chars.value_or(true);
  bert.normalizer.strip_accents = config.strip_accents;
  bert.extras = config.extras;
  const auto take = [&](const char* role, std::string* token) {
    if (const std::string given = config.Special(role); !given.empty()) *token = given;
  };
  take("unk_token", &bert.unk_token);
  take("cls_token", &bert.cls_token);
  take("sep_token", &bert.sep_token);
  take("pad_token", &bert.pad_token);
  take("mask_token", &bert.mask_token);
  return ReadWordPieceVocab(bytes, path, bert);
}

// Formats that know nothing of companions: the tokens that the directory adds are put on top.
absl::Status AddOnTop(const DirectoryConfig& config, TokenizerSpec* spec) {
  ModelVocabulary model;
  const Vocabulary& vocabulary = spec->vocabulary;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Contains(id))
      model.entries.push_back({vocabulary.Bytes(id), id, 0.0, vocabulary.Kind(id)});
  }
  for (const ModelVocabulary::Entry& entry : model.entries) model.ids.emplace(entry.text, entry.id);
  AddedTokenTable table(model);
  for (const AddedToken& token : spec->added_tokens)
    TOK_RETURN_IF_ERROR(table.Add(token, true, &spec->warnings));
  for (const AddedToken& token : config.extras.added_tokens) {
    TOK_RETURN_IF_ERROR(table.Add(token, true, &spec->warnings));
  }
  for (const AddedToken& token : config.extras.special_names) {
    if (!table.Has(token.content)) TOK_RETURN_IF_ERROR(table.Add(token, true, &spec->warnings));
  }
  VocabularyBuilder builder;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!vocabulary.Contains(id)) continue;
    TOK_RETURN_IF_ERROR(builder.Add(id, vocabulary.Bytes(id), vocabulary.Kind(id), vocabulary.Score(id)));
  }
  for (const AddedToken& token : table.tokens()) {
    if (!builder.Contains(token.id))
      TOK_RETURN_IF_ERROR(builder.Add(token.id, token.content, TokenKind::kAdded));
  }
  const std::vector<AddedToken> added = table.tokens();
  TOK_ASSIGN_OR_RETURN(Vocabulary extended, std::move(builder).Build());
  spec->vocabulary = std::move(extended);
  spec->added_tokens = added;
  return absl::OkStatus();
}

absl::StatusOr<TokenizerSpec> ReadBest(const std::string& directory, const DirectoryConfig& config,
                                       const ReadOptions& options) {
  const auto at = [&](std::string_view name) { return JoinPath(directory, name); };
  if (FileExists(at("tokenizer.json"))) return ReadJson(at("tokenizer.json"), config, options);
  if (FileExists(at("vocab.json"))) return ReadPair(at("vocab.json"), config);
  if (FileExists(at("tokenizer.model"))) {
    TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(at("tokenizer.model")));
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, ParseSentencePiece(bytes, at("tokenizer.model")));
    TOK_RETURN_IF_ERROR(AddOnTop(config, &spec));
    return spec;
  }
  if (FileExists(at("vocab.txt"))) return ReadBertVocab(at("vocab.txt"), config);
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(at("tekken.json")));
  return ParseTekken(bytes, at("tekken.json"));
}

}  // namespace

absl::StatusOr<TokenizerSpec> ReadModelDirectory(const std::string& path, const ReadOptions& options) {
  TOK_ASSIGN_OR_RETURN(const DirectoryConfig config, ReadDirectoryConfig(path));
  TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, ReadBest(path, config, options));
  std::string_view directory = path;
  while (directory.size() > 1 && directory.back() == '/') directory.remove_suffix(1);
  spec.name = BaseName(directory);
  ApplyPrefixSpace(config, &spec);
  TOK_RETURN_IF_ERROR(ApplyBosAndEos(config, path, &spec));
  WarnOfCleanUp(config, &spec);
  return spec;
}

}  // namespace tok
