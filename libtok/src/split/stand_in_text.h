// split/stand_in_text.h: text whose invalid UTF-8 bytes are replaced by a character that a regex engine can see.
//
// Model: every invalid byte becomes kInvalidByteStandIn (four bytes), a real one of those kStandInReplacement; offsets
// map both ways. Valid text is not copied.
// Cost: one validation pass; a copy only if something is invalid. Mapping is constant time for valid text, else one
// binary search.
#ifndef TOK_SRC_SPLIT_STAND_IN_TEXT_H_
#define TOK_SRC_SPLIT_STAND_IN_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace tok {

class StandInText {
 public:
  // `original` must outlive this.
  explicit StandInText(std::string_view original);
  StandInText(const StandInText&) = delete;
  StandInText& operator=(const StandInText&) = delete;

  bool needed() const { return !invalid_.empty(); }
  std::string_view text() const { return needed() ? std::string_view(replaced_) : original_; }
  // Offsets of character boundaries.
  size_t FromOriginal(size_t offset) const;
  size_t ToOriginal(size_t offset) const;

 private:
  std::string_view original_;
  std::string replaced_;
  std::vector<size_t> invalid_;  // original offsets of the invalid bytes
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_STAND_IN_TEXT_H_
