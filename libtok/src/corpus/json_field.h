// corpus/json_field.h: one string field out of a JSON object.
//
// Model: the whole line is validated (RFC 8259). `path` is a key, or keys joined by dots; a key that contains
// the dots literally wins. Of equal keys the last counts, as in Python's json. Errors: a sentence for a
// message, without a code: the caller knows the place. Cost: linear. Threads: one extractor per thread.
// Nothing recurses beyond simdjson's depth limit (1024).
#ifndef TOK_SRC_CORPUS_JSON_FIELD_H_
#define TOK_SRC_CORPUS_JSON_FIELD_H_

#include <memory>
#include <string>
#include <string_view>

namespace tok {

class JsonFieldExtractor {
 public:
  JsonFieldExtractor();
  ~JsonFieldExtractor();

  // Appends the field's text to *out. False with *fact set if there is none.
  bool AppendField(std::string_view line, std::string_view path, std::string* out, std::string* fact);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_JSON_FIELD_H_
