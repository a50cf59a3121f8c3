#include <algorithm>
#include <optional>

#include "src/base/error_place.h"
#include "src/base/strings.h"
#include "src/corpus/text_block.h"
#include "tok/corpus.h"

namespace tok {

absl::Status AtDocument(std::string_view path, const DocumentSplit& split, const Document& document,
                        const absl::Status& status) {
  const std::string file = InputName(std::string(path));
  const std::optional<ErrorAtByte> at = FindBytePlace(status);
  if (!at.has_value()) return AtPlace(Concat(file, ":", document.line), status);
  if (split.kind == DocumentSplit::Kind::kJsonl) {
    return AtPlace(Concat(file, ":", document.line, ": field ", split.argument), status);
  }
  if (split.kind == DocumentSplit::Kind::kFasta) {
    return AtPlace(Concat(file, ":", document.line, ": sequence"), status);
  }
  const std::string_view before = document.text.substr(0, at->byte);
  const auto n_line_feeds = static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n'));
  return AtPlace(Concat(file, ":", document.line + n_line_feeds),
                 MoveToByte(status, document.byte_begin + at->byte));
}

}  // namespace tok
