// corpus/json_field.h: fields out of a JSON object.
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
#include <utility>
#include <vector>

#include "tok/types.h"

namespace tok {

class JsonFieldExtractor {
 public:
  JsonFieldExtractor();
  ~JsonFieldExtractor();

  // Appends the field's text to *out. False with *fact set if there is none.
  bool AppendField(std::string_view line, std::string_view path, Utf8Policy policy, std::string* out,
                   std::string* fact);
  // The same for keys: the field may also be a whole number, which is appended in decimal.
  bool AppendKey(std::string_view line, std::string_view path, Utf8Policy policy, std::string* out,
                 std::string* fact);
  // All fields of the object itself that are strings, in its order, as (name, text). False with *fact set if the line is no
  // object.
  bool AppendStrings(std::string_view line, Utf8Policy policy,
                     std::vector<std::pair<std::string, std::string>>* fields, std::string* fact);

 private:
  struct Parser;
  bool Parse(std::string_view line, std::string* fact);
  // In the line parsed last.
  bool FindText(std::string_view path, bool is_key, std::string* out, std::string* fact) const;
  // The line as it is or, where the policy allows it and only that helps, repaired. Whether it was is noted.
  bool ParseOrRepair(std::string_view line, Utf8Policy policy, std::string* fact);
  bool Append(std::string_view line, std::string_view path, bool is_key, Utf8Policy policy, std::string* out,
              std::string* fact);

  std::unique_ptr<Parser> parser_;
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_JSON_FIELD_H_
