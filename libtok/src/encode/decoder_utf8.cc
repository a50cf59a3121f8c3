#include "src/encode/decoder_utf8.h"

#include <algorithm>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Bytes of a character that begins with `lead`; 0 if none does.
size_t CharacterLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool IsIncomplete(std::string_view part) {
  return part.size() < CharacterLength(static_cast<uint8_t>(part[0])) &&
         InvalidPartLength(part, 0) == part.size();
}

}  // namespace

size_t IncompleteSuffix(std::string_view text) {
  for (size_t n = 1; n <= std::min<size_t>(3, text.size()); ++n) {
    const auto byte = static_cast<uint8_t>(text[text.size() - n]);
    if ((byte & 0xC0) == 0x80) continue;
    return IsIncomplete(text.substr(text.size() - n)) ? n : 0;
  }
  return 0;
}

void LossyUtf8::Push(std::string_view bytes, std::string* text) {
  if (!carry_.empty()) {
    carry_.append(bytes);
    std::string joined;
    joined.swap(carry_);
    Push(joined, text);
    return;
  }
  const size_t n_held = IncompleteSuffix(bytes);
  carry_.assign(bytes.substr(bytes.size() - n_held));
  bytes.remove_suffix(n_held);
  if (FindInvalidUtf8(bytes) == std::string_view::npos) {
    text->append(bytes);
  } else {
    text->append(ReplaceInvalidUtf8(bytes));
  }
}

void LossyUtf8::Finish(std::string* text) {
  if (!carry_.empty()) text->append(kReplacementCharacter);
  carry_.clear();
}

void ByteRun::Break(std::string* text) {
  for (size_t i = 0; i < held_.size(); ++i) text->append(kReplacementCharacter);
  held_.clear();
  n_incomplete_ = 0;
}

void ByteRun::Push(uint8_t byte, std::string* text) {
  held_.push_back(static_cast<char>(byte));
  if (!broken_) {
    ++n_incomplete_;
    const std::string_view character = std::string_view(held_).substr(held_.size() - n_incomplete_);
    if (DecodeUtf8(character, 0).n_bytes == character.size() &&
        FindInvalidUtf8(character) == std::string_view::npos) {
      n_incomplete_ = 0;
    } else {
      broken_ = !IsIncomplete(character);
    }
  }
  if (broken_) Break(text);
}

void ByteRun::Finish(std::string* text) {
  if (n_incomplete_ != 0) Break(text);
  text->append(held_);
  held_.clear();
  broken_ = false;
}

}  // namespace tok
