// train/superword/superword_rules.h: which pairs of tokens never make a superword.
#ifndef TOK_SRC_TRAIN_SUPERWORD_SUPERWORD_RULES_H_
#define TOK_SRC_TRAIN_SUPERWORD_SUPERWORD_RULES_H_

#include <cstdint>
#include <string_view>

namespace tok {

// As SuperBPE's authors have it: ": " inside, or more than max_words stretches between blanks. What extends such a token is
// one too.
bool IsNoSuperword(std::string_view left, std::string_view right, uint32_t max_words);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_SUPERWORD_SUPERWORD_RULES_H_
