// tok/parallel_text.h: the same content in several languages, item by item, out of the forms it is kept in.
//
// Model: an item is a unit that was translated (a sentence, a message, a document); a language has a text for some of the
// items. What a path holds is told by what is there:
//   lines       a folder of one file a language, LANG or LANG.txt; FLORES: LANG.dev and LANG.devtest in it, or in its
//               folders dev and devtest. Lines of one number are an item; a CR before the LF does not count.
//   JSON lines  {"lang","id","text"} (other names: ParallelFields; told without them: "code","article","text", as the
//               Universal Declaration of Human Rights is kept), an item being an id; or rows whose keys are the languages,
//               {"en","de"}, an item being a line. Keys that look like a language are: two or three small letters, then
//               subtags; not "id".
//   catalogues  gettext: LANG.po, LANG.mo or folders LANG/**/NAME.po (.mo). The msgid is the text of source_language. Left out:
//               header, obsolete, fuzzy and untranslated messages. Of plural forms the first stands for msgid, the last
//               for msgid_plural.
//   documents   folders LANG/**/FILE: an item is a file of the same path in each language.
// NAME=PATH says the language of a file of lines, a catalogue or a folder of documents; items of files so named are
// aligned with one another. A blank text is no text: its item is missing. Hidden files, README*, LICENSE*, COPYING*, LINGUAS
// and *.pot in a folder are not read; .gz and .zst are, without that suffix.
// Units: texts are bytes, of Utf8Policy::kError valid UTF-8.
// Errors: those of files (TOK-E001, E002); TOK-E014 with file and line for malformed records, files of different numbers of
// lines, one item twice in a language, a language without text, catalogues that are not UTF-8; TOK-E010; TOK-E040 for a path
// that is no parallel text, or could be read in two ways.
// Cost: linear. Memory: all of the text, and 48 bytes an item and language. Threads: one; the result is a plain value.
// Example:
//   auto text = tok::ReadParallelText({{"", "udhr.jsonl.zst"}});
//   for (const tok::ParallelLanguage& language : text->languages) Use(language.code, language.Text(0));
#ifndef TOK_PARALLEL_TEXT_H_
#define TOK_PARALLEL_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

struct ParallelSource {
  std::string language;  // empty: the path says
  std::string path;      // "-": JSON lines on standard input

  // "PATH", or "NAME=PATH" unless that is itself the name of a file.
  static ParallelSource Parse(std::string_view text);
};

// Of JSON lines; dotted paths reach into objects. An id may be a number.
struct ParallelFields {
  std::string language = "lang", id = "id", text = "text";

  // "lang,id,text". Errors: TOK-E040.
  static absl::StatusOr<ParallelFields> Parse(std::string_view text);
};

struct ParallelTextOptions {
  std::optional<ParallelFields> fields;
  std::string source_language = "en";  // of catalogues: what their msgids are
  Utf8Policy utf8 = Utf8Policy::kError;
};

struct ParallelItem {
  uint64_t item = 0;  // the same in every language
  Span span;          // of its text in ParallelLanguage::bytes
  uint64_t line = 0;  // 1-based, in files[file] of the text; 0: the whole file
  uint32_t file = 0;
};

struct ParallelLanguage {
  std::string code;
  std::string bytes;
  std::vector<ParallelItem> items;  // by item, each once

  std::string_view Text(size_t i) const {
    return std::string_view(bytes).substr(items[i].span.begin, items[i].span.size());
  }
};

struct ParallelText {
  std::vector<ParallelLanguage> languages;  // by code
  std::vector<std::string> files;           // that were read, for messages
  uint64_t n_items = 0;                     // in any language: ParallelItem::item is below

  // nullptr if there is none.
  const ParallelLanguage* Find(std::string_view code) const;
  // "FILE:LINE".
  std::string PlaceOf(const ParallelItem& item) const;
};

absl::StatusOr<ParallelText> ReadParallelText(const std::vector<ParallelSource>& sources,
                                              const ParallelTextOptions& options = {});

}  // namespace tok

#endif  // TOK_PARALLEL_TEXT_H_
