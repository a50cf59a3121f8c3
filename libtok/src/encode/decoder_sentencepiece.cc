#include "src/encode/decoder_sentencepiece.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/base/status_macros.h"
#include "src/encode/decoder_stages.h"
#include "src/encode/decoder_steps.h"
#include "src/encode/decoder_table.h"
#include "src/encode/decoder_utf8.h"
#include "src/normalize/normalizer.h"
#include "src/unicode/space_symbol.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// The state between pieces.
struct Place {
  bool strips = true;     // still looking for spaces to strip
  bool stripped = false;  // the previous piece was stripped and may not be followed by another
  bool any_text = false;
  std::string run;  // bytes of a byte run that begin a character
};

class SentencePieceDecoder : public Decoder {
 public:
  SentencePieceDecoder(const decoder::SentencePiece& options, TokenTable table, Normalizer denormalizer)
      : options_(options), table_(std::move(table)), denormalizer_(std::move(denormalizer)) {}

  absl::Status Decode(std::span<const TokenId> ids, const DecodeOptions& options,
                      std::string* bytes) const override {
    Place place;
    std::string text;
    std::string* out = denormalizer_.IsIdentity() ? bytes : &text;
    const TokenTable::Flags stop_flags =
        TokenTable::kMissing | TokenTable::kByte | (options.skip_special ? TokenTable::kSpecial : 0);
    for (size_t i = 0; i < ids.size();) {
      if (!place.strips && place.run.empty()) {
        i += table_.AppendPlain(ids.subspan(i), stop_flags, out);
        if (i == ids.size()) break;
      }
      TOK_RETURN_IF_ERROR(Push(ids[i], i, options, &place, out));
      ++i;
    }
    EndRun(&place, out);
    return denormalizer_.IsIdentity() ? absl::OkStatus() : Denormalize(text, bytes);
  }

  bool DecodesByConcatenation() const override {
    return !options_.strip_dummy_prefix && denormalizer_.IsIdentity();
  }
  std::string_view TokenBytes(TokenId id) const override { return table_.Bytes(id); }
  std::unique_ptr<Stream> MakeStream(const DecodeOptions& options) const override;

 private:
  friend class SentencePieceStream;

  absl::Status Push(TokenId id, uint64_t position, const DecodeOptions& options, Place* place,
                    std::string* out) const {
    const TokenTable::Flags flags = table_.FlagsOf(id);
    if (flags & TokenTable::kMissing) return MissingId(id, position, options);
    if (options.skip_special && (flags & TokenTable::kSpecial)) return absl::OkStatus();
    const size_t old_size = out->size();
    std::string_view bytes = table_.Bytes(id);
    if (flags & TokenTable::kByte) {
      place->run.append(bytes);
      TakeCharacters(place, out);
    } else {
      EndRun(place, out);
      if (place->stripped || place->any_text || out->size() > old_size) place->strips = false;
      place->stripped = false;
      if (place->strips && options_.strip_dummy_prefix && (flags & TokenTable::kLeadingSpace)) {
        bytes.remove_prefix(1);
        place->stripped = !options_.strip_leading_spaces;
      }
      out->append(bytes);
    }
    place->any_text = place->any_text || out->size() > old_size;
    return absl::OkStatus();
  }

  // Moves what is decided from the front of the run to *out.
  static void TakeCharacters(Place* place, std::string* out) {
    std::string& run = place->run;
    while (!run.empty() && IncompleteSuffix(run) != run.size()) {
      const DecodedChar c = DecodeUtf8(run, 0);
      if (c.code_point == kInvalidByte) {
        out->append(kReplacementCharacter);
      } else {
        out->append(run, 0, c.n_bytes);
      }
      run.erase(0, c.n_bytes);
    }
  }

  static void EndRun(Place* place, std::string* out) {
    for (; !place->run.empty(); place->run.pop_back()) out->append(kReplacementCharacter);
  }

  absl::Status Denormalize(std::string_view text, std::string* bytes) const {
    AlignedText aligned = AlignedText::From(text, 0, /*tracked=*/false);
    TOK_RETURN_IF_ERROR(denormalizer_.Apply(&aligned));
    bytes->append(aligned.bytes);
    return absl::OkStatus();
  }

  const decoder::SentencePiece options_;
  const TokenTable table_;
  const Normalizer denormalizer_;
};

class SentencePieceStream : public Decoder::Stream {
 public:
  SentencePieceStream(const SentencePieceDecoder& decoder, const DecodeOptions& options)
      : decoder_(decoder), options_(options) {}

  absl::Status Push(TokenId id, std::string* bytes) override {
    std::string* out = decoder_.denormalizer_.IsIdentity() ? bytes : &text_;
    TOK_RETURN_IF_ERROR(decoder_.Push(id, n_pushed_, options_, &place_, out));
    ++n_pushed_;
    return absl::OkStatus();
  }
  absl::Status Finish(std::string* bytes) override {
    const bool is_identity = decoder_.denormalizer_.IsIdentity();
    SentencePieceDecoder::EndRun(&place_, is_identity ? bytes : &text_);
    return is_identity ? absl::OkStatus() : decoder_.Denormalize(text_, bytes);
  }

 private:
  const SentencePieceDecoder& decoder_;
  const DecodeOptions options_;
  Place place_;
  uint64_t n_pushed_ = 0;
  std::string text_;  // all of it, if a denormalizer waits for it
};

std::unique_ptr<Decoder::Stream> SentencePieceDecoder::MakeStream(const DecodeOptions& options) const {
  return std::make_unique<SentencePieceStream>(*this, options);
}

absl::Status AppendPiece(TokenId id, const decoder::SentencePiece& options, const Vocabulary& vocabulary,
                         TokenTableBuilder* table) {
  const std::string_view piece = vocabulary.Bytes(id);
  switch (vocabulary.Kind(id)) {
    case TokenKind::kAbsent: return table->Append("", TokenTable::kMissing);
    case TokenKind::kControl: return table->Append("", 0);
    case TokenKind::kUnknown: return table->Append(options.unk_surface, 0);
    case TokenKind::kAdded: return table->Append(piece, 0);
    case TokenKind::kByte:
      if (const int byte = ParseByteToken(piece); byte >= 0) {
        return table->Append(std::string(1, static_cast<char>(byte)), TokenTable::kByte);
      }
      [[fallthrough]];
    default:
      return table->Append(ReplaceAll(piece, kSpaceSymbol, " "),
                           piece.starts_with(kSpaceSymbol) ? TokenTable::Flags{TokenTable::kLeadingSpace}
                                                           : TokenTable::Flags{0});
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Decoder>> MakeSentencePieceDecoder(const decoder::SentencePiece& options,
                                                                        const TokenizerSpec& spec) {
  size_t n_ids = spec.vocabulary.size();
  for (const AddedToken& token : spec.added_tokens) n_ids = std::max<size_t>(n_ids, size_t{token.id} + 1);
  absl::flat_hash_map<TokenId, std::string_view> outside;  // added tokens that the vocabulary does not have
  for (const AddedToken& token : spec.added_tokens) {
    if (!spec.vocabulary.Contains(token.id)) outside[token.id] = token.content;
  }
  TokenTableBuilder builder;
  for (TokenId id = 0; id < n_ids; ++id) {
    const auto added = outside.find(id);
    TOK_RETURN_IF_ERROR(added != outside.end() ? builder.Append(added->second, 0)
                                               : AppendPiece(id, options, spec.vocabulary, &builder));
  }
  TokenTable table = std::move(builder).Build();
  for (const AddedToken& token : spec.added_tokens) {
    if (token.special) table.AddFlags(token.id, TokenTable::kSpecial);
  }
  Normalizer denormalizer;
  if (!options.denormalizer_charsmap.empty()) {
    const normalizer::Step step = normalizer::SentencePiece{.charsmap = options.denormalizer_charsmap,
                                                            .add_dummy_prefix = false,
                                                            .remove_extra_whitespaces = false,
                                                            .escape_whitespaces = false};
    TOK_ASSIGN_OR_RETURN(denormalizer, Normalizer::Create(std::span(&step, 1), spec.unicode_profile));
  }
  return std::make_unique<SentencePieceDecoder>(options, std::move(table), std::move(denormalizer));
}

}  // namespace tok
