#include "src/split/re2_matcher.h"

#include <re2/re2.h>

#include <optional>
#include <utility>

#include "src/split/regex_printer.h"
#include "src/split/regex_rewrite.h"
#include "src/split/stand_in_text.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr int64_t kRe2Memory = 64 << 20;  // of which the compiled program and its cached states share

// A compiled expression and the text it was compiled from.
struct Compiled {
  std::string printed;
  std::unique_ptr<RE2> re2;
};

// False if RE2 refuses it.
bool Compile(const RegexNode& node, InvalidBytes invalid_bytes, Compiled* compiled) {
  absl::StatusOr<std::string> printed = PrintRegex(node, CodePointSet(), RegexEngine::kRe2, invalid_bytes);
  if (!printed.ok()) return false;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kRe2Memory);
  compiled->printed = *std::move(printed);
  compiled->re2 = std::make_unique<RE2>(compiled->printed, options);
  return compiled->re2->ok();
}

bool Run(const Compiled& compiled, std::string_view text, size_t from, RE2::Anchor anchor,
         MatchRange* match) {
  if (compiled.re2 == nullptr) return false;
  re2::StringPiece found;
  if (!compiled.re2->Match(re2::StringPiece(text.data(), text.size()), from, text.size(), anchor, &found,
                           1)) {
    return false;
  }
  match->begin = static_cast<size_t>(found.data() - text.data());
  match->end = match->begin + found.size();
  return true;
}

RegexNode Sequence(RegexNode first, RegexNode second) {
  std::vector<RegexNode> nodes;
  nodes.push_back(std::move(first));
  nodes.push_back(std::move(second));
  return RegexNode::Of(RegexNode::Kind::kConcat, std::move(nodes));
}

}  // namespace

class Re2Program {
 public:
  // Null if RE2 refuses it. `trailing`: what FindTrailingRun says of `root`.
  static std::shared_ptr<const Re2Program> Create(const RegexNode& root,
                                                  const std::optional<TrailingRun>& trailing,
                                                  InvalidBytes invalid_bytes) {
    auto program = std::make_shared<Re2Program>();
    if (!trailing.has_value()) return Compile(root, invalid_bytes, &program->anywhere_) ? program : nullptr;
    program->trailing_ = true;
    program->run_ = trailing->run;
    if (invalid_bytes == InvalidBytes::kStandIns) {
      program->run_ = program->run_.Minus(CodePointSet::Of(kInvalidByteStandIn, kInvalidByteStandIn));
    }
    // The run can match where two of its characters, or the last of the text, are next.
    RegexNode end;
    end.kind = RegexNode::Kind::kAssert;
    end.assertion = Assertion::kTextEnd;
    std::vector<RegexNode> others, starts;
    starts.push_back(Sequence(RegexNode::Set(program->run_), RegexNode::Set(program->run_)));
    starts.push_back(Sequence(RegexNode::Set(program->run_), std::move(end)));
    for (const std::optional<RegexNode>* part : {&trailing->before, &trailing->after}) {
      if (!part->has_value()) continue;
      others.push_back(**part);
      starts.push_back(**part);
    }
    const auto compile = [&](const std::optional<RegexNode>& node, Compiled* compiled) {
      return !node.has_value() || Compile(*node, invalid_bytes, compiled);
    };
    const bool ok = Compile(RegexNode::Of(RegexNode::Kind::kAlternate, std::move(starts)), invalid_bytes,
                            &program->anywhere_) &&
                    compile(trailing->before, &program->before_) &&
                    compile(trailing->after, &program->after_) &&
                    (others.empty() || Compile(RegexNode::Of(RegexNode::Kind::kAlternate, std::move(others)),
                                               invalid_bytes, &program->others_));
    return ok ? program : nullptr;
  }

  bool SameAs(const Re2Program& other) const {
    return anywhere_.printed == other.anywhere_.printed && others_.printed == other.others_.printed;
  }

  bool Find(std::string_view text, size_t from, bool everywhere, MatchRange* match) const {
    if (!trailing_)
      return Run(anywhere_, text, from, everywhere ? RE2::ANCHOR_START : RE2::UNANCHORED, match);
    if (MatchAt(text, from, match)) return true;
    return Run(anywhere_, text, from, RE2::UNANCHORED, match) && MatchAt(text, match->begin, match);
  }

 private:
  // With a trailing run: the match that begins at `at`.
  bool MatchAt(std::string_view text, size_t at, MatchRange* match) const {
    if (at >= text.size() || !run_.Contains(DecodeUtf8(text, at).code_point)) {
      return Run(others_, text, at, RE2::ANCHOR_START, match);
    }
    if (Run(before_, text, at, RE2::ANCHOR_START, match)) return true;
    size_t last = at, end = at;
    while (end < text.size()) {
      const DecodedChar c = DecodeUtf8(text, end);
      if (!run_.Contains(c.code_point)) break;
      last = end;
      end += c.n_bytes;
    }
    // Up to the end of the text, or all but the last character of the run.
    *match = {at, end == text.size() ? end : last};
    return match->end > at || Run(after_, text, at, RE2::ANCHOR_START, match);
  }

  Compiled
      anywhere_;  // the whole pattern; with a trailing run, an expression that begins where the pattern can
  Compiled before_, after_, others_;  // with a trailing run: alternatives before it, after it, both
  bool trailing_ = false;
  CodePointSet run_;
};

Re2Matcher::~Re2Matcher() = default;

std::shared_ptr<const Re2Matcher> Re2Matcher::Create(const Regex& regex) {
  std::optional<TrailingRun> trailing;
  if (!IsRegular(regex.root)) {
    trailing = FindTrailingRun(regex.root);
    if (!trailing.has_value()) return nullptr;
  }
  std::shared_ptr<Re2Matcher> matcher(new Re2Matcher);
  matcher->matches_everywhere_ = MatchesEverywhere(regex.root);
  matcher->program_ = Re2Program::Create(regex.root, trailing, InvalidBytes::kAbsent);
  matcher->program_for_stand_ins_ = Re2Program::Create(regex.root, trailing, InvalidBytes::kStandIns);
  if (matcher->program_ == nullptr || matcher->program_for_stand_ins_ == nullptr) return nullptr;
  if (matcher->program_->SameAs(*matcher->program_for_stand_ins_)) {
    matcher->program_for_stand_ins_ = matcher->program_;  // one set of cached states serves both
  }
  return matcher;
}

bool Re2Matcher::Find(std::string_view text, size_t from, MatchRange* match) const {
  return program_->Find(text, from, matches_everywhere_, match);
}

absl::Status Re2Matcher::FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                                      std::vector<MatchRange>* matches, std::vector<size_t>* ends) const {
  matches->clear();
  ends->clear();
  const StandInText stand_ins(text);
  const Re2Program& program = stand_ins.needed() ? *program_for_stand_ins_ : *program_;
  for (const MatchRange& piece : pieces) {
    const size_t begin = stand_ins.FromOriginal(piece.begin), end = stand_ins.FromOriginal(piece.end);
    const std::string_view view = stand_ins.text().substr(begin, end - begin);
    size_t last_end = std::string_view::npos;
    for (size_t from = 0; from <= view.size();) {
      MatchRange match;
      if (!program.Find(view, from, matches_everywhere_, &match)) break;
      if (match.begin == match.end && match.end == last_end) {
        from += from < view.size() ? DecodeUtf8(view, from).n_bytes : 1;
        continue;
      }
      from = last_end = match.end;
      matches->push_back(
          {stand_ins.ToOriginal(begin + match.begin), stand_ins.ToOriginal(begin + match.end)});
    }
    ends->push_back(matches->size());
  }
  return absl::OkStatus();
}

}  // namespace tok
