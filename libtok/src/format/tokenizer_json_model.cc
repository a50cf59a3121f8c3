#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

constexpr uint64_t kMaxWordChars = uint64_t{1} << 32;

bool IsByteSpelling(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return text.size() == 6 && text.substr(0, 3) == "<0x" && is_hex(text[3]) && is_hex(text[4]) &&
         text[5] == '>';
}

void SetKind(std::string_view text, TokenKind kind, ModelVocabulary* vocabulary) {
  const TokenId id = vocabulary->Find(text);
  if (id == kNoToken) return;
  for (ModelVocabulary::Entry& entry : vocabulary->entries) {
    if (entry.id == id) entry.kind = kind;
  }
}

// [["token", score], ...]; ids are positions.
absl::Status ReadScoredVocabulary(const JsonNode& node, bool byte_fallback, ModelVocabulary* vocabulary) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, node.Array());
  vocabulary->entries.reserve(elements.size());
  vocabulary->ids.reserve(elements.size());
  for (const simdjson::dom::element element : elements) {
    const uint64_t id = vocabulary->entries.size();
    const JsonNode child = node.Child({}, id, element);
    if (id > kMaxTokenId)
      return child.Error(ErrorCode::kBadVocabulary, "exceeds the largest id", "shrink the vocabulary");
    TOK_ASSIGN_OR_RETURN(const simdjson::dom::array pair, child.Array());
    if (pair.size() != 2)
      return child.Error(ErrorCode::kBadFormat, "is not a token and its score", "correct the file");
    TOK_ASSIGN_OR_RETURN(const std::string_view text, child.Child({}, 0, pair.at(0).value_unsafe()).String());
    TOK_ASSIGN_OR_RETURN(const double score, child.Child({}, 1, pair.at(1).value_unsafe()).Number());
    const TokenKind kind = byte_fallback && IsByteSpelling(text) ? TokenKind::kByte : TokenKind::kNormal;
    const auto [known, is_new] = vocabulary->ids.emplace(text, static_cast<TokenId>(id));
    if (!is_new) {
      // Of equal pieces the peer finds the last; the others stay as ids that nothing produces.
      vocabulary->entries[known->second].kind = TokenKind::kLiteral;
      known->second = static_cast<TokenId>(id);
    }
    vocabulary->entries.push_back({text, static_cast<TokenId>(id), score, kind});
  }
  return absl::OkStatus();
}

class MergeReader {
 public:
  MergeReader(const ModelVocabulary& vocabulary, std::string_view prefix) : resolver_(vocabulary, prefix) {}

  absl::StatusOr<std::vector<Merge>> Read(const JsonNode& node) {
    TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, node.Array());
    merges_.reserve(elements.size());
    uint64_t ordinal = 0;
    std::optional<bool> as_pairs;
    for (const simdjson::dom::element element : elements) {
      Pending pending{node.Child({}, ordinal++, element), {}, {}};
      TOK_ASSIGN_OR_RETURN(const bool is_merge,
                           Split(pending.node, &as_pairs, &pending.left, &pending.right));
      if (!is_merge) continue;
      resolver_.Prefetch(pending.left, pending.right);
      batch_.push_back(pending);
      if (batch_.size() == kBatch) TOK_RETURN_IF_ERROR(ResolveBatch());
    }
    TOK_RETURN_IF_ERROR(ResolveBatch());
    return std::move(merges_);
  }

 private:
  // A vocabulary does not fit the caches: look-ups of one batch wait for memory together.
  static constexpr size_t kBatch = 32;
  struct Pending {
    JsonNode node;
    std::string_view left, right;
  };

  absl::Status ResolveBatch() {
    for (const Pending& pending : batch_) {
      const std::string fact = resolver_.Resolve(pending.left, pending.right, &merges_.emplace_back());
      if (fact.empty()) continue;
      return pending.node.Error(ErrorCode::kBadMerges, fact,
                                "add the token to the vocabulary or remove the merge");
    }
    batch_.clear();
    return absl::OkStatus();
  }

  // False for the version line that old files keep among their merges.
  absl::StatusOr<bool> Split(const JsonNode& node, std::optional<bool>* as_pairs, std::string_view* left,
                             std::string_view* right) {
    const bool is_pair = node.IsArray();
    if (*as_pairs && **as_pairs != is_pair) {
      return node.Error(ErrorCode::kBadMerges, "mixes merges as strings with merges as pairs",
                        "use one spelling");
    }
    *as_pairs = is_pair;
    if (is_pair) {
      TOK_ASSIGN_OR_RETURN(const simdjson::dom::array pair, node.Array());
      if (pair.size() != 2 || pair.at(0).get(*left) != simdjson::SUCCESS ||
          pair.at(1).get(*right) != simdjson::SUCCESS) {
        return node.Error(ErrorCode::kBadMerges, "is not a pair of tokens", "correct the file");
      }
      return true;
    }
    std::string_view text;
    if (node.value().get(text) != simdjson::SUCCESS) {
      return node.Error(ErrorCode::kBadMerges, "is neither a string nor a pair of tokens",
                        "correct the file");
    }
    if (text.substr(0, 8) == "#version") return false;
    if (!SplitMerge(text, left, right)) {
      return node.Error(ErrorCode::kBadMerges,
                        Concat(Quoted(text), " is not two tokens with one space between"),
                        "correct the file");
    }
    return true;
  }

  MergeResolver resolver_;
  std::vector<Pending> batch_;
  std::vector<Merge> merges_;
};

absl::Status ReadDropout(const JsonObject& object, const ReadOptions& options, BpeModelSpec* bpe) {
  const std::optional<JsonNode> node = object.Find("dropout");
  if (!node) return absl::OkStatus();
  TOK_ASSIGN_OR_RETURN(const double dropout, node->Number());
  if (!(dropout >= 0.0 && dropout <= 1.0)) {
    return node->Error(ErrorCode::kBadFormat, "is outside 0 to 1", "correct the number");
  }
  if (dropout > 0.0 && !options.allow_dropout) {
    return node->Error(ErrorCode::kUnsupportedFeature,
                       "asks for BPE dropout: ids would be random, while libtok's are deterministic",
                       "set dropout to null, or ask the reader to allow it");
  }
  bpe->dropout = dropout;
  return absl::OkStatus();
}

absl::Status ReadBpe(const JsonNode& node, const ReadOptions& options, ModelVocabulary* vocabulary,
                     ModelSpec* model) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "dropout", "unk_token", "continuing_subword_prefix",
                                               "end_of_word_suffix", "fuse_unk", "byte_fallback",
                                               "ignore_merges", "vocab", "merges"}));
  BpeModelSpec bpe;
  TOK_RETURN_IF_ERROR(ReadDropout(object, options, &bpe));
  TOK_ASSIGN_OR_RETURN(bpe.unk_token, object.OptionalString("unk_token"));
  TOK_ASSIGN_OR_RETURN(bpe.continuing_subword_prefix, object.String("continuing_subword_prefix", ""));
  TOK_ASSIGN_OR_RETURN(bpe.end_of_word_suffix, object.String("end_of_word_suffix", ""));
  TOK_ASSIGN_OR_RETURN(bpe.fuse_unk, object.Bool("fuse_unk", false));
  TOK_ASSIGN_OR_RETURN(bpe.byte_fallback, object.Bool("byte_fallback", false));
  TOK_ASSIGN_OR_RETURN(bpe.ignore_merges, object.Bool("ignore_merges", false));
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab, object.Required("vocab"));
  TOK_RETURN_IF_ERROR(ReadVocabularyMap(vocab, bpe.byte_fallback, vocabulary));
  if (bpe.unk_token) SetKind(*bpe.unk_token, TokenKind::kUnknown, vocabulary);
  TOK_ASSIGN_OR_RETURN(const JsonNode merges, object.Required("merges"));
  TOK_ASSIGN_OR_RETURN(bpe.merges, MergeReader(*vocabulary, bpe.continuing_subword_prefix).Read(merges));
  *model = std::move(bpe);
  return absl::OkStatus();
}

absl::Status ReadUnigram(const JsonNode& node, ModelVocabulary* vocabulary, ModelSpec* model) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "unk_id", "vocab", "byte_fallback"}));
  UnigramModelSpec unigram;
  TOK_ASSIGN_OR_RETURN(unigram.byte_fallback, object.Bool("byte_fallback", false));
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab, object.Required("vocab"));
  TOK_RETURN_IF_ERROR(ReadScoredVocabulary(vocab, unigram.byte_fallback, vocabulary));
  if (const std::optional<JsonNode> unk_id = object.Find("unk_id")) {
    TOK_ASSIGN_OR_RETURN(const uint64_t id, unk_id->Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
    if (id >= vocabulary->entries.size()) {
      return unk_id->Error(ErrorCode::kBadVocabulary, Concat("is ", id, ", outside the vocabulary"),
                           "give the unknown token's position");
    }
    unigram.unk_id = static_cast<TokenId>(id);
    vocabulary->entries[id].kind = TokenKind::kUnknown;
  }
  *model = unigram;
  return absl::OkStatus();
}

absl::Status ReadWordPiece(const JsonNode& node, ModelVocabulary* vocabulary, ModelSpec* model) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"type", "unk_token", "continuing_subword_prefix",
                                               "max_input_chars_per_word", "vocab"}));
  WordPieceModelSpec word_piece;
  TOK_ASSIGN_OR_RETURN(word_piece.unk_token, object.String("unk_token"));
  TOK_ASSIGN_OR_RETURN(word_piece.continuing_subword_prefix, object.String("continuing_subword_prefix"));
  TOK_ASSIGN_OR_RETURN(word_piece.max_input_chars_per_word,
                       object.Unsigned("max_input_chars_per_word", kMaxWordChars));
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab, object.Required("vocab"));
  TOK_RETURN_IF_ERROR(ReadVocabularyMap(vocab, false, vocabulary));
  SetKind(word_piece.unk_token, TokenKind::kUnknown, vocabulary);
  *model = std::move(word_piece);
  return absl::OkStatus();
}

absl::Status ReadWordLevel(const JsonNode& node, ModelVocabulary* vocabulary, ModelSpec* model) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object, JsonObject::Open(node, {"type", "unk_token", "vocab"}));
  WordLevelModelSpec word_level;
  TOK_ASSIGN_OR_RETURN(word_level.unk_token, object.String("unk_token"));
  TOK_ASSIGN_OR_RETURN(const JsonNode vocab, object.Required("vocab"));
  TOK_RETURN_IF_ERROR(ReadVocabularyMap(vocab, false, vocabulary));
  SetKind(word_level.unk_token, TokenKind::kUnknown, vocabulary);
  *model = std::move(word_level);
  return absl::OkStatus();
}

// Models of old files have no type; the members tell.
std::string_view TypeByMembers(const JsonNode& node) {
  if (node.HasMember("merges")) return "BPE";
  if (node.HasMember("max_input_chars_per_word")) return "WordPiece";
  const auto vocab = node.value().at_key("vocab");
  if (vocab.is_array()) return "Unigram";
  if (vocab.is_object()) return "WordLevel";
  return {};
}

}  // namespace

absl::Status ReadVocabularyMap(const JsonNode& node, bool byte_fallback, ModelVocabulary* vocabulary) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, node.Object());
  vocabulary->entries.reserve(members.size());
  vocabulary->ids.reserve(members.size());
  for (const simdjson::dom::key_value_pair member : members) {
    const uint64_t ordinal = vocabulary->entries.size();
    uint64_t id = 0;
    if (member.value.get(id) != simdjson::SUCCESS || id > kMaxTokenId) {
      return node.Child(member.key, ordinal, member.value)
          .Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary)
          .status();
    }
    if (!vocabulary->ids.emplace(member.key, static_cast<TokenId>(id)).second) {
      return node.Child(member.key, ordinal, member.value)
          .Error(ErrorCode::kBadVocabulary, "is given twice", "keep one of the two");
    }
    const TokenKind kind =
        byte_fallback && IsByteSpelling(member.key) ? TokenKind::kByte : TokenKind::kNormal;
    vocabulary->entries.push_back({member.key, static_cast<TokenId>(id), 0.0, kind});
  }
  return absl::OkStatus();
}

std::string MergeResolver::Resolve(std::string_view left, std::string_view right, Merge* merge) {
  const auto absent = [](std::string_view token) {
    return Concat(Quoted(token), ", which is not in the vocabulary");
  };
  merge->left = vocabulary_->Find(left);
  if (merge->left == kNoToken) return Concat("names ", absent(left));
  merge->right = vocabulary_->Find(right);
  if (merge->right == kNoToken) return Concat("names ", absent(right));
  if (right.size() < prefix_.size())
    return Concat("has a right side shorter than the prefix ", Quoted(prefix_));
  merged_.assign(left);
  merged_ += right.substr(prefix_.size());
  if (!IsToken(merged_)) return Concat("makes ", absent(merged_));
  return {};
}

void MergeResolver::Prefetch(std::string_view left, std::string_view right) const {
  vocabulary_->ids.prefetch(left);
  vocabulary_->ids.prefetch(right);
}

bool MergeResolver::IsToken(std::string_view merged) {
  constexpr size_t kReach = 3;
  const size_t end = std::min(near_ + kReach, vocabulary_->entries.size());
  for (size_t i = near_; i < end; ++i) {
    if (vocabulary_->entries[i].text != merged) continue;
    near_ = i;
    return true;
  }
  const TokenId id = vocabulary_->Find(merged);
  if (id < vocabulary_->entries.size() && vocabulary_->entries[id].text == merged) near_ = id;
  return id != kNoToken;
}

bool SplitMerge(std::string_view text, std::string_view* left, std::string_view* right) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos) return false;
  *left = text.substr(0, space);
  *right = text.substr(space + 1);
  return true;
}

absl::Status ReadModel(const JsonNode& node, const ReadOptions& options, ModelVocabulary* vocabulary,
                       ModelSpec* model) {
  TOK_RETURN_IF_ERROR(node.Object().status());
  std::string_view type;
  if (!node.HasMember("type")) {
    type = TypeByMembers(node);
  } else if (node.value().at_key("type").get(type) != simdjson::SUCCESS) {
    return node.Error(ErrorCode::kBadFormat, "has a type that is no string",
                      "use BPE, Unigram, WordPiece or WordLevel");
  }
  if (type == "BPE") return ReadBpe(node, options, vocabulary, model);
  if (type == "Unigram") return ReadUnigram(node, vocabulary, model);
  if (type == "WordPiece") return ReadWordPiece(node, vocabulary, model);
  if (type == "WordLevel") return ReadWordLevel(node, vocabulary, model);
  if (type.empty())
    return node.Error(ErrorCode::kBadFormat, "is no model: it has no vocab", "give a tokenizer.json");
  return node.Error(ErrorCode::kUnsupportedFeature, Concat("model ", Quoted(type), " is not known to libtok"),
                    "use BPE, Unigram, WordPiece or WordLevel");
}

}  // namespace tok
