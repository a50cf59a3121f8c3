// tests/fuzz/exercise_tokenizer.h: what must hold for every tokenizer that a parser accepts.
#ifndef TOK_TESTS_FUZZ_EXERCISE_TOKENIZER_H_
#define TOK_TESTS_FUZZ_EXERCISE_TOKENIZER_H_

#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz_util.h"
#include "tok/formats.h"
#include "tok/stream_decoder.h"
#include "tok/tokenizer.h"

namespace tok {

inline constexpr const char* kExerciseTexts[] = {
    "",
    "a",
    "Hello, world! It's 2024.  \n\n",
    "na\xC3\xAFve \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\xA4\x97 \xE2\x96\x81x",
    "ab all\nab  ba llab \xE4\xB8\xAD\xE6\x96\x87 Hello",
    "<s> </s> [CLS] <|endoftext|> <0x41> ##b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

// The ways to encode agree with each other, spans lie in the text, ids decode, alone and streamed.
// `forged`: the tables of an image may contradict its vocabulary. Its ids are then as wrong as whoever made it wanted, and
// not the same for each way to encode; but every one is a number of the vocabulary, and nothing is read outside of it.
inline void ExerciseEncoding(const Tokenizer& tokenizer, std::string_view text, bool forged = false) {
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  const auto ids = tokenizer.Encode(text, options);
  const auto with_spans = tokenizer.EncodeWithSpans(text, options);
  TOK_FUZZ_CHECK(ids.ok() == with_spans.ok());
  if (!ids.ok()) return;
  TOK_FUZZ_CHECK(forged || *ids == with_spans->ids);
  TOK_FUZZ_CHECK(with_spans->spans.size() == with_spans->ids.size());
  for (const Span& span : with_spans->spans)
    TOK_FUZZ_CHECK(span.begin <= span.end && span.end <= text.size());

  const auto count = tokenizer.Count(text, options);
  TOK_FUZZ_CHECK(count.ok() && *count == ids->size());
  const auto prefix = tokenizer.EncodePrefix(text, ids->size() / 2, options);
  TOK_FUZZ_CHECK(prefix.ok() && prefix->ids.size() <= ids->size() / 2);
  for (size_t i = 0; i < prefix->ids.size(); ++i) TOK_FUZZ_CHECK(forged || prefix->ids[i] == (*ids)[i]);

  bool known = true;
  for (const TokenId id : *ids) {
    TOK_FUZZ_CHECK(id < tokenizer.vocabulary().size());
    known &= tokenizer.vocabulary().Contains(id);
  }
  TOK_FUZZ_CHECK(forged || known);
  TOK_FUZZ_CHECK(tokenizer.Decode(*ids).ok() == known);
  StreamDecoder stream = tokenizer.MakeStreamDecoder();
  for (const TokenId id : *ids) TOK_FUZZ_CHECK(stream.Push(id).ok() == tokenizer.vocabulary().Contains(id));
  TOK_FUZZ_CHECK(stream.Finish().ok());
}

inline void ExerciseTokenizer(const absl::StatusOr<TokenizerSpec>& spec) {
  if (!spec.ok()) {
    TOK_FUZZ_CHECK(ErrorCodeOf(spec.status()) != ErrorCode::kInternal);
    return;
  }
  const auto tokenizer = Tokenizer::Create(*spec);
  if (!tokenizer.ok()) {
    TOK_FUZZ_CHECK(ErrorCodeOf(tokenizer.status()) != ErrorCode::kInternal);
    return;
  }
  for (const char* text : kExerciseTexts) ExerciseEncoding(*tokenizer, text);
}

}  // namespace tok

#endif  // TOK_TESTS_FUZZ_EXERCISE_TOKENIZER_H_
