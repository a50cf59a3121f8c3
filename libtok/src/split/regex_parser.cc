#include "src/split/regex_parser.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/split/regex_case.h"
#include "src/split/regex_class.h"
#include "src/unicode/profile.h"

namespace tok {
namespace {

constexpr size_t kMaxPatternBytes = 1 << 20;
constexpr size_t kMaxClassRanges = 1 << 20;  // summed over all classes
constexpr size_t kMaxItems = 10000;          // characters, classes and groups of a pattern
constexpr uint32_t kMaxRepeat = 1000;

struct Flags {
  bool ignore_case = false;
  bool dot_all = false;     // dot matches newline: (?s), in Oniguruma (?m)
  bool multi_line = false;  // (?m) of the regex crate
};

struct Quantifier {
  uint32_t min, max;
  bool interval;
};

// Recursive descent, one call per group, bounded by kMaxRegexDepth.
class Parser {
 public:
  Parser(std::string_view pattern, RegexDialect dialect) : cursor_{pattern, dialect} {}

  absl::StatusOr<RegexNode> Parse() {
    TOK_ASSIGN_OR_RETURN(RegexNode root, ParseAlternation(0, Flags{}));
    if (!cursor_.AtEnd()) return cursor_.Malformed("closing parenthesis without an opening one");
    return root;
  }

 private:
  bool IsRust() const { return cursor_.dialect == RegexDialect::kRust; }

  // Alternatives up to the end or a closing parenthesis, which stays.
  absl::StatusOr<RegexNode> ParseAlternation(int depth, Flags flags) {
    if (depth > kMaxRegexDepth) {
      return MakeError(ErrorCode::kLimit, Concat("pattern byte ", cursor_.position),
                       "groups nested too deeply");
    }
    std::vector<RegexNode> alternatives, sequence;
    const auto finish = [&] {
      alternatives.push_back(sequence.size() == 1 ? std::move(sequence[0])
                             : sequence.empty()
                                 ? RegexNode{}
                                 : RegexNode::Of(RegexNode::Kind::kConcat, std::move(sequence)));
      sequence.clear();
      last_literal_.reset();
    };
    last_literal_.reset();
    while (!cursor_.AtEnd() && !cursor_.Looking(")")) {
      if (cursor_.Take("|")) {
        finish();
        continue;
      }
      if (std::optional<Flags> changed = TakeFlags(flags); changed.has_value()) {
        flags = *changed;
        if (IsRust()) continue;
        // Oniguruma: the flags begin a group that runs, alternatives included, to the end of the enclosing one.
        TOK_ASSIGN_OR_RETURN(RegexNode rest, ParseAlternation(depth + 1, flags));
        sequence.push_back(std::move(rest));
        continue;
      }
      TOK_RETURN_IF_ERROR(ParseItem(depth, flags, &sequence));
    }
    finish();
    if (alternatives.size() == 1) return std::move(alternatives[0]);
    return RegexNode::Of(RegexNode::Kind::kAlternate, std::move(alternatives));
  }

  // "(?i)" and the like at the cursor, taken; absent if something else is next.
  std::optional<Flags> TakeFlags(Flags flags) {
    const size_t begin = cursor_.position;
    if (cursor_.Take("(?") && ReadFlagLetters(&flags) && cursor_.Take(")")) return flags;
    cursor_.position = begin;
    return std::nullopt;
  }

  // False if there is no letter or an unknown one.
  bool ReadFlagLetters(Flags* flags) {
    bool on = true, any = false;
    for (; !cursor_.AtEnd(); ++cursor_.position, any = true) {
      switch (cursor_.Rest()[0]) {
        case '-':
          if (!on) return false;
          on = false;
          break;
        case 'i': flags->ignore_case = on; break;
        case 'm': (IsRust() ? flags->multi_line : flags->dot_all) = on; break;
        case 's':
          if (!IsRust()) return false;
          flags->dot_all = on;
          break;
        default: return any;
      }
    }
    return false;
  }

  // One atom with its quantifiers.
  absl::Status ParseItem(int depth, const Flags& flags, std::vector<RegexNode>* sequence) {
    if (cursor_.Looking("*") || cursor_.Looking("+") || cursor_.Looking("?")) {
      return cursor_.Malformed("nothing to repeat");
    }
    if (cursor_.Take("(?#")) {
      const size_t length = cursor_.Rest().find(')');
      if (length == std::string_view::npos) return cursor_.Malformed("comment without closing parenthesis");
      cursor_.position += length + 1;
      return absl::OkStatus();
    }
    TOK_ASSIGN_OR_RETURN(RegexNode atom, ParseAtom(depth, flags));
    if (atom.kind == RegexNode::Kind::kSet) n_ranges_ += atom.set.ranges().size();
    if (n_ranges_ > kMaxClassRanges || ++n_items_ > kMaxItems) {
      return MakeError(ErrorCode::kLimit, Concat("pattern byte ", cursor_.position), "pattern too large");
    }
    TOK_ASSIGN_OR_RETURN(atom, ParseQuantifiers(std::move(atom)));
    sequence->push_back(std::move(atom));
    return absl::OkStatus();
  }

  absl::StatusOr<RegexNode> ParseQuantifiers(RegexNode atom) {
    for (bool after_interval = true;;) {
      TOK_ASSIGN_OR_RETURN(const std::optional<Quantifier> quantifier, TakeQuantifier());
      if (!quantifier.has_value()) return atom;
      if (!after_interval) return cursor_.Unsupported("quantifier after a quantifier");
      if (atom.kind == RegexNode::Kind::kLook || atom.kind == RegexNode::Kind::kAssert) {
        return cursor_.Malformed("an assertion cannot be repeated");
      }
      last_literal_.reset();
      RegexNode repeat = RegexNode::Of(RegexNode::Kind::kRepeat, {});
      repeat.min = quantifier->min;
      repeat.max = quantifier->max;
      const bool oniguruma_interval = quantifier->interval && !IsRust();
      const bool fixed = oniguruma_interval && repeat.min == repeat.max;
      if (!fixed && cursor_.Take("?")) {
        repeat.greed = RegexNode::Greed::kLazy;
      } else if (!oniguruma_interval && cursor_.Take("+")) {
        repeat.greed = RegexNode::Greed::kPossessive;
      }
      repeat.children.push_back(std::move(atom));
      atom = std::move(repeat);
      // In Oniguruma's Ruby syntax what follows {n,m} quantifies it anew: x{2}? is (?:x{2})?, x{2}+ is (?:x{2})+.
      after_interval = oniguruma_interval;
    }
  }

  absl::StatusOr<std::optional<Quantifier>> TakeQuantifier() {
    if (cursor_.Take("*")) return Quantifier{0, kUnboundedRepeat, false};
    if (cursor_.Take("+")) return Quantifier{1, kUnboundedRepeat, false};
    if (cursor_.Take("?")) return Quantifier{0, 1, false};
    if (!cursor_.Looking("{")) return std::optional<Quantifier>();
    size_t end = cursor_.position + 1;
    const auto number = [&]() -> std::optional<uint32_t> {
      const size_t begin = end;
      uint64_t value = 0;
      for (; end < cursor_.pattern.size() && cursor_.pattern[end] >= '0' && cursor_.pattern[end] <= '9';
           ++end) {
        value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(cursor_.pattern[end] - '0'),
                                   kMaxRepeat + 1);
      }
      if (end == begin) return std::nullopt;
      return static_cast<uint32_t>(value);
    };
    const std::optional<uint32_t> min = number();
    std::optional<uint32_t> max = min;
    const bool comma = cursor_.pattern.substr(end, 1) == ",";
    if (comma) {
      ++end;
      max = number();
    }
    if (cursor_.pattern.substr(end, 1) != "}" || (!min.has_value() && !max.has_value())) {
      if (IsRust()) return cursor_.Unsupported("{ that begins no counted repetition");
      return std::optional<Quantifier>();
    }
    if (!min.has_value() && IsRust()) return cursor_.Unsupported("{,n}");
    if (min.value_or(0) > kMaxRepeat || max.value_or(0) > kMaxRepeat) {
      return cursor_.Unsupported(Concat("repetition of more than ", kMaxRepeat, " times"));
    }
    if (max.has_value() && min.value_or(0) > *max) return cursor_.Unsupported("repetition {n,m} with n > m");
    cursor_.position = end + 1;
    return Quantifier{min.value_or(0), max.value_or(kUnboundedRepeat), true};
  }

  absl::StatusOr<RegexNode> ParseAtom(int depth, const Flags& flags) {
    if (cursor_.Take("(")) return ParseGroup(depth, flags);
    if (cursor_.Take("[")) {
      last_literal_.reset();
      TOK_ASSIGN_OR_RETURN(CodePointSet set, ReadClass(&cursor_, flags.ignore_case));
      return RegexNode::Set(std::move(set));
    }
    if (cursor_.Take("\\")) return ParseEscape(flags);
    if (cursor_.Take(".")) {
      last_literal_.reset();
      return RegexNode::Set(flags.dot_all ? CodePointSet::Of(0, kInvalidByte) : NotNewline());
    }
    if (cursor_.Take("^")) {
      if (!IsRust()) return Assert(Assertion::kLineBeginNotAtEnd);
      return Assert(flags.multi_line ? Assertion::kLineBegin : Assertion::kTextBegin);
    }
    if (cursor_.Take("$")) {
      return Assert(!IsRust() || flags.multi_line ? Assertion::kLineEnd : Assertion::kTextEnd);
    }
    return Literal(cursor_.TakeChar(), flags);
  }

  // After an opening parenthesis; takes the closing one.
  absl::StatusOr<RegexNode> ParseGroup(int depth, Flags flags) {
    last_literal_.reset();
    RegexNode wrapper;
    bool wrapped = true;
    if (cursor_.Take("?=") || cursor_.Take("?!") || cursor_.Take("?<=") || cursor_.Take("?<!")) {
      wrapper.kind = RegexNode::Kind::kLook;
      wrapper.negative = cursor_.pattern[cursor_.position - 1] == '!';
      wrapper.behind = cursor_.pattern[cursor_.position - 2] == '<';
    } else if (cursor_.Take("?>")) {
      wrapper.kind = RegexNode::Kind::kAtomic;
    } else {
      wrapped = false;
      TOK_RETURN_IF_ERROR(ReadPlainGroupStart(&flags));
    }
    TOK_ASSIGN_OR_RETURN(RegexNode body, ParseAlternation(depth + 1, flags));
    if (!cursor_.Take(")")) return cursor_.Malformed("group without closing parenthesis");
    last_literal_.reset();
    if (!wrapped) return body;
    wrapper.children.push_back(std::move(body));
    return wrapper;
  }

  // What may follow "(" in a group that matches what its body matches: nothing, ?:, flags, a name.
  absl::Status ReadPlainGroupStart(Flags* flags) {
    if (cursor_.Looking("*") && !IsRust()) return cursor_.Unsupported("callout");
    if (!cursor_.Looking("?") || cursor_.Take("?:")) return absl::OkStatus();
    char closing = 0;
    if (cursor_.Take("?<") || (IsRust() && cursor_.Take("?P<"))) closing = '>';
    if (!IsRust() && cursor_.Take("?'")) closing = '\'';
    if (closing != 0) {
      const size_t length = cursor_.Rest().find(closing);
      if (length == std::string_view::npos || length == 0) return cursor_.Malformed("bad group name");
      cursor_.position += length + 1;
      return absl::OkStatus();
    }
    const size_t begin = cursor_.position;
    if (cursor_.Take("?") && ReadFlagLetters(flags) && cursor_.Take(":")) return absl::OkStatus();
    cursor_.position = begin;
    return cursor_.Unsupported(Concat("group (", cursor_.Rest().substr(0, 4)));
  }

  // After a backslash.
  absl::StatusOr<RegexNode> ParseEscape(const Flags& flags) {
    CodePointSet set;
    TOK_ASSIGN_OR_RETURN(const bool is_set, ReadSetEscape(&cursor_, false, flags.ignore_case, &set));
    if (is_set) {
      last_literal_.reset();
      return RegexNode::Set(std::move(set));
    }
    if (cursor_.Take("A")) return Assert(Assertion::kTextBegin);
    if (cursor_.Take("z")) return Assert(Assertion::kTextEnd);
    if (cursor_.Take("b")) return Assert(Assertion::kWordBoundary);
    if (cursor_.Take("B")) return Assert(Assertion::kNotWordBoundary);
    if (!IsRust() && cursor_.Take("Z")) return Assert(Assertion::kBeforeFinalNewline);
    last_literal_.reset();
    if (cursor_.Take("N")) return RegexNode::Set(NotNewline());
    if (cursor_.Take("O")) return RegexNode::Set(CodePointSet::Of(0, kInvalidByte));
    if (cursor_.Take("R")) return GeneralNewline();
    TOK_ASSIGN_OR_RETURN(const char32_t c, ReadCharEscape(&cursor_, false));
    return Literal(c, flags);
  }

  absl::StatusOr<RegexNode> Literal(char32_t c, const Flags& flags) {
    CodePointSet set = CodePointSet::Of(c, c);
    if (!flags.ignore_case) {
      last_literal_.reset();
      return RegexNode::Set(std::move(set));
    }
    if (!IsRust() &&
        (FoldsToSeveral().Contains(c) || (last_literal_.has_value() && MayFoldTogether(*last_literal_, c)))) {
      return cursor_.Unsupported("case-insensitive letters of which one folds to several");
    }
    last_literal_ = c;
    return RegexNode::Set(AddCaseVariants(set));
  }

  RegexNode Assert(Assertion assertion) {
    last_literal_.reset();
    RegexNode node;
    node.kind = RegexNode::Kind::kAssert;
    node.assertion = assertion;
    return node;
  }

  static CodePointSet NotNewline() { return CodePointSet::Of('\n', '\n').Complement(); }

  // \R: CR LF as one, else any one line terminator.
  static RegexNode GeneralNewline() {
    RegexNode crlf = RegexNode::Of(RegexNode::Kind::kConcat, {RegexNode::Set(CodePointSet::Of('\r', '\r')),
                                                              RegexNode::Set(CodePointSet::Of('\n', '\n'))});
    RegexNode single = RegexNode::Set(CodePointSet({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}));
    return RegexNode::Of(RegexNode::Kind::kAtomic,
                         {RegexNode::Of(RegexNode::Kind::kAlternate, {std::move(crlf), std::move(single)})});
  }

  RegexCursor cursor_;
  size_t n_ranges_ = 0, n_items_ = 0;
  std::optional<char32_t> last_literal_;  // case-insensitive literal right before the cursor
};

}  // namespace

absl::StatusOr<Regex> ParseRegex(std::string_view pattern, RegexDialect dialect) {
  if (pattern.size() > kMaxPatternBytes) {
    return MakeError(ErrorCode::kLimit, "pattern", Concat("longer than ", kMaxPatternBytes, " bytes"));
  }
  if (FindInvalidUtf8(pattern) != std::string_view::npos) {
    return MakeError(ErrorCode::kBadPattern, Concat("pattern byte ", FindInvalidUtf8(pattern)),
                     "invalid UTF-8");
  }
  Regex regex;
  TOK_ASSIGN_OR_RETURN(regex.root, Parser(pattern, dialect).Parse());
  regex.word = CodePointSet(EscapeClassRanges('w', false, ProfileOf(dialect)));
  return regex;
}

}  // namespace tok
