// cli/id_difference.h: do two tokenizers give the same ids, and the same text for these? If not, what is the smallest text
// that shows it?
//
// Model: every document of a corpus through both, special tokens acting, invalid UTF-8 replaced. A failure is an
// answer like any other: both must fail. The first differing document is then cut down, at character boundaries,
// until no single character can be left out (delta debugging: Zeller and Hildebrandt, 2002).
// Cost: two encodings per document; at most a few thousand of ever shorter texts for the reduction.
#ifndef TOK_CLI_ID_DIFFERENCE_H_
#define TOK_CLI_ID_DIFFERENCE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/json_output.h"
#include "tok/corpus.h"
#include "tok/tokenizer.h"

namespace tok::cli {

struct IdComparison {
  uint64_t n_documents = 0, n_differing = 0;
  std::optional<std::string> smallest;  // the smallest differing text found
  std::string place;                    // FILE:LINE of the document it comes from
};

absl::StatusOr<IdComparison> CompareIds(const Tokenizer& a, const Tokenizer& b,
                                        const std::vector<std::string>& inputs, const DocumentSplit& split);

// {"documents","differing"} and, if there is one, "smallest":{"text","place","a","b"}, where a and b are ids or an
// error. If those are equal, the text that they are decoded to is not: "a_text" and "b_text".
Json DescribeComparison(const IdComparison& comparison, const Tokenizer& a, const Tokenizer& b);

// The smallest text found for which `differs` still holds; it holds for `text`.
std::string Reduce(const std::string& text, const std::function<bool(const std::string&)>& differs);

}  // namespace tok::cli

#endif  // TOK_CLI_ID_DIFFERENCE_H_
