#include "src/split/regex_printer.h"

#include "absl/strings/str_format.h"

namespace tok {
namespace {

constexpr size_t kMaxPrintedBytes = 16 << 20;

class Printer {
 public:
  Printer(const CodePointSet& word, RegexEngine engine, InvalidBytes invalid_bytes)
      : word_(word), engine_(engine), invalid_bytes_(invalid_bytes) {}

  void Print(const RegexNode& node) {
    if (out_.size() > kMaxPrintedBytes) return;
    switch (node.kind) {
      case RegexNode::Kind::kEmpty: return;
      case RegexNode::Kind::kSet: return PrintSet(node.set);
      case RegexNode::Kind::kConcat:
        for (const RegexNode& child : node.children) PrintUnit(child);
        return;
      case RegexNode::Kind::kAlternate:
        for (size_t i = 0; i < node.children.size(); ++i) {
          if (i > 0) out_ += '|';
          Print(node.children[i]);
        }
        return;
      case RegexNode::Kind::kRepeat: return PrintRepeat(node);
      case RegexNode::Kind::kAtomic: return PrintGroup("(?>", node.children[0]);
      case RegexNode::Kind::kLook:
        return PrintGroup(node.behind ? (node.negative ? "(?<!" : "(?<=") : (node.negative ? "(?!" : "(?="),
                          node.children[0]);
      case RegexNode::Kind::kAssert: return PrintAssertion(node.assertion);
    }
  }

  std::string TakeResult() { return std::move(out_); }

 private:
  void PrintGroup(const char* open, const RegexNode& body) {
    out_ += open;
    Print(body);
    out_ += ')';
  }

  // A node where concatenation must not tear it apart.
  void PrintUnit(const RegexNode& node) {
    if (node.kind == RegexNode::Kind::kAlternate) return PrintGroup("(?:", node);
    Print(node);
  }

  void PrintRepeat(const RegexNode& node) {
    if (node.children[0].kind == RegexNode::Kind::kSet) {
      Print(node.children[0]);
    } else {
      PrintGroup("(?:", node.children[0]);
    }
    if (node.max == kUnboundedRepeat && node.min <= 1) {
      out_ += node.min == 0 ? '*' : '+';
    } else if (node.min == 0 && node.max == 1) {
      out_ += '?';
    } else if (node.max == kUnboundedRepeat) {
      absl::StrAppendFormat(&out_, "{%u,}", node.min);
    } else {
      absl::StrAppendFormat(&out_, "{%u,%u}", node.min, node.max);
    }
    if (node.greed == RegexNode::Greed::kLazy) out_ += '?';
    if (node.greed == RegexNode::Greed::kPossessive) out_ += '+';
  }

  void PrintSet(const CodePointSet& set) {
    const CodePointSet shown = Shown(set);
    if (shown.empty()) {
      out_ += R"([^\x{0}-\x{10FFFF}])";
      return;
    }
    const bool single = shown.ranges().size() == 1 && shown.ranges()[0].first == shown.ranges()[0].last;
    if (!single) out_ += '[';
    for (const CodePointRange& range : shown.ranges()) {
      absl::StrAppendFormat(&out_, R"(\x{%X})", static_cast<uint32_t>(range.first));
      if (range.last != range.first)
        absl::StrAppendFormat(&out_, R"(-\x{%X})", static_cast<uint32_t>(range.last));
      if (out_.size() > kMaxPrintedBytes) return;
    }
    if (!single) out_ += ']';
  }

  // The set as the engine knows characters.
  CodePointSet Shown(const CodePointSet& set) const {
    const CodePointSet characters = set.Intersection(CodePointSet::Of(0, 0x10FFFF));
    if (invalid_bytes_ == InvalidBytes::kAbsent) return characters;
    const CodePointSet stand_in = CodePointSet::Of(kInvalidByteStandIn, kInvalidByteStandIn);
    return set.Contains(kInvalidByte) ? characters.Union(stand_in) : characters.Minus(stand_in);
  }

  void PrintAssertion(Assertion assertion) {
    switch (assertion) {
      case Assertion::kTextBegin: out_ += R"(\A)"; return;
      case Assertion::kTextEnd: out_ += R"(\z)"; return;
      case Assertion::kBeforeFinalNewline: out_ += R"((?=\x{A}?\z))"; return;
      case Assertion::kLineBegin:
        out_ += engine_ == RegexEngine::kRe2 ? "(?m:^)" : R"((?:\A|(?<=\x{A})))";
        return;
      case Assertion::kLineBeginNotAtEnd: out_ += R"((?:\A|(?<=\x{A})(?!\z)))"; return;
      case Assertion::kLineEnd: out_ += engine_ == RegexEngine::kRe2 ? "(?m:$)" : R"((?=\x{A}|\z))"; return;
      case Assertion::kWordBoundary: return PrintBoundary("(?<!", "(?=", "(?<=", "(?!");
      case Assertion::kNotWordBoundary: return PrintBoundary("(?<!", "(?!", "(?<=", "(?=");
    }
  }

  // Either of two pairs of looks at a word character before and after.
  void PrintBoundary(const char* before1, const char* after1, const char* before2, const char* after2) {
    out_ += "(?:";
    for (const char* look : {before1, after1, before2, after2}) {
      if (look == before2) out_ += '|';
      out_ += look;
      PrintSet(word_);
      out_ += ')';
    }
    out_ += ')';
  }

  const CodePointSet& word_;
  RegexEngine engine_;
  InvalidBytes invalid_bytes_;
  std::string out_;
};

}  // namespace

absl::StatusOr<std::string> PrintRegex(const RegexNode& root, const CodePointSet& word, RegexEngine engine,
                                       InvalidBytes invalid_bytes) {
  Printer printer(word, engine, invalid_bytes);
  printer.Print(root);
  std::string result = printer.TakeResult();
  if (result.size() > kMaxPrintedBytes) return MakeError(ErrorCode::kLimit, "pattern", "pattern too large");
  return result;
}

}  // namespace tok
