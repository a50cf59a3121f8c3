#include "src/measure/vocabulary/round_trip.h"

#include <algorithm>
#include <string>

#include "src/measure/letter_case.h"
#include "src/measure/unknown_ids.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Begins no token of a usual vocabulary but its own, and joins nothing.
constexpr std::string_view kApart = "\xC2\xAB";
// For tokens that continue a word: letters that few tokens begin with.
constexpr std::string_view kLetters[] = {"\xCA\x92", "\xC3\xBE", "\xD1\xA3", "q", "x", "z", "a"};

// Spelled <...> or [...], without white space.
bool LooksSpecial(std::string_view text) {
  if (text.size() < 3) return false;
  const bool is_bracketed =
      (text.front() == '<' && text.back() == '>') || (text.front() == '[' && text.back() == ']');
  return is_bracketed && text.find_first_of(" \t\r\n") == std::string_view::npos;
}

// ASCII as fullwidth forms, which NFKC brings back.
std::string Fullwidth(std::string_view text) {
  std::string wide;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (c.code_point > 0x20 && c.code_point < 0x7F) {
      AppendUtf8(c.code_point + 0xFEE0, &wide);
    } else {
      wide.append(text.substr(i, c.n_bytes));
    }
    i += c.n_bytes;
  }
  return wide;
}

}  // namespace

RoundTrip::RoundTrip(const Tokenizer& tokenizer) : tokenizer_(tokenizer), unknown_(UnknownIds(tokenizer)) {
  for (const AddedToken& added : tokenizer.spec().added_tokens) added_.try_emplace(added.id, &added);
  AddContext(kApart, "");
  AddContext(kApart, kApart);
  for (const std::string_view letter : kLetters) {
    AddContext(letter, "");
    AddContext(letter, kApart);
  }
  if (tokenizer.DecodesByConcatenation()) {
    const std::vector<TokenId> ids = IdsOf("a", SpecialPolicy::Text());
    const absl::StatusOr<std::string> text = tokenizer.Decode(ids);
    is_the_same_everywhere_ = text.ok() && *text == "a";
  }
}

void RoundTrip::AddContext(std::string_view front, std::string_view back) {
  Context context{std::string(front), std::string(back), IdsOf(front, SpecialPolicy::Text()), {}};
  const absl::StatusOr<std::string> text = tokenizer_.Decode(context.front_ids);
  if (context.front_ids.empty() || !text.ok()) return;
  // A decoder may leave a space before it, which is then before the token's text too.
  if (text->find(front) == std::string::npos) return;
  context.front = *text;
  if (!back.empty()) {
    std::vector<TokenId> both = IdsOf(std::string(front) + std::string(back), SpecialPolicy::Text());
    const size_t n_front = context.front_ids.size();
    if (both.size() <= n_front ||
        !std::equal(both.begin(), both.begin() + n_front, context.front_ids.begin()))
      return;
    context.back_ids.assign(both.begin() + n_front, both.end());
  }
  contexts_.push_back(std::move(context));
}

std::vector<TokenId> RoundTrip::IdsOf(std::string_view text, const SpecialPolicy& special) const {
  EncodeOptions options;
  options.special = special;
  absl::StatusOr<std::vector<TokenId>> ids = tokenizer_.Encode(text, options);
  return ids.ok() ? *std::move(ids) : std::vector<TokenId>();
}

std::optional<std::string> RoundTrip::TextIn(const Context& context, TokenId id) const {
  std::vector<TokenId> ids = context.front_ids;
  ids.push_back(id);
  const absl::StatusOr<std::string> text = tokenizer_.Decode(ids);
  if (!text.ok() || !text->starts_with(context.front)) return std::nullopt;
  return text->substr(context.front.size());
}

std::vector<TokenId> RoundTrip::BecomesIn(const Context& context, std::string_view text) const {
  std::vector<TokenId> ids = IdsOf(context.front + std::string(text) + context.back, SpecialPolicy::Text());
  const size_t n_front = context.front_ids.size(), n_back = context.back_ids.size();
  const bool is_around =
      ids.size() >= n_front + n_back &&
      std::equal(ids.begin(), ids.begin() + n_front, context.front_ids.begin()) &&
      std::equal(ids.end() - static_cast<ptrdiff_t>(n_back), ids.end(), context.back_ids.begin());
  if (!is_around) return ids;
  return {ids.begin() + n_front, ids.end() - static_cast<ptrdiff_t>(n_back)};
}

bool RoundTrip::ComesBackIn(const Context& context, TokenId id) const {
  const std::optional<std::string> text = TextIn(context, id);
  if (!text.has_value() || FindInvalidUtf8(*text) != std::string_view::npos) return false;
  const std::vector<TokenId> becomes = BecomesIn(context, *text);
  // Where the context came apart these are more than one id: its own are among them.
  return becomes.size() == 1 && becomes[0] == id;
}

bool RoundTrip::IsUnknown(TokenId id) const { return std::ranges::binary_search(unknown_, id); }

VocabularyToken RoundTrip::Classify(TokenId id) const {
  VocabularyToken token{.id = id};
  if (const auto added = added_.find(id); added != added_.end()) {
    ClassifyAdded(*added->second, &token);
  } else {
    ClassifyModelToken(&token);
  }
  return token;
}

void RoundTrip::ClassifyAdded(const AddedToken& added, VocabularyToken* token) const {
  token->bytes = added.content;
  std::vector<TokenId> ids =
      IdsOf(added.content, added.special ? SpecialPolicy::All() : SpecialPolicy::Text());
  if (ids == std::vector<TokenId>{token->id}) {
    token->token_class = added.special ? TokenClass::kOkSpecial : TokenClass::kAdded;
    return;
  }
  const auto is_found_in = [&](const Context& context) {
    return BecomesIn(context, added.content) == std::vector<TokenId>{token->id};
  };
  if (!added.special && std::any_of(contexts_.begin(), contexts_.end(), is_found_in)) {
    token->token_class = TokenClass::kAdded;
    token->only_in_context = true;
    return;
  }
  if (IsUnknown(token->id)) {
    token->token_class = TokenClass::kOkSpecial;
    return;
  }
  token->token_class = added.special || LooksSpecial(added.content) ? TokenClass::kUnreachableSpecial
                       : ids.size() == 1                            ? TokenClass::kUnreachableSingle
                                                                    : TokenClass::kUnreachableMulti;
  token->becomes = std::move(ids);
}

void RoundTrip::ClassifyModelToken(VocabularyToken* token) const {
  const Vocabulary& vocabulary = tokenizer_.vocabulary();
  const TokenKind kind = vocabulary.Kind(token->id);
  token->bytes = vocabulary.Bytes(token->id);
  if (IsUnknown(token->id)) {
    token->token_class = TokenClass::kOkSpecial;
    return;
  }
  if (kind == TokenKind::kByte) {
    token->token_class = TokenClass::kByte;
    return;
  }
  if (kind == TokenKind::kControl || kind == TokenKind::kUnused) {
    token->becomes = IdsOf(token->bytes, SpecialPolicy::Text());
    token->token_class = token->becomes == std::vector<TokenId>{token->id} ? TokenClass::kOkSpecial
                                                                           : TokenClass::kUnreachableSpecial;
    if (token->token_class == TokenClass::kOkSpecial) token->becomes.clear();
    return;
  }
  ClassifyText(token);
}

void RoundTrip::ClassifyText(VocabularyToken* token) const {
  const TokenId id = token->id;
  const absl::StatusOr<std::string> decoded = tokenizer_.Decode({{id}});
  const std::string alone = decoded.ok() ? *decoded : std::string();
  std::optional<std::string> amid;
  if (!contexts_.empty()) amid = TextIn(contexts_[0], id);
  token->bytes =
      tokenizer_.DecodesByConcatenation() ? std::string(tokenizer_.TokenBytes(id)) : amid.value_or(alone);
  if (FindInvalidUtf8(token->bytes) != std::string_view::npos) {
    token->token_class = token->bytes.size() == 1 ? TokenClass::kByte : TokenClass::kUndecodable;
    return;
  }
  std::vector<TokenId> becomes = IdsOf(alone, SpecialPolicy::Text());
  const std::vector<TokenId> itself = {id};
  if (becomes == itself) return;
  const auto comes_back = [&](const Context& context) { return ComesBackIn(context, id); };
  if (std::any_of(contexts_.begin(), contexts_.end(), comes_back)) {
    token->only_in_context = true;
    return;
  }
  if (!is_the_same_everywhere_ && amid.has_value()) becomes = BecomesIn(contexts_[0], *amid);
  token->token_class = LooksSpecial(token->bytes) ? TokenClass::kUnreachableSpecial
                       : becomes.size() == 1      ? TokenClass::kUnreachableSingle
                                                  : TokenClass::kUnreachableMulti;
  token->becomes = std::move(becomes);
}

std::vector<SpecialFromText> RoundTrip::SpecialsFromText() const {
  std::vector<SpecialFromText> found;
  const auto look_in = [&](TokenId id, std::string_view content) {
    for (const std::string& text :
         {std::string(content), Fullwidth(content), LowerCase(content), UpperCase(content)}) {
      const std::vector<TokenId> ids = IdsOf(text, SpecialPolicy::Text());
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) continue;
      found.push_back({id, text});
      return;
    }
  };
  for (const AddedToken& added : tokenizer_.spec().added_tokens) {
    if (added.special && !IsUnknown(added.id)) look_in(added.id, added.content);
  }
  const Vocabulary& vocabulary = tokenizer_.vocabulary();
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(id) == TokenKind::kControl && !added_.contains(id)) look_in(id, vocabulary.Bytes(id));
  }
  const auto by_id = [](const SpecialFromText& a, const SpecialFromText& b) { return a.id < b.id; };
  std::stable_sort(found.begin(), found.end(), by_id);
  return found;
}

}  // namespace tok
