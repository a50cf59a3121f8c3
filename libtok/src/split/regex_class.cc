#include "src/split/regex_class.h"

#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/split/regex_case.h"
#include "src/unicode/profile.h"
#include "src/unicode/properties.h"

namespace tok {
namespace {

constexpr int kMaxClassDepth = 16;
constexpr size_t kMaxPropertyName = 64;

bool IsAsciiLetterOrDigit(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

CodePointSet Property(std::string_view name) { return CodePointSet(PropertyRanges(name)); }

CodePointSet EscapeClass(char letter, bool in_class, RegexDialect dialect) {
  return CodePointSet(EscapeClassRanges(letter, in_class, ProfileOf(dialect)));
}

// Empty if unknown.
CodePointSet PosixClass(std::string_view name, RegexDialect dialect) {
  return CodePointSet(PosixClassRanges(name, ProfileOf(dialect)));
}

std::string LooseName(std::string_view name) {
  std::string loose;
  for (char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    loose.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return loose;
}

// A property by the name it has in \p{..}; empty if unknown.
CodePointSet NamedProperty(std::string_view name, RegexDialect dialect) {
  const std::string loose = LooseName(name);
  if (loose == "punct") return Property("P");
  if (loose == "digit") return Property("Nd");
  if (loose == "cntrl") return Property("Cc");
  if (dialect == RegexDialect::kOniguruma) {
    if (loose == "posixpunct") return PosixClass("punct", dialect);
    if (CodePointSet set = PosixClass(loose, dialect); !set.empty()) return set;
  }
  return Property(name);
}

// The cursor is after `p` or `P`.
absl::StatusOr<CodePointSet> ReadProperty(RegexCursor* cursor, bool in_class, bool ignore_case,
                                          bool negated) {
  std::string_view name;
  if (cursor->Take("{")) {
    const size_t length = cursor->Rest().substr(0, kMaxPropertyName + 1).find('}');
    if (length == std::string_view::npos) return cursor->Malformed("property name without closing brace");
    name = cursor->Rest().substr(0, length);
    cursor->position += length + 1;
  } else if (cursor->dialect == RegexDialect::kRust && !cursor->AtEnd() &&
             IsAsciiLetterOrDigit(cursor->Rest()[0])) {
    name = cursor->Rest().substr(0, 1);
    ++cursor->position;
  } else {
    return cursor->Unsupported("\\p without braces");
  }
  if (name.substr(0, 1) == "^") {
    negated = !negated;
    name.remove_prefix(1);
  }
  CodePointSet set = NamedProperty(name, cursor->dialect);
  if (set.empty()) return cursor->Unsupported(Concat("property ", name));
  if (cursor->dialect == RegexDialect::kOniguruma && !in_class && LooseName(name) == "word") {
    set = EscapeClass('w', in_class, cursor->dialect);
  }
  if (ignore_case && cursor->dialect == RegexDialect::kRust) set = AddCaseVariants(set);
  return negated ? set.Complement() : set;
}

// The value of \x or \u; the cursor is after that letter.
absl::StatusOr<char32_t> ReadHex(RegexCursor* cursor, size_t n_digits) {
  std::string_view digits;
  if (cursor->Take("{")) {
    const size_t length = cursor->Rest().substr(0, 9).find('}');
    if (length == std::string_view::npos || length == 0) return cursor->Malformed("bad hexadecimal escape");
    digits = cursor->Rest().substr(0, length);
    cursor->position += length + 1;
  } else {
    digits = cursor->Rest().substr(0, n_digits);
    if (digits.size() < n_digits) return cursor->Malformed("bad hexadecimal escape");
    cursor->position += n_digits;
    if (n_digits == 2 && HexDigit(digits[0]) >= 8 && cursor->dialect == RegexDialect::kOniguruma) {
      return cursor->Unsupported("\\x escape of a single byte above 7F");
    }
  }
  char32_t value = 0;
  for (char c : digits) {
    if (HexDigit(c) < 0) return cursor->Malformed("bad hexadecimal escape");
    value = value << 4 | static_cast<char32_t>(HexDigit(c));
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
    return cursor->Malformed("no such code point");
  return value;
}

// Reads a bracketed class; recursion is bounded by kMaxClassDepth.
class ClassReader {
 public:
  ClassReader(RegexCursor* cursor, bool ignore_case) : cursor_(cursor), ignore_case_(ignore_case) {}

  absl::StatusOr<CodePointSet> Read(int depth) {
    if (depth > kMaxClassDepth) return MakeError(ErrorCode::kLimit, Place(), "classes nested too deeply");
    const bool negated = cursor_->Take("^");
    CodePointSet result;
    bool intersecting = false;
    for (bool done = false; !done;) {
      TOK_ASSIGN_OR_RETURN(CodePointSet operand, ReadOperand(depth, !intersecting, &done));
      // The regex crate folds each operand, Oniguruma the class as a whole.
      if (ignore_case_ && IsRust()) operand = AddCaseVariants(operand);
      result = intersecting ? result.Intersection(operand) : std::move(operand);
      intersecting = true;
    }
    if (ignore_case_ && !IsRust() && depth == 0) {
      if (!negated && !result.Intersection(FoldsToSeveral()).empty()) {
        return cursor_->Unsupported("case-insensitive class with a letter that folds to several");
      }
      result = AddCaseVariants(result);
    }
    return negated ? result.Complement() : result;
  }

 private:
  bool IsRust() const { return cursor_->dialect == RegexDialect::kRust; }
  std::string Place() const { return Concat("pattern byte ", cursor_->position); }

  // Items up to the closing bracket (then *done) or `&&`. `first`: right after the opening bracket.
  absl::StatusOr<CodePointSet> ReadOperand(int depth, bool first, bool* done) {
    std::vector<CodePointRange> ranges;
    const auto add = [&](const CodePointSet& set) {
      ranges.insert(ranges.end(), set.ranges().begin(), set.ranges().end());
    };
    for (bool empty = true;; empty = false) {
      if (cursor_->AtEnd()) return cursor_->Malformed("class without closing bracket");
      if (cursor_->Looking("]") && !(empty && first)) {
        if (empty) return cursor_->Unsupported("&& without a right side");
        ++cursor_->position;
        *done = true;
        return CodePointSet(std::move(ranges));
      }
      if (cursor_->Looking("&&")) {
        if (empty) return cursor_->Unsupported("&& without a left side");
        cursor_->position += 2;
        return CodePointSet(std::move(ranges));
      }
      if (IsRust() && (cursor_->Looking("--") || cursor_->Looking("~~"))) {
        return cursor_->Unsupported("set operation in a class");
      }
      if (cursor_->Take("[")) {
        TOK_ASSIGN_OR_RETURN(const CodePointSet inner, ReadInner(depth));
        add(inner);
      } else if (cursor_->Take("\\")) {
        CodePointSet set;
        TOK_ASSIGN_OR_RETURN(const bool is_set, ReadSetEscape(cursor_, true, ignore_case_, &set));
        if (is_set) {
          add(set);
          continue;
        }
        TOK_ASSIGN_OR_RETURN(const char32_t c, ReadCharEscape(cursor_, true));
        TOK_RETURN_IF_ERROR(ReadRangeFrom(c, &ranges));
      } else if (cursor_->Looking("-") && !(empty && first) && !cursor_->Looking("-]")) {
        return cursor_->Unsupported("unescaped - inside a class");
      } else {
        TOK_RETURN_IF_ERROR(ReadRangeFrom(cursor_->TakeChar(), &ranges));
      }
    }
  }

  // After `[` inside a class: a POSIX bracket or a nested class.
  absl::StatusOr<CodePointSet> ReadInner(int depth) {
    if (cursor_->Looking(":")) {
      size_t end = cursor_->position + 1;
      const bool negated = cursor_->pattern.substr(end, 1) == "^";
      if (negated) ++end;
      const size_t name_begin = end;
      while (end < cursor_->pattern.size() && IsAsciiLetterOrDigit(cursor_->pattern[end])) ++end;
      if (cursor_->pattern.substr(end, 2) == ":]") {
        const std::string_view name = cursor_->pattern.substr(name_begin, end - name_begin);
        const CodePointSet set = PosixClass(name, cursor_->dialect);
        if (set.empty()) return cursor_->Malformed(Concat("unknown POSIX bracket ", name));
        cursor_->position = end + 2;
        return negated ? set.Complement() : set;
      }
    }
    return Read(depth + 1);
  }

  // `first` alone or, if a hyphen and another character follow, the range from it.
  absl::Status ReadRangeFrom(char32_t first, std::vector<CodePointRange>* ranges) {
    if (!cursor_->Looking("-") || cursor_->Looking("-]") ||
        cursor_->position + 1 >= cursor_->pattern.size()) {
      ranges->push_back({first, first});
      return absl::OkStatus();
    }
    ++cursor_->position;
    if (cursor_->Looking("[") || cursor_->Looking("-") || cursor_->Looking("&&")) {
      return cursor_->Unsupported("unescaped - inside a class");
    }
    char32_t last;
    if (cursor_->Take("\\")) {
      TOK_ASSIGN_OR_RETURN(last, ReadCharEscape(cursor_, true));
    } else {
      last = cursor_->TakeChar();
    }
    if (last < first) return cursor_->Malformed("class range out of order");
    ranges->push_back({first, last});
    return absl::OkStatus();
  }

  RegexCursor* cursor_;
  bool ignore_case_;
};

}  // namespace

bool RegexCursor::Take(std::string_view text) {
  if (!Looking(text)) return false;
  position += text.size();
  return true;
}

char32_t RegexCursor::TakeChar() {
  const DecodedChar c = DecodeUtf8(pattern, position);
  position += c.n_bytes;
  return c.code_point;
}

absl::Status RegexCursor::Malformed(std::string_view fact) const {
  return MakeError(ErrorCode::kBadPattern, Concat("pattern byte ", position), fact);
}

absl::Status RegexCursor::Unsupported(std::string_view construct) const {
  return MakeError(ErrorCode::kUnsupportedFeature, Concat("pattern byte ", position),
                   Concat("unsupported in a regular expression: ", construct));
}

absl::StatusOr<bool> ReadSetEscape(RegexCursor* cursor, bool in_class, bool ignore_case, CodePointSet* set) {
  if (cursor->AtEnd()) return cursor->Malformed("pattern ends after a backslash");
  const char letter = cursor->Rest()[0];
  switch (letter) {
    case 'd':
    case 's':
    case 'w':
    case 'h': *set = EscapeClass(letter, in_class, cursor->dialect); break;
    case 'D':
    case 'S':
    case 'W':
    case 'H':
      *set = EscapeClass(static_cast<char>(letter - 'A' + 'a'), in_class, cursor->dialect).Complement();
      break;
    case 'p':
    case 'P': {
      ++cursor->position;
      TOK_ASSIGN_OR_RETURN(*set, ReadProperty(cursor, in_class, ignore_case, letter == 'P'));
      return true;
    }
    default: return false;
  }
  ++cursor->position;
  return true;
}

absl::StatusOr<char32_t> ReadCharEscape(RegexCursor* cursor, bool in_class) {
  if (cursor->AtEnd()) return cursor->Malformed("pattern ends after a backslash");
  const char32_t c = cursor->TakeChar();
  switch (c) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'v': return '\v';
    case 'f': return '\f';
    case 'r': return '\r';
    case 'a': return '\a';
    case 'e': return 0x1B;
    case 'x': return ReadHex(cursor, 2);
    case 'u': return ReadHex(cursor, 4);
    case 'b':
      if (in_class) return '\b';
      break;
    case '<':
    case '>':
      if (cursor->dialect == RegexDialect::kRust) return cursor->Unsupported("\\< and \\>");
      break;
    case '0':
      if (cursor->dialect == RegexDialect::kOniguruma && (cursor->AtEnd() || HexDigit(cursor->Rest()[0]) < 0))
        return 0;
      break;
    default: break;
  }
  if (IsAsciiLetterOrDigit(c)) {
    --cursor->position;
    return cursor->Unsupported(Concat("escape \\", std::string(1, static_cast<char>(c))));
  }
  return c;
}

absl::StatusOr<CodePointSet> ReadClass(RegexCursor* cursor, bool ignore_case) {
  return ClassReader(cursor, ignore_case).Read(0);
}

}  // namespace tok
