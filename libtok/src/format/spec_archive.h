// format/spec_archive.h: a TokenizerSpec without its vocabulary, as bytes: what the frozen image stores and the
// identity hash covers; and the origin of piece counts, which is the part of it that cuts text.
//
// Model: a writer and a reader walk the same list of members, tok/spec_fields.h, so the two cannot disagree and nothing
// is forgotten. Little-endian, lengths before contents. Changing a struct changes the format: raise kSpecArchiveVersion
// with it.
// Errors: TOK-E020 for bytes that are no archive; every length is checked against what is left, every enumeration
// against its values, every code point against Unicode. Ids are not: the vocabulary is elsewhere (check_spec.h).
#ifndef TOK_SRC_FORMAT_SPEC_ARCHIVE_H_
#define TOK_SRC_FORMAT_SPEC_ARCHIVE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

inline constexpr uint32_t kSpecArchiveVersion = 3;
// Apart from the other: a change of what cuts no text leaves counts readable. One of a normalizer or a pre-tokenizer raises
// both.
inline constexpr uint32_t kOriginArchiveVersion = 1;

// `with_labels`: also what does not decide ids (name, source format, warnings).
std::string ArchiveSpec(const TokenizerSpec& spec, bool with_labels);
// Fills all of *spec but its vocabulary.
absl::Status UnarchiveSpec(std::string_view bytes, TokenizerSpec* spec);

std::string ArchiveOrigin(const PieceCounts::Origin& origin);
absl::Status UnarchiveOrigin(std::string_view bytes, PieceCounts::Origin* origin);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_SPEC_ARCHIVE_H_
