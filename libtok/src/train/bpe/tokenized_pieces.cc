#include "src/train/bpe/tokenized_pieces.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tok {
namespace {

// A piece that is met again at once is noted once.
void Note(uint32_t piece, std::vector<uint32_t>* pieces) {
  if (pieces->empty() || pieces->back() != piece) pieces->push_back(piece);
}

}  // namespace

absl::StatusOr<TokenizedPieces> TokenizedPieces::Create(const PieceCounts& counts, const Alphabet& alphabet,
                                                        bool splits) {
  TokenizedPieces all(splits);
  if (splits) all.tokens_.resize(alphabet.tokens().size());
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const size_t begin = all.text_.size();
    alphabet.ForEachToken(counts[i].bytes, [&](TokenId token) { all.text_.push_back(token); });
    const size_t n_symbols = all.text_.size() - begin;
    all.n_symbols_ += n_symbols;
    all.n_tokens_ += n_symbols * counts[i].count;
    if (splits) {
      for (size_t s = begin; s < all.text_.size(); ++s) all.tokens_[all.text_[s]].count += counts[i].count;
    }
    if (all.text_.size() > std::numeric_limits<uint32_t>::max()) {
      return MakeError(ErrorCode::kLimit, "training text", "has 2^32 symbols or more in different pieces",
                       "train on a part of the corpus, or with a pattern that cuts it into words");
    }
    if (n_symbols < 2) {
      all.text_.resize(begin);
    } else {
      all.pieces_.push_back(
          {static_cast<uint32_t>(begin), static_cast<uint32_t>(n_symbols), counts[i].count});
    }
  }
  for (uint32_t piece = 0; piece < all.pieces_.size(); ++piece) {
    const std::span<const uint32_t> tokens = all.TokensOf(piece);
    for (size_t i = 0; i + 1 < tokens.size(); ++i) all.Gain(tokens[i], tokens[i + 1], piece);
  }
  return all;
}

void TokenizedPieces::Gain(uint32_t left, uint32_t right, uint32_t piece) {
  const uint64_t key = KeyOf(left, right);
  Pair& pair = pairs_[key];
  if (!std::exchange(pair.has_gained, true)) gained_.push_back(key);
  pair.count += pieces_[piece].count;
  Note(piece, &pair.pieces);
}

void TokenizedPieces::Lose(uint32_t left, uint32_t right, uint32_t piece) {
  Pair& pair = pairs_.find(KeyOf(left, right))->second;
  pair.count -= pieces_[piece].count;
  if (pair.count == 0) pair.pieces = {};
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
      pair.is_vetoed = is_vetoed(static_cast<uint32_t>(key >> 32), static_cast<uint32_t>(key));
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
      return TokenMerge{static_cast<uint32_t>(top.pair >> 32), static_cast<uint32_t>(top.pair), top.count};
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
  const auto found = pairs_.find(KeyOf(left, right));
  if (found == pairs_.end()) return 0;
  if (splits_ && tokens_.size() <= token) tokens_.resize(size_t{token} + 1);
  const std::vector<uint32_t> pieces = std::move(found->second.pieces);
  uint64_t n_merged = 0;
  for (const uint32_t piece : pieces) n_merged += MergeIn(piece, left, right, token);
  pairs_.erase(KeyOf(left, right));
  n_tokens_ -= n_merged;
  if (!splits_) return n_merged;
  tokens_[token].count += n_merged;
  for (const uint32_t part : {left, right}) tokens_[part].count -= n_merged;
  return n_merged;
}

// What was merged is the left neighbour of what comes next.
uint64_t TokenizedPieces::MergeIn(uint32_t piece, uint32_t left, uint32_t right, uint32_t token) {
  const std::span<uint32_t> tokens = std::span(text_).subspan(pieces_[piece].begin, pieces_[piece].n_tokens);
  size_t n = 0;  // written
  for (size_t i = 0; i < tokens.size();) {
    if (i + 1 == tokens.size() || tokens[i] != left || tokens[i + 1] != right) {
      tokens[n++] = tokens[i++];
      continue;
    }
    Lose(left, right, piece);
    if (n > 0) {
      Lose(tokens[n - 1], left, piece);
      Gain(tokens[n - 1], token, piece);
    }
    if (i + 2 < tokens.size()) {
      Lose(right, tokens[i + 2], piece);
      Gain(token, tokens[i + 2], piece);
    }
    tokens[n++] = token;
    i += 2;
  }
  const size_t n_merged = tokens.size() - n;
  if (n_merged == 0) return 0;  // the pair has left the piece since it was noted
  if (splits_) Note(piece, &tokens_[token].pieces);
  pieces_[piece].n_tokens = static_cast<uint32_t>(n);
  return n_merged * pieces_[piece].count;
}

void TokenizedPieces::Split(uint32_t token, uint32_t left, uint32_t right) {
  const std::vector<uint32_t> pieces = std::move(tokens_[token].pieces);
  for (const uint32_t piece : pieces) SplitIn(piece, token, left, right);
  for (const uint32_t part : {left, right}) tokens_[part].count += tokens_[token].count;
  n_tokens_ += tokens_[token].count;
  tokens_[token] = {};
}

void TokenizedPieces::SplitIn(uint32_t piece, uint32_t token, uint32_t left, uint32_t right) {
  const std::span<const uint32_t> tokens = TokensOf(piece);
  split_.clear();
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] != token) {
      split_.push_back(tokens[i]);
      continue;
    }
    const bool has_next = i + 1 < tokens.size(), is_run = has_next && tokens[i + 1] == token;
    if (i > 0) {
      Lose(tokens[i - 1], token, piece);
      Gain(split_.back(), left, piece);
    }
    Gain(left, right, piece);
    // What follows in a run takes care of its left side itself.
    if (has_next && !is_run) {
      Lose(token, tokens[i + 1], piece);
      Gain(right, tokens[i + 1], piece);
    }
    split_.push_back(left);
    split_.push_back(right);
  }
  if (split_.size() == tokens.size()) return;  // the token has left the piece since it was noted
  for (const uint32_t part : {left, right}) Note(piece, &tokens_[part].pieces);
  std::copy(split_.begin(), split_.end(), text_.begin() + pieces_[piece].begin);
  pieces_[piece].n_tokens = static_cast<uint32_t>(split_.size());
}

}  // namespace tok
