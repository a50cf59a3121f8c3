// SentencePiece .model files out: for tokenizers with SentencePiece's rules, or that can be said with them.
//
// SentencePiece loads the result and encodes and decodes the same. Errors: TOK-E026 names what the format cannot say.
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/sentencepiece_model.pb.h"
#include "tok/formats.h"

namespace tok {
namespace {

absl::Status Lossy(std::string_view what) {
  return MakeError(ErrorCode::kLossyConversion, "SentencePiece .model", Concat("cannot express ", what),
                   "write tokenizer.json instead");
}

absl::StatusOr<int> PieceType(TokenKind kind, TokenId id) {
  switch (kind) {
    case TokenKind::kNormal: return 1;
    case TokenKind::kUnknown: return 2;
    case TokenKind::kControl: return 3;
    case TokenKind::kUserDefined: return 4;
    case TokenKind::kUnused: return 5;
    case TokenKind::kByte: return 6;
    case TokenKind::kAbsent: return Lossy(Concat("the gap at id ", id));
    default: return Lossy(Concat("token ", id, ", which is outside the model"));
  }
}

absl::Status WritePieces(const Vocabulary& vocabulary, sentencepiece::Model* model) {
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    TOK_ASSIGN_OR_RETURN(const int type, PieceType(vocabulary.Kind(id), id));
    sentencepiece::Piece* piece = model->add_pieces();
    piece->set_piece(std::string(vocabulary.Bytes(id)));
    piece->set_score(static_cast<float>(vocabulary.Score(id)));
    if (type != 1) piece->set_type(type);
  }
  return absl::OkStatus();
}

absl::Status WriteModel(const ModelSpec& spec, sentencepiece::Trainer* trainer) {
  if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec)) {
    if (!unigram->sentencepiece) return Lossy("Hugging Face's rules for unknown text in a Unigram model");
    trainer->set_model_type(1);
    trainer->set_byte_fallback(unigram->byte_fallback);
  } else if (const auto* bpe = std::get_if<BpeModelSpec>(&spec)) {
    if (bpe->mode != BpeModelSpec::Mode::kSentencePiece) return Lossy("a list of merges");
    if (bpe->dropout.has_value() || bpe->ignore_merges) return Lossy("dropout or ignore_merges");
    trainer->set_model_type(2);
    trainer->set_byte_fallback(bpe->byte_fallback);
  } else if (const auto* lookup = std::get_if<SentencePieceLookupModelSpec>(&spec)) {
    trainer->set_model_type(lookup->unit == SentencePieceLookupModelSpec::Unit::kWord ? 3 : 4);
    trainer->set_byte_fallback(lookup->byte_fallback);
  } else {
    return Lossy("a WordPiece, WordLevel or PickyBPE model");
  }
  return absl::OkStatus();
}

// Ids by which SentencePiece tools show a model; its extra options look the pieces up by these names.
void WriteSpecialIds(const Vocabulary& vocabulary, sentencepiece::Trainer* trainer) {
  const auto control = [&](std::string_view piece) {
    const TokenId id = vocabulary.Find(piece);
    return id == kNoToken || vocabulary.Kind(id) != TokenKind::kControl ? -1 : static_cast<int>(id);
  };
  trainer->set_vocab_size(static_cast<int>(vocabulary.size()));
  trainer->set_bos_id(control("<s>"));
  trainer->set_eos_id(control("</s>"));
  trainer->set_pad_id(control("<pad>"));
  trainer->set_unk_id(-1);
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(id) != TokenKind::kUnknown) continue;
    trainer->set_unk_id(static_cast<int>(id));
    trainer->set_unk_piece(std::string(vocabulary.Bytes(id)));
  }
}

absl::Status WriteNormalizer(const TokenizerSpec& spec, sentencepiece::Model* model) {
  if (spec.normalizers.size() != 1) return Lossy("a normalizer other than SentencePiece's own");
  const auto* rules = std::get_if<normalizer::SentencePiece>(&spec.normalizers[0]);
  if (rules == nullptr) return Lossy("a normalizer other than SentencePiece's own");
  sentencepiece::Normalizer* out = model->mutable_normalizer();
  out->set_name(rules->charsmap.empty() ? "identity" : "user_defined");
  out->set_precompiled_charsmap(rules->charsmap);
  out->set_add_dummy_prefix(rules->add_dummy_prefix);
  out->set_remove_extra_whitespaces(rules->remove_extra_whitespaces);
  out->set_escape_whitespaces(rules->escape_whitespaces);
  model->mutable_trainer()->set_treat_whitespace_as_suffix(rules->treat_whitespace_as_suffix);

  const decoder::SentencePiece* decoder =
      spec.decoder.steps.size() == 1 ? std::get_if<decoder::SentencePiece>(&spec.decoder.steps[0]) : nullptr;
  if (decoder == nullptr) return Lossy("a decoder other than SentencePiece's own");
  if (decoder->strip_leading_spaces != rules->remove_extra_whitespaces ||
      decoder->strip_dummy_prefix != (rules->add_dummy_prefix || rules->remove_extra_whitespaces) ||
      decoder->treat_whitespace_as_suffix != rules->treat_whitespace_as_suffix) {
    return Lossy("a decoder whose white space rules are not the normalizer's");
  }
  model->mutable_trainer()->set_unk_surface(decoder->unk_surface);
  if (decoder->denormalizer_charsmap.empty()) return absl::OkStatus();
  sentencepiece::Normalizer* denormalizer = model->mutable_denormalizer();
  denormalizer->set_name("user_defined");
  denormalizer->set_precompiled_charsmap(decoder->denormalizer_charsmap);
  denormalizer->set_add_dummy_prefix(false);
  denormalizer->set_remove_extra_whitespaces(false);
  denormalizer->set_escape_whitespaces(false);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> SerializeSentencePiece(const TokenizerSpec& given) {
  TOK_ASSIGN_OR_RETURN(const TokenizerSpec spec, AsSentencePiece(given));
  if (spec.alphabet != VocabularyAlphabet::kText) return Lossy("a byte-level vocabulary");
  if (!spec.added_tokens.empty()) return Lossy("added tokens");
  if (!spec.pre_tokenizers.empty()) return Lossy("pre-tokenizers");
  if (!spec.post_processor.single.empty() || !spec.post_processor.pair.empty())
    return Lossy("a post-processor");
  sentencepiece::Model model;
  TOK_RETURN_IF_ERROR(WriteModel(spec.model, model.mutable_trainer()));
  TOK_RETURN_IF_ERROR(WritePieces(spec.vocabulary, &model));
  TOK_RETURN_IF_ERROR(WriteNormalizer(spec, &model));
  WriteSpecialIds(spec.vocabulary, model.mutable_trainer());
  std::string bytes;
  if (!model.SerializeToString(&bytes)) {
    return MakeError(ErrorCode::kLimit, "SentencePiece .model", "the file would be larger than 2 GiB",
                     "use a smaller vocabulary");
  }
  return bytes;
}

}  // namespace tok
