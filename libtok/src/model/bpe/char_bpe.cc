#include "src/model/bpe/char_bpe.h"

#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {

struct CharBpe::Scratch final : PieceScratch {
  std::vector<PieceToken> symbols;
  std::string spelling;
  MergeScratch merge;
};

CharBpe::CharBpe(const BpeModelSpec& spec, const Vocabulary& vocabulary, VocabularyAlphabet alphabet,
                 MergeTable merges)
    : vocabulary_(vocabulary),
      alphabet_(alphabet),
      merges_(std::move(merges)),
      continuing_prefix_(spec.continuing_subword_prefix),
      word_suffix_(spec.end_of_word_suffix),
      fuse_unk_(spec.fuse_unk),
      byte_fallback_(spec.byte_fallback),
      ignore_merges_(spec.ignore_merges) {
  if (spec.unk_token.has_value()) {
    has_unk_ = true;
    unk_token_ = *spec.unk_token;
    unk_id_ = vocabulary_.Find(unk_token_);
  }
  for (unsigned b = 0; b < 256; ++b) fallback_ids_[b] = vocabulary_.Find(absl::StrFormat("<0x%02X>", b));
  for (unsigned c = 0; c < 128; ++c) {
    const char character = static_cast<char>(c);
    ascii_ids_[c] = vocabulary_.Find(std::string_view(&character, 1));
  }
}

std::unique_ptr<PieceScratch> CharBpe::MakeScratch() const { return std::make_unique<Scratch>(); }

bool CharBpe::FallBackToBytes(std::string_view spelling, uint32_t begin, uint32_t end,
                              std::vector<PieceToken>* symbols) const {
  for (const char byte : spelling) {
    if (fallback_ids_[static_cast<unsigned char>(byte)] == kNoToken) return false;
  }
  const bool plain = spelling.size() == end - begin;  // no affix: each byte token has its own byte
  for (size_t i = 0; i < spelling.size(); ++i) {
    const TokenId id = fallback_ids_[static_cast<unsigned char>(spelling[i])];
    const auto at = begin + static_cast<uint32_t>(i);
    symbols->push_back(plain ? PieceToken{id, at, at + 1} : PieceToken{id, begin, end});
  }
  return true;
}

absl::Status CharBpe::FirstSymbols(std::string_view piece, Scratch* scratch) const {
  std::vector<PieceToken>& symbols = scratch->symbols;
  symbols.clear();
  const bool affixes = !continuing_prefix_.empty() || !word_suffix_.empty();
  PieceToken unknown{kNoToken, 0, 0};  // held back: the next unknown character may fuse with it
  for (size_t begin = 0; begin < piece.size();) {
    const size_t n_bytes = alphabet_ == VocabularyAlphabet::kBytes ? 1 : DecodeUtf8(piece, begin).n_bytes;
    const size_t end = begin + n_bytes;
    std::string_view spelling = piece.substr(begin, n_bytes);
    if (affixes) {
      scratch->spelling.clear();
      if (begin > 0) scratch->spelling += continuing_prefix_;
      scratch->spelling += spelling;
      if (end == piece.size()) scratch->spelling += word_suffix_;
      spelling = scratch->spelling;
    }
    const auto first = static_cast<unsigned char>(spelling[0]);
    const TokenId id = spelling.size() == 1 && first < 128 ? ascii_ids_[first] : vocabulary_.Find(spelling);
    const auto begin32 = static_cast<uint32_t>(begin), end32 = static_cast<uint32_t>(end);
    begin = end;
    if (id != kNoToken) {
      if (unknown.id != kNoToken) symbols.push_back(unknown);
      unknown.id = kNoToken;
      symbols.push_back({id, begin32, end32});
      continue;
    }
    if (byte_fallback_ && FallBackToBytes(spelling, begin32, end32, &symbols)) continue;
    if (!has_unk_) continue;  // dropped, as the peer does
    if (unk_id_ == kNoToken) {
      return MakeError(ErrorCode::kUnknownToken, Concat("unknown token '", unk_token_, "'"),
                       "is needed for this text but is not in the vocabulary", "add it to the vocabulary");
    }
    if (unknown.id != kNoToken && fuse_unk_) {
      unknown.end = end32;
    } else {
      if (unknown.id != kNoToken) symbols.push_back(unknown);
      unknown = {unk_id_, begin32, end32};
    }
  }
  if (unknown.id != kNoToken) symbols.push_back(unknown);
  return absl::OkStatus();
}

absl::Status CharBpe::Encode(std::string_view piece, PieceScratch* scratch,
                             std::vector<PieceToken>* tokens) const {
  if (ignore_merges_) {
    if (const TokenId id = vocabulary_.Find(piece); id != kNoToken) {
      tokens->push_back({id, 0, static_cast<uint32_t>(piece.size())});
      return absl::OkStatus();
    }
  }
  auto* own = static_cast<Scratch*>(scratch);
  TOK_RETURN_IF_ERROR(FirstSymbols(piece, own));
  MergeSymbols(merges_, &own->symbols, &own->merge);
  tokens->insert(tokens->end(), own->symbols.begin(), own->symbols.end());
  return absl::OkStatus();
}

std::string CharBpe::Name() const {
  return Concat(alphabet_ == VocabularyAlphabet::kBytes ? "byte-level" : "character-level", " BPE, ",
                merges_.n_rules(), " merges", byte_fallback_ ? ", byte fallback" : "");
}

}  // namespace tok
