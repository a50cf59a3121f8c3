#include "src/model/bpe/char_bpe.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_joins.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// The tokens that are one character.
CharacterTable CharactersOf(const Vocabulary& vocabulary) {
  constexpr size_t kMaxCharacterBytes = 4;
  CharacterTable characters;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view token = vocabulary.Bytes(id);
    if (token.empty() || token.size() > kMaxCharacterBytes || !IsMatchable(vocabulary.Kind(id))) continue;
    const DecodedChar c = DecodeUtf8(token, 0);
    if (c.code_point != kInvalidByte && c.n_bytes == token.size()) characters.Set(c.code_point, id);
  }
  return characters;
}

}  // namespace

struct CharBpe::Scratch final : DirectBpe::Scratch {
  std::vector<PieceToken> ranges;  // symbols with where they are
  std::string spelling;
};

CharBpe::CharBpe(const BpeModelSpec& spec, const Vocabulary& vocabulary, VocabularyAlphabet alphabet,
                 MergeTable merges, std::optional<JoinFilter> joins)
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
  if (alphabet_ == VocabularyAlphabet::kText) characters_ = CharactersOf(vocabulary_);
  // What an image says is a table, not that it may be used.
  if (CutsExactly()) joins_ = joins.has_value() ? *std::move(joins) : JoinFilter::Build(vocabulary_);
}

// Whether the ids of a text are those of its parts, wherever it is cut between characters that no merge joins.
bool CharBpe::CutsExactly() const {
  if (alphabet_ != VocabularyAlphabet::kText || ignore_merges_ || !continuing_prefix_.empty() ||
      !word_suffix_.empty()) {
    return false;
  }
  // Unknown characters that are dropped, fused or refused are seen beyond a cut.
  if (byte_fallback_) {
    if (std::count(fallback_ids_.begin(), fallback_ids_.end(), kNoToken) > 0) return false;
  } else if (unk_id_ == kNoToken || fuse_unk_) {
    return false;
  }
  // The text of an unknown character is not that of the tokens that stand for it: what merges with those joins other
  // characters than its tokens say.
  std::vector<bool> stands_in(vocabulary_.size(), false);
  if (byte_fallback_) {
    for (const TokenId id : fallback_ids_) stands_in[id] = true;
  } else {
    stands_in[unk_id_] = true;
  }
  return std::none_of(merges_.slots().begin(), merges_.slots().end(), [&](const MergeRule& rule) {
    return rule.left != kNoToken && (stands_in[rule.left] || stands_in[rule.right]);
  });
}

std::optional<DirectModel> CharBpe::MakeDirect(std::string_view blank) const {
  if (!joins_.has_value()) return std::nullopt;
  DirectBpe::Parts parts = {.characters = characters_,
                            .n_ids = static_cast<TokenId>(vocabulary_.size()),
                            .untold = {},
                            .merges = merges_,
                            .joins = *joins_,
                            .byte_ids = fallback_ids_,
                            .unknown = byte_fallback_ ? kNoToken : unk_id_};
  return DirectModel{ByteJoins::Build(merges_, vocabulary_, /*untold=*/{}, blank).Cuts(),
                     std::make_unique<const DirectBpe>(std::move(parts), blank)};
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

absl::Status CharBpe::FindFirstSymbols(std::string_view piece, PieceScratch* scratch,
                                       std::vector<PieceToken>* found) const {
  std::string& affixed = static_cast<Scratch*>(scratch)->spelling;
  std::vector<PieceToken>& symbols = *found;
  symbols.clear();
  const bool affixes = !continuing_prefix_.empty() || !word_suffix_.empty();
  PieceToken unknown{kNoToken, 0, 0};  // held back: the next unknown character may fuse with it
  for (size_t begin = 0; begin < piece.size();) {
    const bool is_byte = alphabet_ == VocabularyAlphabet::kBytes;
    const DecodedChar c = is_byte ? DecodedChar{kInvalidByte, 1} : DecodeUtf8(piece, begin);
    const size_t end = begin + c.n_bytes;
    std::string_view spelling = piece.substr(begin, c.n_bytes);
    if (affixes) {
      affixed.clear();
      if (begin > 0) affixed += continuing_prefix_;
      affixed += spelling;
      if (end == piece.size()) affixed += word_suffix_;
      spelling = affixed;
    }
    const TokenId id =
        affixes || c.code_point == kInvalidByte ? vocabulary_.Find(spelling) : characters_.Find(c.code_point);
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
  TOK_RETURN_IF_ERROR(FindFirstSymbols(piece, own, &own->ranges));
  MergeSymbols(merges_, &own->ranges, &own->merge);
  tokens->insert(tokens->end(), own->ranges.begin(), own->ranges.end());
  return absl::OkStatus();
}

std::string CharBpe::Name() const {
  return Concat(alphabet_ == VocabularyAlphabet::kBytes ? "byte-level" : "character-level", " BPE, ",
                merges_.n_rules(), " merges", byte_fallback_ ? ", byte fallback" : "");
}

}  // namespace tok
