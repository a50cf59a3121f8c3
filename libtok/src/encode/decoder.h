// encode/decoder.h: the decoder stage: token ids to bytes.
//
// Model: as in Hugging Face, the tokens' strings form a list, each decoder step maps a list to a list, and the
// last list is joined. Create compiles what a step makes of one token on its own into a table of one byte
// string per id; what is left of the chain runs as a pipeline of stages over the strings (decoder_stages.h).
// For most tokenizers nothing is left: decoding is then copying table entries.
//   tiktoken, [ByteLevel]                  copies
//   [Replace, ByteFallback, Fuse]          copies; runs of byte tokens are checked
//   [Metaspace], [WordPiece], null         copies; the first token has a string of its own
//   [Replace, ByteFallback, Fuse, Strip]   copies, then one pass over the text
//   CTC, BpeSuffix, other orders           stages
// SentencePiece's own decoder is a class of its own beside them (decoder_sentencepiece.h).
//
// Bytes against the peers' strings:
//   - Byte-level vocabularies (and tiktoken) give the raw bytes; Hugging Face gives them with U+FFFD for every
//     maximal invalid part. Equality with the peer is equality after that replacement.
//   - ByteFallback is Hugging Face's: a run of byte tokens that is not valid UTF-8 as a whole becomes one
//     U+FFFD a byte. TokenBytes of a byte token is its raw byte all the same, so Decode equals the
//     concatenation of TokenBytes whenever that concatenation is valid UTF-8.
//   - Where the peer panics (Strip of more than a token has), libtok strips what there is.
// Added tokens take part with their content, like any token; under ByteLevel their characters are mapped to
// bytes if all of them are in the byte alphabet.
//
// Errors: Create: TOK-E022 for SentencePiece's decoder among other steps, TOK-E024 for a pattern, TOK-E030 if
// the strings exceed 4 GiB. Decode: TOK-E012 with the position in `ids`; TOK-E031 from a regular expression.
// Cost: Decode is O(bytes). Streams: O(bytes of the token) a push. A stream holds text back only where the
// peer's result depends on what follows: a run of byte tokens (valid so far), the part of a token from its
// first end-of-word suffix (BpeSuffix), trailing characters that Strip may drop, a partly matched literal of
// Replace; and, behind Fuse or ByteLevel (where the whole text is one token), all text up to Finish for a
// regular expression, WordPiece, BpeSuffix and CTC.
// Threads: a Decoder is immutable and shareable; a Stream belongs to one thread and borrows its Decoder.
#ifndef TOK_SRC_ENCODE_DECODER_H_
#define TOK_SRC_ENCODE_DECODER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

class Decoder {
 public:
  virtual ~Decoder() = default;
  // `added_tokens` carry specials and contents; ids missing from vocabulary are found there.
  static absl::StatusOr<std::unique_ptr<const Decoder>> Create(const TokenizerSpec& spec);

  // Appends to *bytes. Errors: TOK-E012 with the position in `ids`.
  virtual absl::Status Decode(std::span<const TokenId> ids, const DecodeOptions& options,
                              std::string* bytes) const = 0;
  // Whether Decode is the concatenation of TokenBytes (up to invalid UTF-8, see above).
  virtual bool DecodesByConcatenation() const = 0;
  // Requires DecodesByConcatenation(); empty for an id that does not exist.
  virtual std::string_view TokenBytes(TokenId id) const = 0;

  // Incremental decoding: all bytes appended by Push and Finish together are those of Decode.
  class Stream {
   public:
    virtual ~Stream() = default;
    // Errors: TOK-E012 with the number of ids pushed before; the id then counts as not pushed.
    virtual absl::Status Push(TokenId id, std::string* bytes) = 0;
    virtual absl::Status Finish(std::string* bytes) = 0;
  };
  virtual std::unique_ptr<Stream> MakeStream(const DecodeOptions& options) const = 0;
};

namespace internal {
// The decoder inside a tokenizer, for StreamDecoder. Defined beside Tokenizer.
const Decoder& DecoderOf(const Tokenizer& tokenizer);
}  // namespace internal

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_H_
