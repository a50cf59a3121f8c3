// unicode/grapheme.h: extended grapheme clusters, where Hugging Face `tokenizers` ends them.
//
// Model: UAX #29 rules GB3 to GB9c over tables measured from the peer (scripts/generate_grapheme_breaks.py), Unicode
// 17. Exact for clusters below 6 bytes, and for telling them from longer ones, which is all that the Precompiled
// normalizer asks; regional indicator pairs and control characters above U+FFFF, of no consequence there, are not
// told apart from other characters.
// Source: Unicode Standard Annex #29, "Unicode Text Segmentation".
#ifndef TOK_SRC_UNICODE_GRAPHEME_H_
#define TOK_SRC_UNICODE_GRAPHEME_H_

#include <cstddef>
#include <string_view>

namespace tok {

// End of the cluster that begins at text[position]; position < text.size(). An invalid byte is a cluster.
size_t GraphemeEnd(std::string_view text, size_t position);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_GRAPHEME_H_
