#include "src/train/bpe/tokenized_pieces.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/pair_key.h"

namespace tok {
namespace {

constexpr uint32_t kPieceEnd = SymbolText::kPieceEnd;
constexpr uint64_t kMaxPiece = 0x7FFFFFFEu;  // with kInside it is not kPieceEnd
constexpr size_t kPrefetch = 16;             // places ahead

absl::StatusOr<SymbolText> Spell(const PieceCounts& counts, const SpellPiece& spell, uint64_t* n_symbols) {
  std::vector<uint32_t> lengths;
  std::vector<TokenId> tokens;
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    tokens.clear();
    spell(counts[i].bytes, &tokens);
    if (tokens.size() > kMaxPiece) {
      return MakeError(
          ErrorCode::kLimit, "text",
          Concat("has a piece of ", tokens.size(), " symbols; at most ", kMaxPiece, " can be worked on"),
          "use a pattern that cuts it into words");
    }
    lengths.push_back(PieceLength(tokens.size()));
  }
  TOK_ASSIGN_OR_RETURN(SymbolTextBuilder builder,
                       PlanPieces(counts, lengths, /*scratch=*/nullptr, n_symbols));
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] < 2) continue;
    tokens.clear();
    spell(counts[i].bytes, &tokens);
    std::copy(tokens.begin(), tokens.end(), builder.Add(lengths[i], counts[i].count).begin());
  }
  return builder.Finish();
}

// Calls use(place, weight) for each place once, from the left to the right.
template <typename Use>
void ForEachPlace(const SymbolText& text, std::vector<uint32_t> places, const Use& use) {
  if (!std::is_sorted(places.begin(), places.end())) std::sort(places.begin(), places.end());
  SymbolText::WeightCursor weights(text);
  for (size_t i = 0; i < places.size(); ++i) {
    if (i + kPrefetch < places.size()) __builtin_prefetch(text.data() + places[i + kPrefetch], 1);
    if (i == 0 || places[i] != places[i - 1]) use(places[i], weights.At(places[i]));
  }
}

}  // namespace

absl::StatusOr<TokenizedPieces> TokenizedPieces::Create(const PieceCounts& counts, const Alphabet& alphabet,
                                                        bool splits) {
  const SpellPiece spell = [&](std::string_view piece, std::vector<TokenId>* tokens) {
    alphabet.ForEachToken(piece, [&](TokenId token) { tokens->push_back(token); });
  };
  uint64_t n_symbols = 0;
  TOK_ASSIGN_OR_RETURN(SymbolText text, Spell(counts, spell, &n_symbols));
  TokenizedPieces all(std::move(text), splits);
  all.n_symbols_ = n_symbols;
  all.CountSymbols(counts, alphabet);
  all.CountPairs();
  return all;
}

absl::StatusOr<TokenizedPieces> TokenizedPieces::Create(const PieceCounts& counts, const SpellPiece& spell,
                                                        OnChange on_change) {
  uint64_t n_symbols = 0;
  TOK_ASSIGN_OR_RETURN(SymbolText text, Spell(counts, spell, &n_symbols));
  TokenizedPieces all(std::move(text), /*splits=*/false);
  all.n_symbols_ = n_symbols;
  all.on_change_ = std::move(on_change);
  all.CountPairs();
  return all;
}

void TokenizedPieces::CountPairs() {
  SymbolText::WeightCursor weights(text_);
  const uint32_t* const symbols = text_.data();
  for (uint32_t place = 0; place + 1 < text_.size(); ++place) {
    if (symbols[place] == kPieceEnd || symbols[place + 1] == kPieceEnd) continue;
    Gain(symbols[place], symbols[place + 1], {place, weights.At(place)});
  }
}

// Those of pieces of one symbol too, which have no place in the text.
void TokenizedPieces::CountSymbols(const PieceCounts& counts, const Alphabet& alphabet) {
  if (splits_) tokens_.resize(alphabet.tokens().size());
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    alphabet.ForEachToken(counts[i].bytes, [&](TokenId token) {
      n_tokens_ += counts[i].count;
      if (splits_) tokens_[token].count += counts[i].count;
    });
  }
}

uint32_t TokenizedPieces::LengthAt(uint32_t begin) const {
  const uint32_t next = text_.data()[begin + 1];
  return next >= kInside && next != kPieceEnd ? next - kInside : 1;
}

uint32_t TokenizedPieces::BeginBefore(uint32_t begin) const {
  const uint32_t last = text_.data()[begin - 1];
  return last >= kInside ? begin - (last - kInside) : begin - 1;
}

void TokenizedPieces::Write(uint32_t begin, uint32_t token, uint32_t n_symbols) {
  uint32_t* const symbols = text_.data() + begin;
  symbols[0] = token;
  if (n_symbols > 1) symbols[1] = symbols[n_symbols - 1] = kInside + n_symbols;
}

void TokenizedPieces::Gain(uint32_t left, uint32_t right, Place place) {
  const uint64_t key = PairKey(left, right);
  Pair& pair = pairs_[key];
  if (on_change_) {
    on_change_(key, static_cast<int64_t>(place.weight));  // and nobody asks for the best
  } else if (!std::exchange(pair.has_gained, true)) {
    gained_.push_back(key);
  }
  pair.count += place.weight;
  pair.places.push_back(place.begin);
}

void TokenizedPieces::Lose(uint32_t left, uint32_t right, uint64_t weight) {
  const uint64_t key = PairKey(left, right);
  const auto found = pairs_.find(key);
  Pair& pair = found->second;
  pair.count -= weight;
  if (on_change_) on_change_(key, -static_cast<int64_t>(weight));
  if (pair.count > 0) return;
  if (on_change_) {
    pairs_.erase(found);  // else Best does so
  } else {
    pair.places = {};
  }
}

void TokenizedPieces::Queue(uint64_t key, Pair* pair) {
  pair->n_queued = pair->count;
  heap_.push_back({pair->count, key});
  std::push_heap(heap_.begin(), heap_.end());
}

void TokenizedPieces::QueueGained() {
  for (const uint64_t key : gained_) {
    const auto found = pairs_.find(key);
    if (found == pairs_.end()) continue;
    Pair& pair = found->second;
    pair.has_gained = false;
    if (!std::exchange(pair.is_known, true) && is_vetoed) {
      pair.is_vetoed = is_vetoed(LeftOfPair(key), RightOfPair(key));
    }
    if (!pair.is_vetoed && pair.count > pair.n_queued) Queue(key, &pair);
  }
  gained_.clear();
}

std::optional<TokenMerge> TokenizedPieces::Best() {
  QueueGained();
  while (!heap_.empty()) {
    const Queued top = heap_.front();
    const auto found = pairs_.find(top.pair);
    const bool is_current = found != pairs_.end() && found->second.n_queued == top.count;
    if (is_current && found->second.count == top.count) {
      return TokenMerge{LeftOfPair(top.pair), RightOfPair(top.pair), top.count};
    }
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    if (!is_current) continue;
    if (found->second.count == 0) {
      pairs_.erase(found);
    } else {
      Queue(top.pair, &found->second);
    }
  }
  return std::nullopt;
}

uint64_t TokenizedPieces::Merge(uint32_t left, uint32_t right, uint32_t token) {
  const uint64_t key = PairKey(left, right);
  const auto found = pairs_.find(key);
  if (found == pairs_.end()) return 0;
  if (splits_) {
    if (tokens_.size() <= token) tokens_.resize(size_t{token} + 1);
    tokens_[token].n_symbols = tokens_[left].n_symbols + tokens_[right].n_symbols;
  }
  uint64_t n_merged = 0;
  ForEachPlace(text_, std::exchange(found->second.places, {}), [&](uint32_t begin, uint64_t weight) {
    if (MergeAt({begin, weight}, left, right, token)) n_merged += weight;
  });
  if (const auto merged = pairs_.find(key); merged != pairs_.end() && merged->second.count == 0) {
    pairs_.erase(merged);
  }
  n_tokens_ -= n_merged;
  if (!splits_) return n_merged;
  tokens_[token].count += n_merged;
  for (const uint32_t part : {left, right}) tokens_[part].count -= n_merged;
  return n_merged;
}

bool TokenizedPieces::MergeAt(Place place, uint32_t left, uint32_t right, uint32_t token) {
  uint32_t* const symbols = text_.data();
  if (symbols[place.begin] != left) return false;
  const uint32_t middle = place.begin + LengthAt(place.begin);
  if (symbols[middle] != right) return false;
  const uint32_t end = middle + LengthAt(middle);
  Lose(left, right, place.weight);
  if (symbols[place.begin - 1] != kPieceEnd) {
    const uint32_t before = BeginBefore(place.begin);
    Lose(symbols[before], left, place.weight);
    Gain(symbols[before], token, {before, place.weight});
  }
  if (symbols[end] != kPieceEnd) {
    Lose(right, symbols[end], place.weight);
    Gain(token, symbols[end], place);
  }
  symbols[middle] = kInside;  // no token begins there now
  Write(place.begin, token, end - place.begin);
  if (splits_) tokens_[token].places.push_back(place.begin);
  return true;
}

void TokenizedPieces::Split(uint32_t token, uint32_t left, uint32_t right) {
  ForEachPlace(text_, std::exchange(tokens_[token].places, {}), [&](uint32_t begin, uint64_t weight) {
    SplitAt({begin, weight}, token, left, right);
  });
  for (const uint32_t part : {left, right}) tokens_[part].count += tokens_[token].count;
  n_tokens_ += tokens_[token].count;
  tokens_[token].count = 0;
}

void TokenizedPieces::SplitAt(Place place, uint32_t token, uint32_t left, uint32_t right) {
  const uint32_t* const symbols = text_.data();
  if (symbols[place.begin] != token) return;
  const uint32_t middle = place.begin + tokens_[left].n_symbols, end = middle + tokens_[right].n_symbols;
  if (symbols[place.begin - 1] != kPieceEnd) {
    const uint32_t before = BeginBefore(place.begin);
    Lose(symbols[before], token, place.weight);
    Gain(symbols[before], left, {before, place.weight});
  }
  Gain(left, right, place);
  if (symbols[end] != kPieceEnd) {
    Lose(token, symbols[end], place.weight);
    Gain(right, symbols[end], {middle, place.weight});
  }
  Write(place.begin, left, tokens_[left].n_symbols);
  Write(middle, right, tokens_[right].n_symbols);
  if (tokens_[left].n_symbols > 1) tokens_[left].places.push_back(place.begin);
  if (tokens_[right].n_symbols > 1) tokens_[right].places.push_back(middle);
}

}  // namespace tok
