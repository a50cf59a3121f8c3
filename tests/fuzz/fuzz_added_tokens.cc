// The search for added tokens equals its definition on any tokens and any text.
// Input: number of tokens; per token a byte of flags and its content up to 0xFF; the rest is the text.
#include <algorithm>
#include <string>
#include <vector>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"
#include "src/vocab/added_tokens.h"
#include "tests/fuzz/fuzz_util.h"

namespace {

// The longest content that `text` has at `position`; the last one of equals, special ones counting as earlier.
const tok::AddedToken* LongestAt(const std::vector<tok::AddedToken>& tokens, std::string_view text,
                                 size_t position) {
  const tok::AddedToken* best = nullptr;
  for (const bool special : {true, false}) {
    for (const tok::AddedToken& token : tokens) {
      if (token.special != special || token.content.empty()) continue;
      if (text.substr(position, token.content.size()) != token.content) continue;
      if (best == nullptr || token.content.size() >= best->content.size()) best = &token;
    }
  }
  return best;
}

bool NextToWord(std::string_view text, size_t begin, size_t end) {
  return (begin > 0 && tok::IsWordCharacter(tok::DecodeUtf8Before(text, begin).code_point)) ||
         (end < text.size() && tok::IsWordCharacter(tok::DecodeUtf8(text, end).code_point));
}

void Check(const std::vector<tok::AddedToken>& tokens, std::string_view text, bool hide_special) {
  std::vector<std::string_view> contents;
  for (const tok::AddedToken& token : tokens) contents.push_back(token.content);
  const auto matcher = tok::AddedTokenMatcher::Create(tokens, contents);
  TOK_FUZZ_CHECK(matcher.ok());
  tok::AddedTokenScan scan(*matcher, text, hide_special);
  tok::AddedMatch match;
  size_t previous_end = 0;
  for (size_t i = 0; i < text.size();) {
    const tok::AddedToken* token = LongestAt(tokens, text, i);
    size_t begin = i, end = token == nullptr ? i + 1 : i + token->content.size();
    i = end;
    if (token == nullptr || (hide_special && token->special)) continue;
    if (token->single_word && NextToWord(text, begin, end)) continue;
    if (token->lstrip) {
      for (size_t n; begin > 0; begin -= n) {
        const tok::DecodedChar c = tok::DecodeUtf8Before(text, begin);
        if (!tok::IsWhiteSpace(c.code_point)) break;
        n = c.n_bytes;
      }
      begin = std::max(begin, previous_end);
    }
    while (token->rstrip && end < text.size() && tok::IsWhiteSpace(tok::DecodeUtf8(text, end).code_point)) {
      end += tok::DecodeUtf8(text, end).n_bytes;
    }
    if (begin >= end) continue;
    previous_end = end;
    TOK_FUZZ_CHECK(scan.Next(&match));
    TOK_FUZZ_CHECK(match.begin == begin && match.end == end && &tokens[match.index] == token);
  }
  TOK_FUZZ_CHECK(!scan.Next(&match));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;  // the definition takes tokens times text steps
  tok::FuzzInput input(data, size);
  std::vector<tok::AddedToken> tokens(input.TakeByte() % 16);
  for (tok::AddedToken& token : tokens) {
    const uint8_t flags = input.TakeByte();
    token.single_word = flags & 1;
    token.lstrip = flags & 2;
    token.rstrip = flags & 4;
    token.special = flags & 8;
    token.content = std::string(input.TakeField());
  }
  for (const bool hide_special : {false, true}) Check(tokens, input.rest(), hide_special);
  return 0;
}
