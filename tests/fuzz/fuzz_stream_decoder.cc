// Any ids: the pieces that a stream decoder hands out, put together, are Decode() of all ids with invalid UTF-8
// replaced, and each piece is valid UTF-8. Two bytes an id, over a byte-level and a SentencePiece-like decoder.
#include <string>
#include <vector>

#include "src/unicode/utf8.h"
#include "tests/fuzz/exercise_tokenizer.h"

namespace {

// A vocabulary of the 256 byte tokens and some pieces, decoded as Llama 2 does.
constexpr std::string_view kByteFallback = R"({"version":"1.0","added_tokens":[],"normalizer":null,
  "pre_tokenizer":null,"post_processor":null,"decoder":{"type":"Sequence","decoders":[
  {"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
  {"type":"Strip","content":" ","start":1,"stop":0}]},
  "model":{"type":"BPE","byte_fallback":true,"vocab":{)";

tok::Tokenizer MakeByteFallback() {
  std::string json(kByteFallback);
  char entry[32];
  for (int byte = 0; byte < 256; ++byte) {
    std::snprintf(entry, sizeof entry, "\"<0x%02X>\":%d,", byte, byte);
    json += entry;
  }
  json += R"("▁":256,"▁a":257,"é":258,"<0x":259,"中文":260},"merges":[]}})";
  auto spec = tok::ParseTokenizerJson(json, "built in");
  TOK_FUZZ_CHECK(spec.ok());
  auto tokenizer = tok::Tokenizer::Create(*std::move(spec));
  TOK_FUZZ_CHECK(tokenizer.ok());
  return *std::move(tokenizer);
}

tok::Tokenizer LoadGpt2() {
  auto tokenizer = tok::Tokenizer::Load("gpt2");
  TOK_FUZZ_CHECK(tokenizer.ok());
  return *std::move(tokenizer);
}

void CheckStream(const tok::Tokenizer& tokenizer, const std::vector<tok::TokenId>& ids) {
  const auto whole = tokenizer.Decode(ids);
  TOK_FUZZ_CHECK(whole.ok());
  std::string streamed;
  tok::StreamDecoder stream = tokenizer.MakeStreamDecoder();
  for (const tok::TokenId id : ids) {
    const auto piece = stream.Push(id);
    TOK_FUZZ_CHECK(piece.ok() && tok::FindInvalidUtf8(*piece) == std::string_view::npos);
    streamed += *piece;
  }
  const auto rest = stream.Finish();
  TOK_FUZZ_CHECK(rest.ok());
  streamed += *rest;
  TOK_FUZZ_CHECK(streamed == tok::ReplaceInvalidUtf8(*whole));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tok::Tokenizer byte_level = LoadGpt2();
  static const tok::Tokenizer byte_fallback = MakeByteFallback();
  std::vector<tok::TokenId> large, small;
  for (size_t i = 0; i + 1 < size; i += 2) {
    const unsigned value = data[i] | data[i + 1] << 8;
    large.push_back(static_cast<tok::TokenId>(value % byte_level.vocabulary().size()));
    small.push_back(static_cast<tok::TokenId>(value % byte_fallback.vocabulary().size()));
  }
  CheckStream(byte_level, large);
  CheckStream(byte_fallback, small);
  return 0;
}
