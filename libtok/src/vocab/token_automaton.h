// vocab/token_automaton.h: leftmost-longest matching of a set of byte strings in linear time.
//
// Model: a trie whose every node v (a prefix of some string) knows what the search outputs when the text
// leaves the trie at v: with w the bytes spelled by v, Matches(v) = the matches that leftmost-longest search
// finds in w before the longest rest of w that may still begin a match, and failure(v) = the node of that
// rest. Leaving the trie then means: report Matches(v), go on at failure(v), read no byte twice. This is the
// LinMaxMatch automaton with one addition: a byte at which no string begins is skipped.
// An Aho-Corasick automaton with leftmost-longest pruning would have to read bytes again after a match that it
// reported while waiting for a longer one, which is quadratic for { "a", "aaa...ab" } on "aaa...".
// Matches(v) is a rope (a token, or the concatenation of Matches over a path of failure links), so
// construction and memory stay linear in the total length of the strings.
// Source: X. Song, A. Salcianu, Y. Song, D. Dopson, D. Zhou, "Fast WordPiece Tokenization", 2021;
// A. Aho, M. Corasick, "Efficient string matching", 1975.
// Storage: nodes in breadth-first order, so that the children of a node are one run of sorted labels: 25
// bytes a node.
// Threads: immutable; a Scan belongs to one thread.
#ifndef TOK_SRC_VOCAB_TOKEN_AUTOMATON_H_
#define TOK_SRC_VOCAB_TOKEN_AUTOMATON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/vocab/candidate_filter.h"
#include "tok/status.h"

namespace tok {

class TokenAutomaton {
 public:
  struct Match {
    size_t begin, end;
    uint32_t index;  // into the span given to Create
  };

  // `order` lists the strings that take part; among equal strings the one listed last is reported. Empty strings are
  // ignored. Errors: TOK-E030 above 2^31 bytes in all, those of ChosenInstructionSet.
  static absl::StatusOr<std::shared_ptr<const TokenAutomaton>> Create(
      std::span<const std::string_view> strings, std::span<const uint32_t> order);

  size_t n_nodes() const { return nodes_.size(); }

  // The longest string that `text` begins with; false if there is none.
  bool LongestPrefix(std::string_view text, Match* match) const;

  // The matches of one text, in order.
  class Scan {
   public:
    // `automaton` may be null: no matches.
    Scan(const TokenAutomaton* automaton, std::string_view text, size_t from)
        : automaton_(automaton), text_(text), position_(from) {}
    bool Next(Match* match);
    // Trie steps so far, for tests of linearity.
    uint64_t n_steps() const { return n_steps_; }

   private:
    // Matches of the nodes member, failure(member), ... before `stop`; the first begins at `begin`.
    struct Pending {
      uint32_t member, stop;
      size_t begin;
    };
    bool Report(uint32_t rope, size_t begin, Match* match);
    bool Leave(Match* match);
    bool NextPending(Match* match);

    const TokenAutomaton* automaton_;
    std::string_view text_;
    size_t position_;    // bytes before it have been read
    uint32_t node_ = 0;  // spells the bytes right before position_
    uint64_t n_steps_ = 0;
    std::vector<Pending> pending_;
  };

 private:
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNone = 0xFFFFFFFFu;
  static constexpr uint32_t kLabelPadding = 16;  // labels are read sixteen at a time

  // One visit to a node reads one cache line of these and one of labels.
  struct Node {
    uint32_t depth;
    uint32_t token;            // index of the string that ends here, kNone if none does
    uint32_t first_child = 0;  // the children are consecutive nodes
    uint32_t n_children = 0;
    uint32_t failure = kRoot;
    uint32_t rope =
        kNone;  // Matches: kNone (no match), 2 * node (the token of that node), 2 * i + 1 (paths_[i])
  };
  // Matches of the nodes first, failure(first), ... before `stop`.
  struct Path {
    uint32_t first, stop;
  };

  // `sorted` strings without repeats; indices[i] is what a match of sorted[i] reports.
  void BuildTrie(std::span<const std::string_view> sorted, std::span<const uint32_t> indices);
  void BuildFailures();
  void LinkFailure(uint32_t node, uint32_t parent);
  // Child of `node` by `byte`, kNone if there is none.
  uint32_t Child(uint32_t node, uint8_t byte) const;

  std::vector<Node> nodes_;
  std::vector<uint8_t> labels_;  // last byte of each node, then padding
  std::vector<Path> paths_;
  std::array<uint32_t, 256> root_children_;
  CandidateFilter filter_;
};

}  // namespace tok

#endif  // TOK_SRC_VOCAB_TOKEN_AUTOMATON_H_
