// format/tokenizer_json_write.h: the parts of a tokenizer.json to be written.
#ifndef TOK_SRC_FORMAT_TOKENIZER_JSON_WRITE_H_
#define TOK_SRC_FORMAT_TOKENIZER_JSON_WRITE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

using OrderedJson = nlohmann::ordered_json;

// The sections that name steps. Errors: TOK-E026 for SentencePiece's own steps and untranslatable patterns.
absl::StatusOr<OrderedJson> WriteNormalizers(const TokenizerSpec& spec);
// Byte-level vocabularies get the ByteLevel steps that their spelling in the file needs, if they have none.
absl::StatusOr<OrderedJson> WritePreTokenizers(const TokenizerSpec& spec);
absl::StatusOr<OrderedJson> WritePostProcessor(const TokenizerSpec& spec);
absl::StatusOr<OrderedJson> WriteDecoders(const TokenizerSpec& spec);

// A token as the file spells it: byte-level tokens in the byte alphabet, others as they are.
std::string SpelledToken(const TokenizerSpec& spec, TokenId id);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_TOKENIZER_JSON_WRITE_H_
