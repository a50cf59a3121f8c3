// SentencePiece BPE: the normalized text as a whole, any two neighbours that form a piece, highest score first.
//
// User-defined symbols are cut out first and take no part. A merge may form a piece marked unused; such pieces are
// split again at the end, the way SentencePiece remembers it: by the last pair that it considered for that string.
// Source: SentencePiece 0.2.3. Cost: O(n log n); text is cut where no piece can cross, so that the usual run is a word.
#include <queue>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/base/status_macros.h"
#include "src/model/bpe/byte_joins.h"
#include "src/model/bpe/direct_bpe.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/sentencepiece_merges.h"
#include "src/model/piece_model.h"
#include "src/model/sentencepiece_output.h"
#include "src/normalize/sentencepiece_normalizer.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr TokenId kFrozen = 0x80000000u;  // marks the symbol of a user-defined piece: it has no rules
constexpr uint32_t kNone = 0xFFFFFFFFu;
// Unused pieces within unused pieces, as deep as SentencePiece follows them.
constexpr int kMaxSplitDepth = 100;

struct Split {
  TokenId left, right;
  uint32_t n_left;  // bytes
};

struct BpeScratch : public DirectBpe::Scratch {
  std::vector<PieceToken> ranges;  // symbols with where they are
  // Only for vocabularies with unused pieces:
  std::vector<uint32_t> previous, next;
  absl::flat_hash_map<TokenId, Split> splits;
};

class SentencePieceBpeModel : public PieceModel {
 public:
  SentencePieceBpeModel(const Vocabulary& vocabulary, SentencePieceIds ids, SentencePieceMerges merges,
                        ByteTrie user_defined)
      : vocabulary_(vocabulary),
        ids_(ids),
        merges_(std::move(merges)),
        user_defined_(std::move(user_defined)) {
    for (TokenId id = 0; id < vocabulary_.size(); ++id)
      has_unused_ |= vocabulary_.Kind(id) == TokenKind::kUnused;
  }

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<BpeScratch>(); }
  std::string Name() const override { return "SentencePiece BPE, pair table"; }

  // Not where what becomes of a symbol depends on others: unused pieces, user-defined symbols, unknown characters that
  // become one.
  std::optional<DirectModel> MakeDirect(std::string_view blank) const override {
    if (has_unused_ || !user_defined_.empty() || !ids_.byte_fallback()) return std::nullopt;
    DirectBpe::Parts parts = {.characters = merges_.symbols(),
                              .n_ids = static_cast<TokenId>(vocabulary_.size()),
                              .untold = merges_.characters(),
                              .merges = merges_.table(),
                              .joins = JoinFilter::Build(vocabulary_),
                              .byte_ids = {}};
    for (unsigned byte = 0; byte < 256; ++byte) {
      parts.byte_ids[byte] = ids_.byte(static_cast<unsigned char>(byte));
    }
    const ByteJoins joins = ByteJoins::Build(merges_.table(), vocabulary_, merges_.characters(), blank);
    return DirectModel{joins.Cuts(), std::make_unique<const DirectBpe>(std::move(parts), blank)};
  }

  absl::Status Encode(std::string_view text, PieceScratch* piece_scratch,
                      std::vector<PieceToken>* tokens) const override {
    auto* scratch = static_cast<BpeScratch*>(piece_scratch);
    SentencePieceOutput output(ids_, text, tokens);
    scratch->ranges.clear();
    TokenId last = kNoToken;
    for (size_t position = 0; position < text.size();) {
      const PieceToken symbol = NextSymbol(text, position);
      const bool cut = !has_unused_ && !scratch->ranges.empty() && !merges_.MayJoin(last, symbol.id);
      if (cut) FinishRun(text, scratch, &output);
      scratch->ranges.push_back(symbol);
      last = symbol.id;
      position = symbol.end;
    }
    FinishRun(text, scratch, &output);
    return absl::OkStatus();
  }

 private:
  PieceToken NextSymbol(std::string_view text, size_t position) const {
    const auto begin = static_cast<uint32_t>(position);
    if (!user_defined_.empty()) {
      const auto match = user_defined_.LongestPrefix(text.substr(position), kMaxUserDefinedMatches);
      if (match.n_bytes > 0)
        return {match.value | kFrozen, begin, static_cast<uint32_t>(position + match.n_bytes)};
    }
    const auto end = static_cast<uint32_t>(position + SentencePieceCharLength(text, position));
    const DecodedChar c = DecodeUtf8(text, position);
    return {c.code_point == kInvalidByte ? merges_.Other() : merges_.SymbolOf(c.code_point), begin, end};
  }

  void FinishRun(std::string_view text, BpeScratch* scratch, SentencePieceOutput* output) const {
    if (has_unused_) {
      MergeAndRemember(scratch);
    } else {
      MergeSymbols(merges_.table(), &scratch->ranges, &scratch->merge);
    }
    for (const PieceToken& symbol : scratch->ranges) {
      if (symbol.id & kFrozen) {
        output->Known(symbol.id & ~kFrozen, symbol.begin, symbol.end);
      } else if (symbol.id >= merges_.first_character_symbol()) {
        output->Unknown(symbol.begin, symbol.end);
      } else if (vocabulary_.Kind(symbol.id) != TokenKind::kUnused) {
        output->Known(symbol.id, symbol.begin, symbol.end);
      } else {
        WriteUnused(text, symbol, scratch->splits, output);
      }
    }
    scratch->ranges.clear();
  }

  // MergeSymbols, but every pair considered for an unused piece overwrites scratch->splits for it. Pairs are considered
  // in SentencePiece's order: all neighbours from the left; after a merge the pair before it, then the one behind.
  void MergeAndRemember(BpeScratch* scratch) const {
    std::vector<PieceToken>& s = scratch->ranges;
    std::vector<uint32_t>&previous = scratch->previous, &next = scratch->next;
    previous.resize(s.size());
    next.resize(s.size());
    scratch->splits.clear();
    std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<>> agenda;
    const auto consider = [&](uint32_t left, uint32_t right) {
      if (left == kNone || right == kNone) return;
      const MergeRule& rule = merges_.table().Find(s[left].id, s[right].id);
      if (rule.rank == kNoRank) return;
      agenda.push(uint64_t{rule.rank} << 32 | left);
      if (vocabulary_.Kind(rule.merged) == TokenKind::kUnused) {
        scratch->splits[rule.merged] = {s[left].id, s[right].id, s[left].end - s[left].begin};
      }
    };
    const auto n = static_cast<uint32_t>(s.size());
    for (uint32_t i = 0; i < n; ++i) {
      previous[i] = i == 0 ? kNone : i - 1;
      next[i] = i + 1 == n ? kNone : i + 1;
    }
    for (uint32_t i = 0; i + 1 < n; ++i) consider(i, i + 1);
    while (!agenda.empty()) {
      const auto left = static_cast<uint32_t>(agenda.top());
      const auto rank = static_cast<uint32_t>(agenda.top() >> 32);
      agenda.pop();
      const uint32_t right = next[left];
      if (right == kNone || right == left) continue;  // at the end, or merged away
      const MergeRule& rule = merges_.table().Find(s[left].id, s[right].id);
      if (rule.rank != rank) continue;  // a neighbour has changed since
      s[left] = {rule.merged, s[left].begin, s[right].end};
      next[left] = next[right];
      next[right] = right;
      if (next[left] != kNone) previous[next[left]] = left;
      consider(previous[left], left);
      consider(left, next[left]);
    }
    size_t n_left = 0;
    for (uint32_t i = n == 0 ? kNone : 0; i != kNone; i = next[i]) s[n_left++] = s[i];
    s.resize(n_left);
  }

  void WriteUnused(std::string_view text, const PieceToken& symbol,
                   const absl::flat_hash_map<TokenId, Split>& splits, SentencePieceOutput* output) const {
    struct Part {
      PieceToken symbol;
      int depth;
    };
    std::vector<Part> parts = {{symbol, 0}};
    while (!parts.empty()) {
      const auto [part, depth] = parts.back();
      parts.pop_back();
      const bool is_piece = part.id < merges_.first_character_symbol();
      if (depth > kMaxSplitDepth) {
        WriteAsSpelled(text, part, output);
      } else if (!is_piece) {
        output->Unknown(part.begin, part.end);
      } else if (vocabulary_.Kind(part.id) != TokenKind::kUnused) {
        output->Known(part.id, part.begin, part.end);
      } else if (const auto split = splits.find(part.id); split == splits.end()) {
        output->Unknown(part.begin, part.end);
      } else {
        const uint32_t middle = part.begin + split->second.n_left;
        parts.push_back({{split->second.right, middle, part.end}, depth + 1});
        parts.push_back({{split->second.left, part.begin, middle}, depth + 1});
      }
    }
  }

  // Below the depth limit SentencePiece takes whatever token is spelled so, even a control piece.
  void WriteAsSpelled(std::string_view text, const PieceToken& part, SentencePieceOutput* output) const {
    const TokenId id = vocabulary_.Find(text.substr(part.begin, part.end - part.begin));
    if (id == kNoToken || vocabulary_.Kind(id) == TokenKind::kUnknown) {
      output->Unknown(part.begin, part.end);
    } else {
      output->Known(id, part.begin, part.end);
    }
  }

  const Vocabulary vocabulary_;
  const SentencePieceIds ids_;
  const SentencePieceMerges merges_;
  const ByteTrie user_defined_;
  bool has_unused_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSentencePieceBpeModel(const BpeModelSpec& spec,
                                                                            const Vocabulary& vocabulary) {
  TOK_ASSIGN_OR_RETURN(const SentencePieceIds ids, SentencePieceIds::Create(vocabulary, spec.byte_fallback));
  TOK_ASSIGN_OR_RETURN(SentencePieceMerges merges, SentencePieceMerges::Build(vocabulary));
  TOK_ASSIGN_OR_RETURN(ByteTrie user_defined, MakeUserDefinedTrie(vocabulary));
  return std::make_unique<const SentencePieceBpeModel>(vocabulary, ids, std::move(merges),
                                                       std::move(user_defined));
}

}  // namespace tok
