// cli/suggest.h: the word that was probably meant.
#ifndef TOK_CLI_SUGGEST_H_
#define TOK_CLI_SUGGEST_H_

#include <string>
#include <string_view>
#include <vector>

namespace tok::cli {

// The candidate that the word begins; else the one with the fewest edits (insert, delete, replace, swap of neighbours), if
// they are few for its length; else empty. Ties go to the first.
std::string ClosestWord(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean X?", or `otherwise` if nothing is close.
std::string Suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view otherwise);

}  // namespace tok::cli

#endif  // TOK_CLI_SUGGEST_H_
