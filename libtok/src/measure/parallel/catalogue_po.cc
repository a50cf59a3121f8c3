#include <algorithm>
#include <cctype>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/parallel/catalogue.h"

namespace tok {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// As C has them: \ooo of up to three digits, \xHH of one or two.
bool TakePoEscape(std::string_view* text, std::string* out) {
  if (text->empty()) return false;
  constexpr std::string_view kLetters = "abfnrtv\\\"'?", kMeanings = "\a\b\f\n\r\t\v\\\"'?";
  const char first = text->front();
  if (const size_t at = kLetters.find(first); at != std::string_view::npos) {
    out->push_back(kMeanings[at]);
    text->remove_prefix(1);
    return true;
  }
  const bool is_hex = first == 'x';
  if (is_hex) text->remove_prefix(1);
  unsigned value = 0;
  size_t n_digits = 0;
  for (const size_t most = is_hex ? 2 : 3; n_digits < most && !text->empty(); ++n_digits) {
    const char c = text->front();
    const bool is_digit = is_hex ? std::isxdigit(static_cast<unsigned char>(c)) != 0 : c >= '0' && c <= '7';
    if (!is_digit) break;
    const unsigned digit =
        c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 32) - 'a' + 10);
    value = value * (is_hex ? 16 : 8) + digit;
    text->remove_prefix(1);
  }
  out->push_back(static_cast<char>(value & 0xFF));
  return n_digits > 0;
}

class PoParser {
 public:
  absl::StatusOr<std::vector<CatalogueMessage>> Parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_;
      const size_t end = text.find('\n');
      TOK_RETURN_IF_ERROR(ReadLine(Trimmed(text.substr(0, end))));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    TOK_RETURN_IF_ERROR(EndMessage());
    return std::move(messages_);
  }

 private:
  absl::Status Bad(std::string_view fact, std::string_view remedy = "see what msgfmt -c says") const {
    return MakeError(ErrorCode::kBadInput, Concat("line ", line_), fact, remedy);
  }

  absl::Status ReadLine(std::string_view line) {
    if (line.empty()) return absl::OkStatus();
    if (line.front() == '#') return ReadComment(line);
    if (line.front() == '"') return AppendString(line);
    const size_t end = std::min(line.find_first_of(" \t\"["), line.size());
    const std::string_view keyword = line.substr(0, end), rest = Trimmed(line.substr(end));
    TOK_RETURN_IF_ERROR(BeginField(keyword, rest));
    return AppendString(
        keyword == "msgstr" && rest.starts_with('[') ? Trimmed(rest.substr(rest.find(']') + 1)) : rest);
  }

  // A comment stands before the message it is about.
  absl::Status ReadComment(std::string_view line) {
    if (has_translation_) TOK_RETURN_IF_ERROR(EndMessage());
    if (line.starts_with("#~")) {  // what stood before it was about an obsolete message
      is_fuzzy_ = false;
      return absl::OkStatus();
    }
    if (!line.starts_with("#,")) return absl::OkStatus();
    for (std::string_view flags = line.substr(2); !flags.empty();) {
      const size_t comma = std::min(flags.find(','), flags.size());
      is_fuzzy_ |= Trimmed(flags.substr(0, comma)) == "fuzzy";
      flags.remove_prefix(std::min(comma + 1, flags.size()));
    }
    return absl::OkStatus();
  }

  absl::Status BeginField(std::string_view keyword, std::string_view rest) {
    if (keyword == "msgctxt" || keyword == "msgid") {
      if (has_translation_) TOK_RETURN_IF_ERROR(EndMessage());
      const bool is_second = keyword == "msgid" ? has_id_ : has_id_ || message_.context.has_value();
      if (is_second) return Bad(Concat(keyword, " before the message in hand has its msgstr"));
      if (message_.line == 0) message_.line = line_;
      has_id_ |= keyword == "msgid";
      field_ = keyword == "msgid" ? &message_.id : &message_.context.emplace();
      return absl::OkStatus();
    }
    if (keyword == "msgid_plural") {
      if (!has_id_ || has_translation_ || message_.plural_id) return Bad("msgid_plural without its msgid");
      field_ = &message_.plural_id.emplace();
      return absl::OkStatus();
    }
    if (keyword == "msgstr") return BeginTranslation(rest);
    return Bad(Concat("'", keyword.substr(0, 40), "' is no keyword of .po files"));
  }

  absl::Status BeginTranslation(std::string_view rest) {
    if (!has_id_) return Bad("msgstr without its msgid");
    const std::string form = Concat("[", message_.translations.size(), "]");
    const bool is_in_turn = message_.plural_id ? rest.starts_with(form) : !rest.starts_with('[');
    if (!is_in_turn || (has_translation_ && !message_.plural_id))
      return Bad(message_.plural_id ? Concat("expected msgstr", form)
                                    : "expected one msgstr, for there is no "
                                      "msgid_plural");
    has_translation_ = true;
    field_ = &message_.translations.emplace_back();
    return absl::OkStatus();
  }

  absl::Status AppendString(std::string_view quoted) {
    if (field_ == nullptr) return Bad("a string that belongs to nothing");
    if (!quoted.starts_with('"')) return Bad("expected a string in double quotes");
    quoted.remove_prefix(1);
    while (true) {
      const size_t plain = quoted.find_first_of("\"\\");
      if (plain == std::string_view::npos) return Bad("the string has no closing quote");
      field_->append(quoted.substr(0, plain));
      const bool is_end = quoted[plain] == '"';
      quoted.remove_prefix(plain + 1);
      if (is_end) break;
      if (!TakePoEscape(&quoted, field_)) return Bad("a backslash that begins no escape");
    }
    return quoted.empty() ? absl::OkStatus() : Bad("something stands behind the closing quote");
  }

  // Obsolete messages are comments; the header is checked and left out.
  absl::Status EndMessage() {
    const bool is_begun = has_id_ || message_.context.has_value();
    if (!is_begun && !has_translation_) return absl::OkStatus();
    if (!has_translation_) return Bad("the message in hand has no msgstr");
    CatalogueMessage message = std::exchange(message_, {});
    const bool is_fuzzy = std::exchange(is_fuzzy_, false);
    has_id_ = has_translation_ = false;
    field_ = nullptr;
    if (message.id.empty() && !message.context)
      return CheckCharset(message.translations[0], Concat("line ", message.line));
    const bool is_untranslated = std::any_of(message.translations.begin(), message.translations.end(),
                                             [](const std::string& form) { return form.empty(); });
    if (is_fuzzy || is_untranslated) message.translations.clear();
    messages_.push_back(std::move(message));
    return absl::OkStatus();
  }

  std::vector<CatalogueMessage> messages_;
  CatalogueMessage message_;      // in hand
  std::string* field_ = nullptr;  // of it, that strings are appended to
  bool has_id_ = false, has_translation_ = false, is_fuzzy_ = false;
  uint64_t line_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<CatalogueMessage>> ParsePo(std::string_view text) {
  return PoParser().Parse(text);
}

absl::Status CheckCharset(std::string_view header, std::string_view place) {
  constexpr std::string_view kKey = "charset=";
  const size_t at = header.find(kKey);
  if (at == std::string_view::npos) return absl::OkStatus();
  std::string charset(header.substr(at + kKey.size()));
  charset.resize(std::min(charset.find_first_of(" \t\r\n;"), charset.size()));
  std::string upper = charset;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  // The last is what templates have until somebody fills it in.
  for (const std::string_view known : {"UTF-8", "UTF8", "ASCII", "US-ASCII", "CHARSET"}) {
    if (upper == known) return absl::OkStatus();
  }
  return MakeError(ErrorCode::kBadInput, place, Concat("the catalogue is in ", charset.substr(0, 40)),
                   "convert it to UTF-8 (msgconv --to-code=UTF-8)");
}

}  // namespace tok
