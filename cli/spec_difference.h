// cli/spec_difference.h: where two tokenizers differ as data: tokens, ids, merges, added tokens, pipeline.
#ifndef TOK_CLI_SPEC_DIFFERENCE_H_
#define TOK_CLI_SPEC_DIFFERENCE_H_

#include "cli/json_output.h"
#include "tok/tokenizer_spec.h"

namespace tok::cli {

// {"equal", "vocabulary":{"a","b","only_a","only_b","moved","examples":{...}}, "merges":{"a","b","first"},
//  "added_tokens":{"only_a":[],"only_b":[],"changed":[]}, "pipeline":[{"stage","a","b"}]}. Tokens are compared by
// their bytes and kind; examples hold at most 10 of each sort, the smallest ids.
Json CompareSpecs(const TokenizerSpec& a, const TokenizerSpec& b);

}  // namespace tok::cli

#endif  // TOK_CLI_SPEC_DIFFERENCE_H_
