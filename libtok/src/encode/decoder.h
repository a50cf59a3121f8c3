// encode/decoder.h: the decoder stage: token ids to bytes.
//
// Model: Hugging Face decoders map a list of token strings to a list of strings that are then joined; chains that act
// on each token alone (byte level, byte fallback + fuse, U+2581 replacement) compile to one byte string per token and
// plain concatenation. Everything else runs the general chain over the strings.
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

  // Errors: TOK-E012 with the position in `ids`.
  virtual absl::Status Decode(std::span<const TokenId> ids, const DecodeOptions& options, std::string* bytes) const = 0;
  virtual bool DecodesByConcatenation() const = 0;
  // Requires DecodesByConcatenation().
  virtual std::string_view TokenBytes(TokenId id) const = 0;

  // Incremental decoding: the bytes that `id` adds after the ids before it, given the decoder's own carry state.
  class Stream {
   public:
    virtual ~Stream() = default;
    virtual absl::Status Push(TokenId id, std::string* bytes) = 0;
    virtual void Finish(std::string* bytes) = 0;
  };
  virtual std::unique_ptr<Stream> MakeStream(const DecodeOptions& options) const = 0;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_H_
