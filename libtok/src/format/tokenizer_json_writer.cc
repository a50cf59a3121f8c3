#include <algorithm>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/json_writing.h"
#include "src/format/rank_conversion.h"
#include "src/format/tokenizer_json.h"
#include "src/format/tokenizer_json_write.h"
#include "src/normalize/aligned_text.h"
#include "src/split/pre_tokenizer.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "tokenizer.json";

// A small JSON tree as text, indented to stand in the document.
std::string Indented(const OrderedJson& json) {
  const std::string text = json.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
  std::string indented;
  for (const char c : text) {
    indented += c;
    if (c == '\n') indented += "  ";
  }
  return indented;
}

OrderedJson AddedTokensJson(const std::vector<AddedToken>& tokens) {
  OrderedJson json = OrderedJson::array();
  for (const AddedToken& token : tokens) {
    json.push_back({{"id", token.id},
                    {"content", token.content},
                    {"single_word", token.single_word},
                    {"lstrip", token.lstrip},
                    {"rstrip", token.rstrip},
                    {"normalized", token.normalized},
                    {"special", token.special}});
  }
  return json;
}

class Writer {
 public:
  explicit Writer(const TokenizerSpec& spec) : spec_(spec) {}

  absl::StatusOr<std::string> Write() {
    TOK_RETURN_IF_ERROR(CollectModelIds());
    TOK_RETURN_IF_ERROR(PlaceAddedTokens());
    TOK_RETURN_IF_ERROR(CheckUtf8());
    TOK_ASSIGN_OR_RETURN(const OrderedJson normalizer, WriteNormalizers(spec_));
    TOK_ASSIGN_OR_RETURN(const OrderedJson pre_tokenizer, WritePreTokenizers(spec_));
    TOK_ASSIGN_OR_RETURN(const OrderedJson post_processor, WritePostProcessor(spec_));
    TOK_ASSIGN_OR_RETURN(const OrderedJson decoder, WriteDecoders(spec_));
    json_ = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null";
    Section("added_tokens", AddedTokensJson(spec_.added_tokens));
    Section("normalizer", normalizer);
    Section("pre_tokenizer", pre_tokenizer);
    Section("post_processor", post_processor);
    Section("decoder", decoder);
    json_ += ",\n  \"model\": {\n";
    TOK_RETURN_IF_ERROR(std::visit([&](const auto& model) { return WriteModel(model); }, spec_.model));
    json_ += "\n  }\n}\n";
    return std::move(json_);
  }

 private:
  void Section(std::string_view name, const OrderedJson& json) {
    json_ += Concat(",\n  \"", name, "\": ", Indented(json));
  }
  void Member(std::string_view name, const OrderedJson& value) {
    json_ += Concat("    \"", name, "\": ", value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace),
                    ",\n");
  }

  absl::Status CollectModelIds() {
    const Vocabulary& vocabulary = spec_.vocabulary;
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
      const TokenKind kind = vocabulary.Kind(id);
      if (kind != TokenKind::kAbsent && kind != TokenKind::kAdded) model_ids_.push_back(id);
    }
    return absl::OkStatus();
  }

  // Hugging Face numbers added tokens outside the model itself. Where its numbers would be others, the tokens must
  // stand in the model's vocabulary, which only BPE can bear: no merge leads to them.
  absl::Status PlaceAddedTokens() {
    const auto model_size = static_cast<TokenId>(model_ids_.size());
    TokenId max_id = 0;
    bool first = true, natural = true;
    for (const AddedToken& token : spec_.added_tokens) {
      const bool outside = spec_.vocabulary.Kind(token.id) == TokenKind::kAdded;
      if (outside) natural &= token.id == (first || max_id < model_size ? model_size : max_id + 1);
      max_id = first ? token.id : std::max(max_id, token.id);
      first = false;
    }
    if (natural) return absl::OkStatus();
    for (const AddedToken& token : spec_.added_tokens) {
      if (spec_.vocabulary.Kind(token.id) != TokenKind::kAdded) continue;
      TOK_RETURN_IF_ERROR(CheckModelCanBear(token));
      model_ids_.push_back(token.id);
      added_contents_.emplace(token.id, token.content);
    }
    std::sort(model_ids_.begin(), model_ids_.end());
    const auto twice = std::adjacent_find(model_ids_.begin(), model_ids_.end());
    if (twice == model_ids_.end()) return absl::OkStatus();
    return Inexpressible(spec_, kFormat, Concat("two added tokens with the id ", *twice));
  }

  absl::Status CheckModelCanBear(const AddedToken& token) {
    const auto* bpe = std::get_if<BpeModelSpec>(&spec_.model);
    const auto* wordpiece = std::get_if<WordPieceModelSpec>(&spec_.model);
    const bool without_affixes =
        bpe != nullptr ? bpe->continuing_subword_prefix.empty() && bpe->end_of_word_suffix.empty()
                       : wordpiece != nullptr && wordpiece->continuing_subword_prefix.empty();
    const bool plain = without_affixes && token.content.size() > DecodeUtf8(token.content, 0).n_bytes;
    bool bearable = plain;
    const bool finds_pieces =
        wordpiece != nullptr ||
        (bpe != nullptr && (bpe->ignore_merges || bpe->mode == BpeModelSpec::Mode::kRank));
    if (plain && finds_pieces) {
      // The model looks for whole pieces, or for their beginnings, in the vocabulary: no piece may hold the content.
      TOK_RETURN_IF_ERROR(MakePreTokenizer());
      AlignedText text = AlignedText::From(token.content, 0, false);
      std::vector<PieceRange> pieces;
      if (pre_tokenizer_.tiling() != nullptr) {
        SplitState state;
        size_t end = 0;
        pre_tokenizer_.tiling()->Fill(token.content, &state, &end, 1);
        bearable = end < token.content.size();
      } else {
        TOK_RETURN_IF_ERROR(pre_tokenizer_.Apply(&text, &pieces));
        bearable = pieces.size() > 1;
      }
    }
    if (bearable) return absl::OkStatus();
    return Inexpressible(spec_, kFormat,
                         Concat("the id ", token.id, " of added token ", Quoted(token.content)));
  }

  absl::Status MakePreTokenizer() {
    if (has_pre_tokenizer_) return absl::OkStatus();
    TOK_ASSIGN_OR_RETURN(pre_tokenizer_,
                         PreTokenizer::Create(spec_.pre_tokenizers, spec_.unicode_profile, spec_.alphabet));
    has_pre_tokenizer_ = true;
    return absl::OkStatus();
  }

  absl::Status CheckUtf8() {
    for (const TokenId id : model_ids_) {
      if (FindInvalidUtf8(Spelled(id)) == std::string_view::npos) continue;
      return Inexpressible(spec_, kFormat, Concat("token ", id, ", which is not UTF-8"));
    }
    for (const AddedToken& token : spec_.added_tokens) {
      if (FindInvalidUtf8(token.content) == std::string_view::npos) continue;
      return Inexpressible(spec_, kFormat, Concat("added token ", token.id, ", which is not UTF-8"));
    }
    return absl::OkStatus();
  }

  std::string Spelled(TokenId id) const {
    const auto added = added_contents_.find(id);
    return added != added_contents_.end() ? added->second : SpelledToken(spec_, id);
  }

  void WriteVocabulary() {
    json_ += "    \"vocab\": {";
    bool first = true;
    for (const TokenId id : model_ids_) {
      json_ += first ? "\n      " : ",\n      ";
      AppendJsonString(Spelled(id), &json_);
      json_ += Concat(": ", id);
      first = false;
    }
    json_ += first ? "}" : "\n    }";
  }

  absl::Status WriteModel(const BpeModelSpec& model) {
    const bool by_rank = model.mode == BpeModelSpec::Mode::kRank;
    TOK_ASSIGN_OR_RETURN(const std::vector<Merge> merges, MergeListOf(spec_));
    Member("type", "BPE");
    Member("dropout", model.dropout ? OrderedJson(*model.dropout) : OrderedJson());
    Member("unk_token", model.unk_token ? OrderedJson(*model.unk_token) : OrderedJson());
    const auto affix = [](const std::string& text) {
      return text.empty() ? OrderedJson() : OrderedJson(text);
    };
    Member("continuing_subword_prefix", affix(model.continuing_subword_prefix));
    Member("end_of_word_suffix", affix(model.end_of_word_suffix));
    Member("fuse_unk", model.fuse_unk);
    Member("byte_fallback", model.byte_fallback);
    Member("ignore_merges", model.ignore_merges || by_rank);
    WriteVocabulary();
    json_ += ",\n    \"merges\": [";
    bool first = true;
    for (const Merge& merge : merges) {
      json_ += first ? "\n      [" : ",\n      [";
      AppendJsonString(Spelled(merge.left), &json_);
      json_ += ", ";
      AppendJsonString(Spelled(merge.right), &json_);
      json_ += "]";
      first = false;
    }
    json_ += first ? "]" : "\n    ]";
    return absl::OkStatus();
  }

  absl::Status WriteModel(const UnigramModelSpec& model) {
    Member("type", "Unigram");
    Member("unk_id", model.unk_id ? OrderedJson(*model.unk_id) : OrderedJson());
    json_ += "    \"vocab\": [";
    for (size_t i = 0; i < model_ids_.size(); ++i) {
      if (model_ids_[i] != i) return Inexpressible(spec_, kFormat, "gaps between the ids of a Unigram model");
      json_ += i == 0 ? "\n      [" : ",\n      [";
      AppendJsonString(Spelled(model_ids_[i]), &json_);
      json_ += Concat(", ", OrderedJson(spec_.vocabulary.Score(model_ids_[i])).dump(), "]");
    }
    json_ += model_ids_.empty() ? "],\n" : "\n    ],\n";
    json_ += Concat("    \"byte_fallback\": ", model.byte_fallback ? "true" : "false");
    return absl::OkStatus();
  }

  absl::Status WriteModel(const WordPieceModelSpec& model) {
    Member("type", "WordPiece");
    Member("unk_token", model.unk_token);
    Member("continuing_subword_prefix", model.continuing_subword_prefix);
    Member("max_input_chars_per_word", model.max_input_chars_per_word);
    WriteVocabulary();
    return absl::OkStatus();
  }

  absl::Status WriteModel(const WordLevelModelSpec& model) {
    Member("type", "WordLevel");
    Member("unk_token", model.unk_token);
    WriteVocabulary();
    return absl::OkStatus();
  }

  absl::Status WriteModel(const SentencePieceLookupModelSpec&) {
    return Inexpressible(spec_, kFormat, "SentencePiece word and character models");
  }

  absl::Status WriteModel(const PickyBpeModelSpec&) {
    return Inexpressible(spec_, kFormat, "PickyBPE, whose tokens are split again", "keep it as .tok");
  }

  const TokenizerSpec& spec_;
  std::vector<TokenId> model_ids_;                            // what the model's vocabulary lists, in order
  absl::flat_hash_map<TokenId, std::string> added_contents_;  // added tokens among them
  PreTokenizer pre_tokenizer_;
  bool has_pre_tokenizer_ = false;
  std::string json_;
};

}  // namespace

std::string SpelledToken(const TokenizerSpec& spec, TokenId id) {
  const std::string_view bytes = spec.vocabulary.Bytes(id);
  if (spec.alphabet == VocabularyAlphabet::kText || spec.vocabulary.Kind(id) == TokenKind::kLiteral) {
    return std::string(bytes);
  }
  std::string spelled;
  AppendByteAlphabet(bytes, &spelled);
  return spelled;
}

absl::StatusOr<std::string> SerializeTokenizerJson(const TokenizerSpec& spec) {
  TOK_ASSIGN_OR_RETURN(const TokenizerSpec expressed, AsTokenizerJson(spec));
  return Writer(expressed).Write();
}

}  // namespace tok
