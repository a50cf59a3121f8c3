#include "src/model/sentencepiece_output.h"

#include "src/base/strings.h"

namespace tok {

std::string ByteTokenSpelling(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
}

absl::StatusOr<SentencePieceIds> SentencePieceIds::Create(const Vocabulary& vocabulary, bool byte_fallback) {
  SentencePieceIds ids;
  ids.byte_fallback_ = byte_fallback;
  for (TokenId id = 0; id < vocabulary.size() && ids.unknown_ == kNoToken; ++id) {
    if (vocabulary.Kind(id) == TokenKind::kUnknown) ids.unknown_ = id;
  }
  if (!byte_fallback) {
    if (ids.unknown_ != kNoToken) return ids;
    return MakeError(ErrorCode::kBadVocabulary, "vocabulary",
                     "has neither an unknown token nor byte fallback",
                     "add one of the two: text that no token spells has no id");
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string spelling = ByteTokenSpelling(static_cast<unsigned char>(byte));
    ids.bytes_[byte] = vocabulary.Find(spelling);
    if (ids.bytes_[byte] == kNoToken || vocabulary.Kind(ids.bytes_[byte]) != TokenKind::kByte) {
      return MakeError(ErrorCode::kBadVocabulary, "vocabulary",
                       Concat("has byte fallback but no byte token ", spelling), "add all 256 byte tokens");
    }
  }
  return ids;
}

absl::StatusOr<ByteTrie> MakeUserDefinedTrie(const Vocabulary& vocabulary) {
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(id) == TokenKind::kUserDefined && !vocabulary.Bytes(id).empty()) {
      keys.emplace_back(vocabulary.Bytes(id), id);
    }
  }
  return ByteTrie::Build(std::move(keys));
}

}  // namespace tok
