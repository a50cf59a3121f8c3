// measure/vocabulary/token_statistics.h: lengths and scripts of tokens, and which are spelled alike
// (tok/measure_vocabulary.h).
#ifndef TOK_SRC_MEASURE_VOCABULARY_TOKEN_STATISTICS_H_
#define TOK_SRC_MEASURE_VOCABULARY_TOKEN_STATISTICS_H_

#include <span>
#include <vector>

#include "tok/measure_vocabulary.h"

namespace tok {

VocabularyStatistics StatisticsOf(std::span<const VocabularyToken> tokens);

// Of tokens that are valid UTF-8, special and added ones too. NFKC and lower case; with one space in front taken off.
std::vector<std::vector<TokenId>> GroupByNormalForm(std::span<const VocabularyToken> tokens);
std::vector<std::vector<TokenId>> GroupButForSpace(std::span<const VocabularyToken> tokens);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_VOCABULARY_TOKEN_STATISTICS_H_
