// format/vocab_merges.h: vocab.json beside merges.txt, the pair that GPT-2 introduced.
//
// Model: the pair says nothing about normalizing and splitting, so the vocabulary's spelling and the class that a model
// directory names decide, as `tokenizers` and `transformers` do:
//   - all bytes in the GPT-2 byte alphabet: ByteLevelBPETokenizer (GPT-2; RoBERTa and Qwen2 by class);
//   - the byte alphabet also with "</w>" at its end: CLIP's pipeline;
//   - "</w>" without the byte alphabet: CharBPETokenizer's defaults;
//   - anything else is refused: the pair would be a guess.
// A bare pair has no added tokens; a model directory brings them (tokenizer_config.json and its companions).
// Errors: TOK-E020, E021, E023 for the content, TOK-E022 for a vocabulary of no known kind.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_VOCAB_MERGES_H_
#define TOK_SRC_FORMAT_VOCAB_MERGES_H_

#include <string>
#include <string_view>
#include <vector>

#include "src/format/tokenizer_json.h"
#include "tok/formats.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct VocabMergesText {
  std::string_view vocab, vocab_place;
  std::string_view merges, merges_place;
};

// What a model directory knows beside the pair.
struct VocabMergesConfig {
  std::string tokenizer_class;  // without "Fast"; empty if unknown
  bool add_prefix_space = false;
  TokenizerJsonExtras extras;
  std::string bos_token, eos_token, cls_token, sep_token, unk_token;  // empty: not given
};

absl::StatusOr<TokenizerSpec> ReadVocabMerges(const VocabMergesText& text, const VocabMergesConfig& config);

// tokenizer_config.json beside a written pair: the class and the added tokens, as `transformers` reads them.
std::string SerializeTokenizerConfig(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_VOCAB_MERGES_H_
