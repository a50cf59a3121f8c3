// corpus/json_field.h: one string field out of a JSON object.
//
// Model: the whole line is validated (RFC 8259). `path` is a key, or keys joined by dots; a key that contains
// the dots literally wins. Of equal keys the last counts, as in Python's json. Errors: a sentence for a
// message, without a code: the caller knows the place. Cost: linear. Threads: one extractor per thread.
// Nothing recurses beyond simdjson's depth limit (1024). Lines whose strings are no Unicode are malformed under
// Utf8Policy::kError; else they are repaired (see json_repair.h), and the text keeps its invalid bytes.
#ifndef TOK_SRC_CORPUS_JSON_FIELD_H_
#define TOK_SRC_CORPUS_JSON_FIELD_H_

#include <memory>
#include <string>
#include <string_view>

#include "tok/types.h"

namespace tok {

class JsonFieldExtractor {
 public:
  JsonFieldExtractor();
  ~JsonFieldExtractor();

  // Appends the field's text to *out. False with *fact set if there is none.
  bool AppendField(std::string_view line, std::string_view path, Utf8Policy policy, std::string* out,
                   std::string* fact);

 private:
  struct Parser;
  // The text, which stays valid until the next call.
  bool FindField(std::string_view line, std::string_view path, std::string_view* text, std::string* fact);

  std::unique_ptr<Parser> parser_;
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_JSON_FIELD_H_
