// format/tokenizer_json.h: the sections of Hugging Face's tokenizer.json, one reader each.
//
// Model: the meaning of a file is what `tokenizers` 0.23 makes of it: required and default members, legacy
// spellings (untyped models and steps, Metaspace's add_prefix_space, merges as "a b"), and ids of added
// tokens, which follow from the model and the order of the list rather than from the file. What libtok would
// not do the same way is refused. Errors: TOK-E020 malformed, E021 vocabulary, E022 unknown or unsupported
// features, E023 merges, E030 limits. Threads: pure functions.
#ifndef TOK_SRC_FORMAT_TOKENIZER_JSON_H_
#define TOK_SRC_FORMAT_TOKENIZER_JSON_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/format/json_reading.h"
#include "tok/formats.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// A model's vocabulary as spelled in the file; texts point into the JSON document.
struct ModelVocabulary {
  struct Entry {
    std::string_view text;
    TokenId id;
    double score;
    TokenKind kind;
  };
  std::vector<Entry> entries;
  absl::flat_hash_map<std::string_view, TokenId> ids;  // of entries that the model can produce

  TokenId Find(std::string_view text) const {
    const auto found = ids.find(text);
    return found == ids.end() ? kNoToken : found->second;
  }
};

// How a section spells its steps.
struct StepSection {
  std::string_view kind;         // for messages: "normalizer"
  std::string_view list_member;  // of {"type": "Sequence"}: "normalizers"
  // The type of an untyped step by its members, as old files have them; empty if none.
  std::string_view (*type_by_members)(const JsonNode& step);
};
// Calls `read` for each step in order. Sequences are flattened: a sequence of sequences means the same as one
// list.
absl::Status ReadSteps(const JsonNode& node, const StepSection& section,
                       const std::function<absl::Status(const JsonNode& step, std::string_view type)>& read);

absl::Status ReadNormalizers(const JsonNode& node, std::vector<normalizer::Step>* steps);
absl::Status ReadPreTokenizers(const JsonNode& node, std::vector<pretokenizer::Step>* steps);
absl::Status ReadDecoders(const JsonNode& node, std::vector<decoder::Step>* steps);
absl::Status ReadPostProcessor(const JsonNode& node, TemplateSpec* post_processor);
// Template parts, also for formats that imply a template.
TemplateItem TokenItem(std::string_view token, TokenId id, uint32_t type_id);
TemplateItem SequenceItem(bool is_b, uint32_t type_id);
// What BertProcessing and RobertaProcessing add around one and two sequences.
void SetClassifierTemplate(const TemplateItem& cls, const TemplateItem& sep, bool roberta,
                           TemplateSpec* post_processor);
absl::StatusOr<Pattern> ReadPattern(const JsonNode& node);
absl::StatusOr<pretokenizer::ByteLevel> ReadByteLevel(const JsonNode& node);
absl::StatusOr<pretokenizer::Metaspace> ReadMetaspace(const JsonNode& node);

// "left right": exactly one space, as in merges.txt.
bool SplitMerge(std::string_view text, std::string_view* left, std::string_view* right);
// Finds the tokens of a merge, and that their concatenation is a token too.
class MergeResolver {
 public:
  // Both must outlive the resolver. `prefix`: of continuing subwords; the result does not repeat it.
  MergeResolver(const ModelVocabulary& vocabulary, std::string_view prefix)
      : vocabulary_(&vocabulary), prefix_(prefix) {}
  // What is wrong with the merge; empty if nothing is.
  std::string Resolve(std::string_view left, std::string_view right, Merge* merge);
  // Tells the processor that Resolve will be called with these.
  void Prefetch(std::string_view left, std::string_view right) const;

 private:
  // Results of merges mostly stand in the order of the vocabulary, so the last one's neighbours are tried first.
  bool IsToken(std::string_view merged);

  const ModelVocabulary* vocabulary_;
  std::string_view prefix_;
  std::string merged_;
  size_t near_ = 0;  // position of the last result
};

// {"token": id, ...}. Errors: TOK-E020, E021.
absl::Status ReadVocabularyMap(const JsonNode& node, bool byte_fallback, ModelVocabulary* vocabulary);
absl::Status ReadModel(const JsonNode& node, const ReadOptions& options, ModelVocabulary* vocabulary,
                       ModelSpec* model);

// A list of {"id", "content", flags}; ids are as the file claims.
absl::StatusOr<std::vector<AddedToken>> ReadAddedTokens(const JsonNode& node);

// Gives added tokens their ids as Hugging Face does: the model's id if the content is in the vocabulary, else
// the next id after the model's size and all earlier added tokens.
class AddedTokenTable {
 public:
  explicit AddedTokenTable(const ModelVocabulary& model) : model_(&model) {}

  // A token known already keeps its id; different flags replace the earlier ones if `may_replace`, else
  // Errors: TOK-E021.
  absl::Status Add(AddedToken token, bool may_replace, std::vector<std::string>* warnings);
  const std::vector<AddedToken>& tokens() const { return tokens_; }
  // True if a token with this content was added.
  bool Has(std::string_view content) const;
  // The id of a content, added or of the model; kNoToken if unknown.
  TokenId Find(std::string_view content) const;

 private:
  const ModelVocabulary* model_;
  std::vector<AddedToken> tokens_;
  absl::flat_hash_map<std::string, size_t> index_;  // content to position in tokens_
  TokenId max_id_ = 0;
};

// What a model directory adds to its tokenizer.json.
struct TokenizerJsonExtras {
  std::vector<AddedToken> added_tokens;   // replace flags of tokens with the same content
  std::vector<AddedToken> special_names;  // bos_token and the like: added only if not yet there
};

absl::StatusOr<TokenizerSpec> ReadTokenizerJson(std::string_view bytes, std::string_view place,
                                                const ReadOptions& options,
                                                const TokenizerJsonExtras& extras);

// Chooses the alphabet, builds spec->vocabulary from the model's and the added tokens, and drops merges that
// could never apply. Everything else of `spec` must be in place.
absl::Status FinishVocabulary(const ModelVocabulary& model, const std::vector<AddedToken>& added,
                              std::string_view place, TokenizerSpec* spec);

// "dir/llama.tokenizer.json" -> "llama"
std::string StemOf(std::string_view path);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_TOKENIZER_JSON_H_
