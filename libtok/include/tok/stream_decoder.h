// tok/stream_decoder.h: ids in one at a time, text out as soon as whole characters are complete.
//
// Model: the concatenation of all Push() results and Finish() equals Tokenizer::Decode of the same ids with invalid
// UTF-8 as U+FFFD, one for each maximal invalid part. Text is held back only while ids to come may change it: an
// incomplete character (at most 3 bytes), a run of byte tokens, and what a decoder that looks ahead needs (a BPE
// end-of-word suffix, trailing characters that a Strip may drop); decoders that rewrite the whole text (a regular
// expression, CTC or WordPiece behind Fuse; a SentencePiece denormalizer) give all of it at Finish.
// Errors: Push: TOK-E012; TOK-E031 from a decoder with a regular expression. After an error the stream goes on as if
// that id had not been pushed. Finish: TOK-E031.
// Cost: O(bytes of the token) per Push.
// Threads: one per thread; the tokenizer behind it is shared.
// Example:
//   tok::StreamDecoder stream = tokenizer.MakeStreamDecoder();
//   for (tok::TokenId id : ids) std::cout << *stream.Push(id);
//   std::cout << *stream.Finish();
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
  absl::StatusOr<std::string> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tok

#endif  // TOK_STREAM_DECODER_H_
