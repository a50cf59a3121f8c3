// split/regex_ast.h: a regular expression as a tree, free of dialect: what the parser makes and the printers print.
//
// Model: every class is an explicit set of characters, with case-insensitivity already folded in; every assertion
// names one meaning. Depth is at most kMaxRegexDepth, so walking the tree by recursion is safe.
// Threads: a plain value.
#ifndef TOK_SRC_SPLIT_REGEX_AST_H_
#define TOK_SRC_SPLIT_REGEX_AST_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/split/code_point_set.h"

namespace tok {

inline constexpr int kMaxRegexDepth = 64;
inline constexpr uint32_t kUnboundedRepeat = 0xFFFFFFFF;

// Which engine's syntax and meanings a pattern was written for.
enum class RegexDialect : uint8_t {
  kOniguruma,  // Hugging Face
  kRust,       // fancy-regex over the regex crate: tiktoken, tekken
};

enum class Assertion : uint8_t {
  kTextBegin,           // \A
  kTextEnd,             // \z
  kBeforeFinalNewline,  // Oniguruma's \Z: at the end or before a newline that ends the text
  kLineBegin,           // (?m)^: at the start or after any newline
  kLineBeginNotAtEnd,   // Oniguruma's ^: the same, but not after a newline that ends the text
  kLineEnd,             // (?m)$ and Oniguruma's $: at the end or before any newline
  kWordBoundary,
  kNotWordBoundary,
};

struct RegexNode {
  enum class Kind : uint8_t {
    kEmpty,
    kSet,  // one character of `set`
    kConcat,
    kAlternate,  // first child that leads to a match wins
    kRepeat,     // children[0] `min` to `max` times
    kAtomic,     // children[0], never backtracked into
    kLook,       // children[0] ahead or behind, negated or not
    kAssert,
  };
  enum class Greed : uint8_t { kGreedy, kLazy, kPossessive };

  Kind kind = Kind::kEmpty;
  CodePointSet set;
  std::vector<RegexNode> children;
  uint32_t min = 0, max = 0;
  Greed greed = Greed::kGreedy;
  bool behind = false, negative = false;
  Assertion assertion = Assertion::kTextBegin;

  static RegexNode Set(CodePointSet characters) {
    RegexNode node;
    node.kind = Kind::kSet;
    node.set = std::move(characters);
    return node;
  }
  static RegexNode Of(Kind kind, std::vector<RegexNode> children) {
    RegexNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
  }
};

struct Regex {
  RegexNode root;
  CodePointSet word;  // what \b looks at
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_AST_H_
