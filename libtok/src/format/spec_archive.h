// format/spec_archive.h: a TokenizerSpec without its vocabulary, as bytes: what the frozen image stores and the
// identity hash covers.
//
// Model: every struct lists its fields once; a writer and a reader walk the same list, so the two cannot disagree.
// Little-endian, lengths before contents. Changing a list changes the format: raise kSpecArchiveVersion with it.
// Errors: TOK-E020 for bytes that are no archive; every length is checked against what is left.
#ifndef TOK_SRC_FORMAT_SPEC_ARCHIVE_H_
#define TOK_SRC_FORMAT_SPEC_ARCHIVE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

inline constexpr uint32_t kSpecArchiveVersion = 1;

// `with_labels`: also what does not decide ids (name, source format, warnings).
std::string ArchiveSpec(const TokenizerSpec& spec, bool with_labels);
// Fills all of *spec but its vocabulary.
absl::Status UnarchiveSpec(std::string_view bytes, TokenizerSpec* spec);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_SPEC_ARCHIVE_H_
