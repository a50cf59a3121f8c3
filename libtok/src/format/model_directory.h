// format/model_directory.h: a Hugging Face model directory.
//
// Model: what `transformers`' fast tokenizers make of the directory. tokenizer.json is preferred; without it,
// vocab.json + merges.txt, tokenizer.model, vocab.txt, tekken.json. On top of the file found:
//   - tokenizer_config.json: added_tokens_decoder (its flags win), names of special tokens (bos_token, ...,
//     additional_special_tokens), add_bos_token and add_eos_token (they replace the template; LlamaTokenizer and its
//     relatives always do), add_prefix_space for a ByteLevel pre-tokenizer, and BERT's options for vocab.txt;
//   - special_tokens_map.json and added_tokens.json where tokenizer_config.json has no added_tokens_decoder.
// Left to callers, with a warning where it shows: clean_up_tokenization_spaces, truncation, padding, chat templates.
// Errors: as the file's reader; TOK-E020 for malformed companions.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_MODEL_DIRECTORY_H_
#define TOK_SRC_FORMAT_MODEL_DIRECTORY_H_

#include <string>

#include "tok/formats.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

absl::StatusOr<TokenizerSpec> ReadModelDirectory(const std::string& path, const ReadOptions& options);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_MODEL_DIRECTORY_H_
