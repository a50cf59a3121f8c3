#include "src/vocab/added_tokens.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {

absl::StatusOr<AddedTokenMatcher> AddedTokenMatcher::Create(std::span<const AddedToken> tokens,
                                                            std::span<const std::string_view> contents) {
  AddedTokenMatcher matcher;
  matcher.flags_.reserve(tokens.size());
  std::vector<uint32_t> order, others;
  for (uint32_t i = 0; i < tokens.size(); ++i) {
    const AddedToken& token = tokens[i];
    matcher.flags_.push_back(
        static_cast<uint8_t>((token.single_word ? kSingleWord : 0) | (token.lstrip ? kLstrip : 0) |
                             (token.rstrip ? kRstrip : 0) | (token.special ? kSpecial : 0)));
    if (contents[i].empty()) continue;
    const bool looks_beside = token.single_word || token.lstrip || token.rstrip;
    matcher.max_content_ = std::max(matcher.max_content_, looks_beside ? SIZE_MAX : contents[i].size());
    (token.special ? order : others).push_back(i);
  }
  matcher.all_special_ = others.empty();
  order.insert(order.end(), others.begin(), others.end());
  if (order.empty()) return matcher;
  TOK_ASSIGN_OR_RETURN(matcher.automaton_, TokenAutomaton::Create(contents, order));
  return matcher;
}

// A scan that is not inside a token at `at` goes on there as one that begins there.
bool AddedTokenMatcher::CanCut(std::string_view text, size_t at) const {
  if (empty()) return true;
  if (!CanEverCut()) return false;
  TokenAutomaton::Match longest;
  for (size_t begin = at - std::min(at, max_content_); begin < at; ++begin) {
    if (automaton_->LongestPrefix(text.substr(begin), &longest) && begin + longest.end > at) return false;
  }
  return true;
}

AddedTokenScan::AddedTokenScan(const AddedTokenMatcher& matcher, std::string_view text, bool skip_special,
                               size_t from)
    : matcher_(matcher),
      text_(text),
      skip_special_(skip_special),
      previous_end_(from),
      scan_(skip_special && matcher.all_special_ ? nullptr : matcher.automaton_.get(), text, from) {}

bool AddedTokenScan::Next(AddedMatch* match) {
  TokenAutomaton::Match found;
  while (scan_.Next(&found)) {
    const uint8_t flags = matcher_.flags_[found.index];
    if (skip_special_ && (flags & AddedTokenMatcher::kSpecial)) continue;
    if ((flags & AddedTokenMatcher::kSingleWord) && NextToWordCharacter(found.begin, found.end)) continue;
    size_t begin = found.begin, end = found.end;
    if (flags & AddedTokenMatcher::kLstrip) begin = SkipSpaceBackward(begin, previous_end_);
    if (flags & AddedTokenMatcher::kRstrip) end = SkipSpaceForward(end);
    if (begin >= end) continue;
    previous_end_ = end;
    *match = {begin, end, found.index};
    return true;
  }
  return false;
}

bool AddedTokenScan::NextToWordCharacter(size_t begin, size_t end) const {
  return (begin > 0 && IsWordCharacter(DecodeUtf8Before(text_, begin).code_point)) ||
         (end < text_.size() && IsWordCharacter(DecodeUtf8(text_, end).code_point));
}

// The result may lie after `begin`: white space that the previous match ate stays its own.
size_t AddedTokenScan::SkipSpaceBackward(size_t begin, size_t limit) const {
  while (begin > limit) {
    const DecodedChar c = DecodeUtf8Before(text_, begin);
    if (!IsWhiteSpace(c.code_point)) return begin;
    begin -= c.n_bytes;
  }
  return std::max(begin, limit);
}

size_t AddedTokenScan::SkipSpaceForward(size_t end) {
  if (end >= space_begin_ && end <= space_end_) return space_end_;
  space_begin_ = end;
  while (end < text_.size()) {
    const DecodedChar c = DecodeUtf8(text_, end);
    if (!IsWhiteSpace(c.code_point)) break;
    end += c.n_bytes;
  }
  return space_end_ = end;
}

}  // namespace tok
