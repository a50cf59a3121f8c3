// cli/spec_json.h: a tokenizer's pipeline in words: each step by its name with its settings.
//
// `tok inspect` shows it and `tok diff` compares it, so every member of every step is there (tok/spec_fields.h), but for
// empty texts and absent values; charsmaps by size and hash, merges by number. Vocabularies are left out: they have views
// of their own.
#ifndef TOK_CLI_SPEC_JSON_H_
#define TOK_CLI_SPEC_JSON_H_

#include "cli/json_output.h"
#include "tok/tokenizer_spec.h"

namespace tok::cli {

// {"unicode":..., "alphabet":..., "normalizers":[...], "pre_tokenizers":[...], "model":{...}, "template":[...],
//  "template_pair":[...], "decoders":[...], ...}.
Json DescribePipeline(const TokenizerSpec& spec);

Json DescribeAddedToken(const AddedToken& token);

std::string TokenKindText(TokenKind kind);

}  // namespace tok::cli

#endif  // TOK_CLI_SPEC_JSON_H_
