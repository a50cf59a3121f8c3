// measure/parallel/catalogue.h: gettext catalogues, text (.po) and compiled (.mo), to their messages.
//
// Source: GNU gettext manual, "The Format of PO Files" and "The Format of GNU MO Files" (revisions 0 and 1; system-dependent
// strings of the latter, which name C macros, are left out). Header, obsolete, fuzzy and untranslated messages are left out
// of `translations`; fuzzy and untranslated ones stay messages without any. In .mo files only translated ones are there.
// Errors: TOK-E014 with "line N" (.po) or "byte N" (.mo); for a charset other than UTF-8 or ASCII too.
// Cost: linear in the bytes, also of hostile .mo files, whose strings must not overlap. Threads: pure functions.
#ifndef TOK_SRC_MEASURE_PARALLEL_CATALOGUE_H_
#define TOK_SRC_MEASURE_PARALLEL_CATALOGUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok {

struct CatalogueMessage {
  std::optional<std::string> context;
  std::string id;
  std::optional<std::string> plural_id;
  std::vector<std::string> translations;  // one, or one a plural form; none if there is no good one
  uint64_t line = 0;                      // 1-based; 0 in .mo files
};

absl::StatusOr<std::vector<CatalogueMessage>> ParsePo(std::string_view text);
absl::StatusOr<std::vector<CatalogueMessage>> ParseMo(std::string_view bytes);

// By the magic number of .mo files.
absl::StatusOr<std::vector<CatalogueMessage>> ParseCatalogue(std::string_view bytes);

// Of the header, which is the translation of the empty msgid. Errors: TOK-E014.
absl::Status CheckCharset(std::string_view header, std::string_view place);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PARALLEL_CATALOGUE_H_
