// SentencePiece .model files in.
//
// What SentencePiece 0.2.3 refuses to load is refused here too, and so is what it would read in silence as something
// else (unlisted piece types and model types). Piece and control names for bos, eos and pad have no part in encoding
// text and stay behind; pretokenization_delimiter and the rest of the trainer's options only shaped the training.
// Errors: TOK-E020 for a broken message, E021 for pieces, E022 for what the spec cannot say, E030 for sizes.
#include <cmath>
#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/sentencepiece_model.pb.h"
#include "src/model/sentencepiece_output.h"
#include "src/normalize/charsmap.h"
#include "src/unicode/utf8.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 30;
constexpr size_t kMaxPieceBytes = 7999;  // SentencePiece's own limit
constexpr std::string_view kRemedy = "get the file again from its source";

absl::Status BadFile(std::string_view place, std::string_view fact) {
  return MakeError(ErrorCode::kBadFormat, place, fact, kRemedy);
}

// Empty pieces take two bytes in the file and fifty in memory: count before parsing.
absl::Status CheckPieceCount(std::string_view bytes, std::string_view place) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  size_t n_pieces = 0;
  while (const uint32_t tag = stream.ReadTag()) {
    if (!WireFormatLite::SkipField(&stream, tag)) return BadFile(place, "is not a SentencePiece model");
    n_pieces += WireFormatLite::GetTagFieldNumber(tag) == sentencepiece::Model::kPiecesFieldNumber;
  }
  if (n_pieces == 0) return BadFile(place, "holds no pieces: not a SentencePiece model");
  if (n_pieces <= size_t{kMaxTokenId} + 1) return absl::OkStatus();
  return MakeError(ErrorCode::kLimit, place, Concat("holds ", n_pieces, " pieces"), "use a smaller model");
}

absl::StatusOr<TokenKind> KindOf(const sentencepiece::Piece& piece) {
  switch (piece.type()) {
    case 1: return TokenKind::kNormal;
    case 2: return TokenKind::kUnknown;
    case 3: return TokenKind::kControl;
    case 4: return TokenKind::kUserDefined;
    case 5: return TokenKind::kUnused;
    case 6: return TokenKind::kByte;
    default:
      return MakeError(ErrorCode::kBadVocabulary, "", Concat("has the unknown type ", piece.type()), kRemedy);
  }
}

bool IsByteSpelling(std::string_view piece) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (piece == ByteTokenSpelling(static_cast<unsigned char>(byte))) return true;
  }
  return false;
}

// The kind of a sound piece.
absl::StatusOr<TokenKind> CheckPiece(const sentencepiece::Piece& piece, bool byte_fallback) {
  const auto bad = [](std::string_view fact) {
    return MakeError(ErrorCode::kBadVocabulary, "", fact, kRemedy);
  };
  TOK_ASSIGN_OR_RETURN(const TokenKind kind, KindOf(piece));
  const std::string& bytes = piece.piece();
  if (bytes.empty()) return bad("is empty");
  if (bytes.size() > kMaxPieceBytes) return bad(Concat("is longer than ", kMaxPieceBytes, " bytes"));
  if (FindInvalidUtf8(bytes) != std::string_view::npos) return bad("is not valid UTF-8");
  if (!std::isfinite(piece.score())) return bad("has a score that is not a finite number");
  if (bytes == std::string_view("\0", 1)) {
    // Left behind by converters beside the byte token; SentencePiece takes no notice of it.
    if (byte_fallback || kind == TokenKind::kUnused) return TokenKind::kUnused;
  }
  if (bytes.find('\0') != std::string::npos) return bad("holds a NUL character");
  if (kind == TokenKind::kByte) {
    if (!byte_fallback) return bad("is a byte piece, but the model has no byte fallback");
    if (!IsByteSpelling(bytes)) return bad("is a byte piece, but is not spelled <0x00> to <0xFF>");
  }
  return kind;
}

absl::StatusOr<Vocabulary> ReadVocabulary(const sentencepiece::Model& model, std::string_view place) {
  VocabularyBuilder builder;
  int unknown = -1;
  for (int i = 0; i < model.pieces_size(); ++i) {
    const sentencepiece::Piece& piece = model.pieces(i);
    const auto kind = CheckPiece(piece, model.trainer().byte_fallback());
    if (!kind.ok()) return AtPlace(Concat(place, ": piece ", i), kind.status());
    if (*kind == TokenKind::kUnknown) {
      if (unknown >= 0) {
        return MakeError(ErrorCode::kBadVocabulary, Concat(place, ": piece ", i),
                         Concat("is a second unknown piece beside piece ", unknown), kRemedy);
      }
      unknown = i;
    }
    if (absl::Status status = builder.Add(static_cast<TokenId>(i), piece.piece(), *kind, piece.score());
        !status.ok()) {
      return AtPlace(place, status);
    }
  }
  auto vocabulary = std::move(builder).Build();
  if (!vocabulary.ok()) return AtPlace(place, vocabulary.status());
  if (const auto ids = SentencePieceIds::Create(*vocabulary, model.trainer().byte_fallback()); !ids.ok()) {
    return AtPlace(place, ids.status());
  }
  return vocabulary;
}

bool HasMatchablePiece(const Vocabulary& vocabulary) {
  for (const TokenKind kind : vocabulary.kinds()) {
    if (IsSentencePieceMatchable(kind)) return true;
  }
  return false;
}

absl::StatusOr<ModelSpec> ReadModel(const sentencepiece::Trainer& trainer, const Vocabulary& vocabulary,
                                    std::string_view place) {
  switch (trainer.model_type()) {
    case 1: {
      if (!HasMatchablePiece(vocabulary)) {
        return MakeError(ErrorCode::kBadVocabulary, place, "is a unigram model without any normal piece",
                         kRemedy);
      }
      UnigramModelSpec model{.byte_fallback = trainer.byte_fallback(), .sentencepiece = true};
      for (TokenId id = 0; id < vocabulary.size(); ++id) {
        if (vocabulary.Kind(id) == TokenKind::kUnknown) model.unk_id = id;
      }
      return model;
    }
    case 2:
      return BpeModelSpec{.mode = BpeModelSpec::Mode::kSentencePiece,
                          .byte_fallback = trainer.byte_fallback()};
    case 3:
      return SentencePieceLookupModelSpec{SentencePieceLookupModelSpec::Unit::kWord, trainer.byte_fallback()};
    case 4:
      return SentencePieceLookupModelSpec{SentencePieceLookupModelSpec::Unit::kChar, trainer.byte_fallback()};
    default:
      return MakeError(ErrorCode::kUnsupportedFeature, Concat(place, ": trainer_spec.model_type"),
                       Concat(trainer.model_type(), " is none of the known model types 1 to 4"), kRemedy);
  }
}

absl::Status CheckCharsmap(const std::string& charsmap, std::string_view place) {
  if (charsmap.empty()) return absl::OkStatus();
  return AtPlace(place, Charsmap::Parse(charsmap, Charsmap::Peer::kSentencePiece).status());
}

absl::StatusOr<decoder::SentencePiece> ReadDecoder(const sentencepiece::Model& model,
                                                   std::string_view place) {
  decoder::SentencePiece decoder;
  decoder.strip_leading_spaces = model.normalizer().remove_extra_whitespaces();
  decoder.strip_dummy_prefix = model.normalizer().add_dummy_prefix() || decoder.strip_leading_spaces;
  decoder.treat_whitespace_as_suffix = model.trainer().treat_whitespace_as_suffix();
  if (model.trainer().has_unk_surface()) decoder.unk_surface = model.trainer().unk_surface();
  const sentencepiece::Normalizer& denormalizer = model.denormalizer();
  if (denormalizer.precompiled_charsmap().empty()) return decoder;
  if (denormalizer.add_dummy_prefix() || denormalizer.remove_extra_whitespaces() ||
      denormalizer.escape_whitespaces()) {
    return MakeError(ErrorCode::kUnsupportedFeature, Concat(place, ": denormalizer_spec"),
                     "asks for white space rules, which SentencePiece's own trainer never does",
                     "set add_dummy_prefix, remove_extra_whitespaces and escape_whitespaces to false");
  }
  TOK_RETURN_IF_ERROR(
      CheckCharsmap(denormalizer.precompiled_charsmap(), Concat(place, ": denormalizer_spec")));
  decoder.denormalizer_charsmap = denormalizer.precompiled_charsmap();
  return decoder;
}

}  // namespace

absl::StatusOr<TokenizerSpec> ParseSentencePiece(std::string_view bytes, std::string_view place) {
  if (bytes.size() > kMaxFileBytes) {
    return MakeError(ErrorCode::kLimit, place, "is larger than 1 GiB", "use a smaller model");
  }
  TOK_RETURN_IF_ERROR(CheckPieceCount(bytes, place));
  sentencepiece::Model model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return BadFile(place, "is not a SentencePiece model");
  }
  TokenizerSpec spec;
  spec.source_format = "sentencepiece";
  spec.unicode_profile = UnicodeProfileName::kSentencePiece;
  spec.alphabet = VocabularyAlphabet::kText;
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, ReadVocabulary(model, place));
  TOK_ASSIGN_OR_RETURN(spec.model, ReadModel(model.trainer(), spec.vocabulary, place));
  const sentencepiece::Normalizer& rules = model.normalizer();
  TOK_RETURN_IF_ERROR(CheckCharsmap(rules.precompiled_charsmap(), Concat(place, ": normalizer_spec")));
  spec.normalizers.push_back(normalizer::SentencePiece{
      rules.precompiled_charsmap(), rules.add_dummy_prefix(), rules.remove_extra_whitespaces(),
      rules.escape_whitespaces(), model.trainer().treat_whitespace_as_suffix()});
  TOK_ASSIGN_OR_RETURN(decoder::SentencePiece decoder, ReadDecoder(model, place));
  spec.decoder.steps.push_back(std::move(decoder));
  return spec;
}

}  // namespace tok
