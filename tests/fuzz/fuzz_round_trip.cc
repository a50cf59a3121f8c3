// Bundled byte-level encodings: Decode(Encode(x)) == x for any bytes, spans tile x, and every way of encoding gives
// the same ids. First byte: the encoding.
#include <string>
#include <vector>

#include "tests/fuzz/exercise_tokenizer.h"

namespace {

const tok::Tokenizer& Bundled(size_t i) {
  static const std::vector<tok::Tokenizer> tokenizers = [] {
    std::vector<tok::Tokenizer> loaded;
    for (const char* name : {"gpt2", "p50k_base", "cl100k_base", "o200k_base"}) {
      auto tokenizer = tok::Tokenizer::Load(name);
      TOK_FUZZ_CHECK(tokenizer.ok());
      loaded.push_back(*std::move(tokenizer));
    }
    return loaded;
  }();
  return tokenizers[i % tokenizers.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  const tok::Tokenizer& tokenizer = Bundled(input.TakeByte());
  const std::string_view text = input.rest();
  tok::EncodeOptions options;
  options.special = tok::SpecialPolicy::Text();
  options.utf8 = tok::Utf8Policy::kBytes;

  const auto encoding = tokenizer.EncodeWithSpans(text, options);
  TOK_FUZZ_CHECK(encoding.ok());
  size_t end = 0;
  for (const tok::Span& span : encoding->spans) {
    TOK_FUZZ_CHECK(span.begin == end);
    end = span.end;
  }
  TOK_FUZZ_CHECK(end == text.size());
  const auto decoded = tokenizer.Decode(encoding->ids);
  TOK_FUZZ_CHECK(decoded.ok() && *decoded == text);

  const auto ids = tokenizer.Encode(text, options);
  TOK_FUZZ_CHECK(ids.ok() && *ids == encoding->ids);
  const auto parallel = tokenizer.EncodeParallel(text, options, 2);
  TOK_FUZZ_CHECK(parallel.ok() && *parallel == encoding->ids);
  tok::ExerciseEncoding(tokenizer, text);
  return 0;
}
