// tok/stream_decoder.h: ids in one at a time, text out as soon as whole characters are complete.
//
// Model: the concatenation of all Push() results and Finish() equals Tokenizer::Decode of the same ids with invalid
// UTF-8 treated by the policy. At most 3 bytes of an incomplete character are held back.
// Cost: O(bytes of the token) per Push for decoders that concatenate or look at a bounded neighbourhood.
// Threads: one per thread; the tokenizer behind it is shared.
// Example:
//   tok::StreamDecoder stream = tokenizer.MakeStreamDecoder();
//   for (tok::TokenId id : ids) std::cout << *stream.Push(id);
//   std::cout << stream.Finish();
#ifndef TOK_STREAM_DECODER_H_
#define TOK_STREAM_DECODER_H_

#include <memory>
#include <string>

#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/types.h"

namespace tok {

class StreamDecoder {
 public:
  StreamDecoder(Tokenizer tokenizer, const DecodeOptions& options);
  ~StreamDecoder();
  StreamDecoder(StreamDecoder&&) noexcept;
  StreamDecoder& operator=(StreamDecoder&&) noexcept;

  // Complete characters that this id makes available; invalid bytes come out as U+FFFD.
  // Errors: TOK-E012 for an id that is not in the vocabulary (unless skipped by policy).
  absl::StatusOr<std::string> Push(TokenId id);
  // The rest; an incomplete character comes out as U+FFFD. The decoder is then empty and may be used again.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tok

#endif  // TOK_STREAM_DECODER_H_
