// encode/decoder_utf8.h: UTF-8 that arrives in parts: lossy conversion and runs of byte tokens.
//
// Threads: values of one thread.
#ifndef TOK_SRC_ENCODE_DECODER_UTF8_H_
#define TOK_SRC_ENCODE_DECODER_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tok {

inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Length of the longest suffix of `text` that more bytes could still complete to one character (0 to 3).
size_t IncompleteSuffix(std::string_view text);

// ReplaceInvalidUtf8 over text in parts: each maximal invalid part becomes U+FFFD. Holds back at most 3
// bytes.
class LossyUtf8 {
 public:
  void Push(std::string_view bytes, std::string* text);
  void Finish(std::string* text);

 private:
  std::string carry_;  // the beginning of a character
};

// A run of byte tokens as Hugging Face's ByteFallback reads it: the characters if the whole run is valid
// UTF-8, else one U+FFFD a byte. Bytes are held while the run is valid or may become so.
class ByteRun {
 public:
  bool empty() const { return held_.empty() && !broken_; }
  // Appends one U+FFFD for every byte that is known to belong to a broken run.
  void Push(uint8_t byte, std::string* text);
  // Ends the run. Appends what is held: characters, or one U+FFFD a byte.
  void Finish(std::string* text);
  // Whether what is held is valid as it is (one token), rather than broken (a token a byte).
  bool HoldsCharacters() const { return !held_.empty() && n_incomplete_ == 0; }

 private:
  void Break(std::string* text);

  std::string held_;
  size_t n_incomplete_ = 0;  // bytes at the end of held_ that begin a character
  bool broken_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_UTF8_H_
