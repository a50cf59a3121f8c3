#include "src/split/regex_rewrite.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace tok {
namespace {

using Kind = RegexNode::Kind;
using Greed = RegexNode::Greed;

CodePointSet Everything() { return CodePointSet::Of(0, kInvalidByte); }

// Matches at every position, if only the empty string, and so never sends the engine back.
bool AlwaysMatches(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kEmpty: return true;
    case Kind::kRepeat: return node.min == 0 || AlwaysMatches(node.children[0]);
    case Kind::kConcat: return std::all_of(node.children.begin(), node.children.end(), AlwaysMatches);
    case Kind::kAlternate: return std::any_of(node.children.begin(), node.children.end(), AlwaysMatches);
    case Kind::kAtomic: return AlwaysMatches(node.children[0]);
    default: return false;
  }
}

bool MayBeEmpty(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kSet: return false;
    case Kind::kRepeat: return node.min == 0 || MayBeEmpty(node.children[0]);
    case Kind::kConcat: return std::all_of(node.children.begin(), node.children.end(), MayBeEmpty);
    case Kind::kAlternate: return std::any_of(node.children.begin(), node.children.end(), MayBeEmpty);
    case Kind::kAtomic: return MayBeEmpty(node.children[0]);
    default: return true;
  }
}

// What is known of the character after a position where something matches: it is in `next`, unless `anything` (then
// there may be any character or none).
struct NextChar {
  CodePointSet next;
  bool anything = false;
};

NextChar NextOf(const RegexNode& node);

NextChar NextOfSequence(std::span<const RegexNode* const> sequence) {
  NextChar result;
  for (const RegexNode* node : sequence) {
    NextChar head = NextOf(*node);
    result.next = result.next.Union(head.next);
    if (!head.anything) return result;
    if (!MayBeEmpty(*node)) break;  // what comes after it says nothing about the next character
  }
  result.anything = true;
  return result;
}

NextChar NextOf(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kSet: return {node.set, false};
    case Kind::kRepeat: {
      NextChar body = NextOf(node.children[0]);
      if (node.min == 0) body.anything = true;
      return body;
    }
    case Kind::kAtomic: return NextOf(node.children[0]);
    case Kind::kConcat: {
      std::vector<const RegexNode*> sequence;
      for (const RegexNode& child : node.children) sequence.push_back(&child);
      return NextOfSequence(sequence);
    }
    case Kind::kAlternate: {
      NextChar result;
      for (const RegexNode& child : node.children) {
        NextChar one = NextOf(child);
        result.next = result.next.Union(one.next);
        result.anything |= one.anything;
      }
      return result;
    }
    case Kind::kAssert:
      // At the end of the text there is no next character; before a newline it is one.
      if (node.assertion == Assertion::kTextEnd) return {};
      if (node.assertion == Assertion::kLineEnd) return {CodePointSet::Of('\n', '\n'), false};
      return {{}, true};
    default: return {{}, true};
  }
}

// What follows child i of a sequence that `rest` follows, up to the first node that surely takes a character: nothing
// beyond it matters to Relax.
std::vector<const RegexNode*> After(const RegexNode& sequence, size_t i,
                                    const std::vector<const RegexNode*>& rest) {
  std::vector<const RegexNode*> after;
  for (size_t j = i + 1; j < sequence.children.size(); ++j) {
    after.push_back(&sequence.children[j]);
    if (sequence.children[j].kind == Kind::kSet) return after;
  }
  after.insert(after.end(), rest.begin(), rest.end());
  return after;
}

// Rewrites `node`, which `rest` follows up to the end of the whole pattern; `known` is false where what follows is not
// known (inside repetitions and look-arounds).
void Relax(RegexNode* node, const std::vector<const RegexNode*>& rest, bool known) {
  switch (node->kind) {
    case Kind::kConcat:
      for (size_t i = node->children.size(); i-- > 0;) {
        if (node->children[i].kind != Kind::kSet) Relax(&node->children[i], After(*node, i, rest), known);
      }
      return;
    case Kind::kAlternate:
      for (RegexNode& child : node->children) Relax(&child, rest, known);
      return;
    case Kind::kLook: Relax(&node->children[0], {}, !node->behind); return;
    case Kind::kAtomic:
      Relax(&node->children[0], {}, true);
      if (known &&
          std::all_of(rest.begin(), rest.end(), [](const RegexNode* r) { return AlwaysMatches(*r); })) {
        RegexNode body = std::move(node->children[0]);
        *node = std::move(body);
      }
      return;
    case Kind::kRepeat: break;
    default: return;
  }
  Relax(&node->children[0], rest, known && node->max <= 1);
  if (node->greed != Greed::kPossessive || !known) return;
  // Nothing ever fails after it, so it is never backtracked into.
  if (std::all_of(rest.begin(), rest.end(), [](const RegexNode* r) { return AlwaysMatches(*r); })) {
    node->greed = Greed::kGreedy;
    return;
  }
  // Giving a character back would leave one of its class next, where the rest cannot match.
  if (node->children[0].kind != Kind::kSet) return;
  const NextChar next = NextOfSequence(rest);
  if (!next.anything && next.next.Intersection(node->children[0].set).empty()) node->greed = Greed::kGreedy;
}

// Characters c such that `node`, at a position before c, matches whatever follows. `node` must be regular.
CodePointSet SureFirst(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kSet: return node.set;
    case Kind::kRepeat:
      if (AlwaysMatches(node)) return Everything();
      return node.min <= 1 ? SureFirst(node.children[0]) : CodePointSet();
    case Kind::kAlternate: {
      CodePointSet result;
      for (const RegexNode& child : node.children) result = result.Union(SureFirst(child));
      return result;
    }
    case Kind::kConcat: {
      // Optional parts may match nothing; the one part that must match something decides.
      const RegexNode* needed = nullptr;
      for (const RegexNode& child : node.children) {
        if (AlwaysMatches(child)) continue;
        if (needed != nullptr) return {};
        needed = &child;
      }
      return needed == nullptr ? Everything() : SureFirst(*needed);
    }
    case Kind::kEmpty: return Everything();
    default: return {};
  }
}

RegexNode AlternateOf(std::span<const RegexNode> nodes) {
  if (nodes.size() == 1) return nodes[0];
  return RegexNode::Of(Kind::kAlternate, std::vector<RegexNode>(nodes.begin(), nodes.end()));
}

// X+(?!Y), Y the complement of X: returns X.
std::optional<CodePointSet> TrailingRunClass(const RegexNode& node) {
  if (node.kind != Kind::kConcat || node.children.size() != 2) return std::nullopt;
  const RegexNode &run = node.children[0], &look = node.children[1];
  if (run.kind != Kind::kRepeat || run.min != 1 || run.max != kUnboundedRepeat ||
      run.greed != Greed::kGreedy || run.children[0].kind != Kind::kSet) {
    return std::nullopt;
  }
  if (look.kind != Kind::kLook || look.behind || !look.negative || look.children[0].kind != Kind::kSet) {
    return std::nullopt;
  }
  const CodePointSet& characters = run.children[0].set;
  if (look.children[0].set != characters.Complement() || characters.Contains(kInvalidByte))
    return std::nullopt;
  return characters;
}

}  // namespace

void RelaxPossessive(RegexNode* root) { Relax(root, {}, true); }

bool IsRegular(const RegexNode& root) {
  switch (root.kind) {
    case Kind::kLook:
    case Kind::kAtomic: return false;
    case Kind::kAssert:
      return root.assertion == Assertion::kTextBegin || root.assertion == Assertion::kTextEnd ||
             root.assertion == Assertion::kLineBegin || root.assertion == Assertion::kLineEnd;
    case Kind::kRepeat:
      if (root.greed == Greed::kPossessive || (root.max > 1 && MayBeEmpty(root.children[0]))) return false;
      return IsRegular(root.children[0]);
    default: return std::all_of(root.children.begin(), root.children.end(), IsRegular);
  }
}

bool MatchesEverywhere(const RegexNode& root) {
  std::vector<const RegexNode*> alternatives = {&root};
  if (root.kind == Kind::kAlternate) {
    alternatives.clear();
    for (const RegexNode& child : root.children) alternatives.push_back(&child);
  }
  CodePointSet sure;
  for (const RegexNode* alternative : alternatives) {
    if (MayBeEmpty(*alternative)) return false;
    if (IsRegular(*alternative)) sure = sure.Union(SureFirst(*alternative));
  }
  return sure.IsUniverse();
}

std::optional<TrailingRun> FindTrailingRun(const RegexNode& root) {
  if (root.kind != Kind::kAlternate) return std::nullopt;
  const std::span<const RegexNode> alternatives(root.children);
  for (size_t i = 0; i < alternatives.size(); ++i) {
    std::optional<CodePointSet> run = TrailingRunClass(alternatives[i]);
    if (!run.has_value()) continue;
    TrailingRun result;
    result.run = std::move(*run);
    if (i > 0) result.before = AlternateOf(alternatives.subspan(0, i));
    if (i + 1 < alternatives.size()) result.after = AlternateOf(alternatives.subspan(i + 1));
    for (const std::optional<RegexNode>* part : {&result.before, &result.after}) {
      if (part->has_value() && !IsRegular(**part)) return std::nullopt;
    }
    return result;
  }
  return std::nullopt;
}

}  // namespace tok
