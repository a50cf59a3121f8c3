#include "src/corpus/document_cutter.h"

#include <algorithm>
#include <cstring>

namespace tok {

size_t DocumentCutter::EndAtOrAfter(std::string_view bytes, size_t target) {
  if (split_.kind == DocumentSplit::Kind::kFasta) {
    const size_t header = bytes.find("\n>", std::max(searched_, target > 0 ? target - 1 : 0));
    if (header != std::string_view::npos) return header + 1;
    searched_ = bytes.empty() ? 0 : bytes.size() - 1;  // the next byte may be the '>' of an LF that is there
    return std::string_view::npos;
  }
  if (split_.kind != DocumentSplit::Kind::kSeparator) {
    const size_t line_feed = bytes.find('\n', std::max(searched_, target > 0 ? target - 1 : 0));
    if (line_feed != std::string_view::npos) return line_feed + 1;
    searched_ = bytes.size();
    return std::string_view::npos;
  }
  const std::string& separator = split_.argument;
  while (last_end_ < target || last_end_ == 0) {
    const size_t from = std::max(searched_, last_end_);
    const void* found = from >= bytes.size() ? nullptr
                                             : memmem(bytes.data() + from, bytes.size() - from,
                                                      separator.data(), separator.size());
    if (found == nullptr) {
      // The tail may hold the start of a separator.
      const size_t tail = separator.size() - 1;
      searched_ = std::max(from, bytes.size() > tail ? bytes.size() - tail : 0);
      return std::string_view::npos;
    }
    last_end_ = static_cast<size_t>(static_cast<const char*>(found) - bytes.data()) + separator.size();
  }
  return last_end_;
}

}  // namespace tok
