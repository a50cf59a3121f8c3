// measure/unknown_ids.h: the tokens that say nothing of the text they stand for. Threads: pure function.
#ifndef TOK_SRC_MEASURE_UNKNOWN_IDS_H_
#define TOK_SRC_MEASURE_UNKNOWN_IDS_H_

#include <vector>

#include "tok/tokenizer.h"

namespace tok {

// Ids that stand for what the vocabulary cannot spell; sorted.
std::vector<TokenId> UnknownIds(const Tokenizer& tokenizer);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_UNKNOWN_IDS_H_
