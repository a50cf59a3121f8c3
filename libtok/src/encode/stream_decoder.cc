#include "tok/stream_decoder.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/encode/decoder.h"
#include "src/encode/decoder_utf8.h"

namespace tok {

struct StreamDecoder::State {
  Tokenizer tokenizer;  // keeps the decoder alive
  DecodeOptions options;
  std::unique_ptr<Decoder::Stream> stream;
  LossyUtf8 lossy;
  std::string bytes;
};

StreamDecoder::StreamDecoder(Tokenizer tokenizer, const DecodeOptions& options)
    : state_(std::make_unique<State>(State{std::move(tokenizer), options, nullptr, {}, {}})) {
  state_->stream = internal::DecoderOf(state_->tokenizer).MakeStream(options);
}

StreamDecoder::~StreamDecoder() = default;
StreamDecoder::StreamDecoder(StreamDecoder&&) noexcept = default;
StreamDecoder& StreamDecoder::operator=(StreamDecoder&&) noexcept = default;

absl::StatusOr<std::string> StreamDecoder::Push(TokenId id) {
  state_->bytes.clear();
  TOK_RETURN_IF_ERROR(state_->stream->Push(id, &state_->bytes));
  std::string text;
  state_->lossy.Push(state_->bytes, &text);
  return text;
}

absl::StatusOr<std::string> StreamDecoder::Finish() {
  state_->bytes.clear();
  const absl::Status status = state_->stream->Finish(&state_->bytes);
  std::string text;
  state_->lossy.Push(state_->bytes, &text);
  state_->lossy.Finish(&text);
  state_->stream = internal::DecoderOf(state_->tokenizer).MakeStream(state_->options);
  TOK_RETURN_IF_ERROR(status);
  return text;
}

}  // namespace tok
