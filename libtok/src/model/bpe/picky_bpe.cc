#include "src/model/bpe/picky_bpe.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/model/bpe/concat_hash.h"

namespace tok {
namespace {

constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();
constexpr uint32_t kNowhere = std::numeric_limits<uint32_t>::max();

uint64_t KeyOf(TokenId left, TokenId right) { return uint64_t{left} << 32 | right; }

absl::Status BadEvent(size_t event, std::string_view fact) {
  return MakeError(ErrorCode::kBadMerges, Concat("event ", event), fact, "train the tokenizer again");
}

}  // namespace

absl::StatusOr<std::unique_ptr<const PickyBpe>> PickyBpe::Create(const PickyBpeModelSpec& spec,
                                                                 const Vocabulary& vocabulary) {
  std::unique_ptr<PickyBpe> model(new PickyBpe);
  if (!FindByteIds(vocabulary, &model->byte_ids_)) {
    return MakeError(ErrorCode::kBadVocabulary, "PickyBPE", "does not hold all 256 single bytes");
  }
  model->events_ = spec.events;
  TOK_RETURN_IF_ERROR(model->CheckEvents(vocabulary));
  TOK_RETURN_IF_ERROR(model->CheckWork(vocabulary));
  model->IndexEvents();
  return model;
}

// Also learns how long tokens are: what an event makes is as long as what it takes, so that places always fit.
absl::Status PickyBpe::CheckEvents(const Vocabulary& vocabulary) {
  const TokenId n_final = static_cast<TokenId>(vocabulary.size());
  for (TokenId id = 0; id < n_final; ++id) {
    lengths_.push_back(static_cast<uint32_t>(vocabulary.Bytes(id).size()));
  }
  std::vector<bool> is_in_text;  // deleted tokens
  for (size_t i = 0; i < events_.size(); ++i) {
    const Event& event = events_[i];
    for (const TokenId id : {event.token, event.left, event.right}) {
      if (id >= n_final + events_.size()) return BadEvent(i, Concat("has id ", id, ", of no token"));
      if (id >= lengths_.size()) lengths_.resize(size_t{id} + 1);
    }
    is_in_text.resize(lengths_.size() - n_final);
    const uint64_t left = lengths_[event.left], right = lengths_[event.right];
    const bool is_merge = event.kind == Event::Kind::kMerge;
    uint32_t& length = lengths_[event.token];
    // What is deleted is part of something longer that is not.
    const bool is_new = is_merge && event.token >= n_final && length == 0;
    if (is_new && left + right < vocabulary.max_token_bytes()) {
      length = static_cast<uint32_t>(left + right);
    }
    if (left == 0 || right == 0 || length != left + right) {
      return BadEvent(i, "is about tokens that are not each other's parts");
    }
    if (event.token >= n_final) is_in_text[event.token - n_final] = is_merge;
    n_splits_ += is_merge ? 0 : 1;
  }
  if (std::find(is_in_text.begin(), is_in_text.end(), true) == is_in_text.end()) return absl::OkStatus();
  return BadEvent(events_.size(), "is missing: a deleted token would stay in text");
}

// Hashes are those of the text that a token stands for, whatever a forged file says, and tokens of equal ones are refused: so
// there is one token, split so often at most, for each string.
absl::Status PickyBpe::CheckWork(const Vocabulary& vocabulary) const {
  std::vector<ConcatHash> hashes(lengths_.size());
  std::vector<uint32_t> n_splits(lengths_.size());
  for (TokenId id = 0; id < vocabulary.size(); ++id) hashes[id] = ConcatHash(vocabulary.Bytes(id));
  absl::flat_hash_map<uint64_t, TokenId> made;
  for (size_t i = 0; i < events_.size(); ++i) {
    const Event& event = events_[i];
    const ConcatHash whole = hashes[event.left] + hashes[event.right];
    ConcatHash& hash = hashes[event.token];
    if (hash == ConcatHash()) hash = whole;  // deleted, and made here first
    if (hash != whole) return BadEvent(i, "is about tokens that are not each other's parts");
    if (made.try_emplace(hash.value(), event.token).first->second != event.token) {
      return BadEvent(i, "makes a second token of the same bytes");
    }
    if (event.kind == Event::Kind::kSplit && ++n_splits[event.token] > kMaxPickySplits) {
      return BadEvent(i, Concat("splits a token for the ", n_splits[event.token], "th time; at most ",
                                kMaxPickySplits, " times is allowed"));
    }
  }
  return absl::OkStatus();
}

void PickyBpe::IndexEvents() {
  std::vector<uint32_t> order(events_.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](uint32_t i) {
    const Event& event = events_[i];
    const bool is_split = event.kind == Event::Kind::kSplit;
    return std::pair(is_split, is_split ? uint64_t{event.token} : KeyOf(event.left, event.right));
  };
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
  splits_of_.resize(lengths_.size());
  for (uint32_t i = 0; i < order.size(); ++i) {
    const auto [is_split, what] = key(order[i]);
    Times& times = is_split ? splits_of_[what] : merges_of_[what];
    if (times.end == 0) times.begin = i;
    times.end = i + 1;
  }
  times_ = std::move(order);
}

uint32_t PickyBpe::NextTime(const Times& times, uint32_t from) const {
  const auto begin = times_.begin() + times.begin, end = times_.begin() + times.end;
  const auto next = std::lower_bound(begin, end, from);
  return next == end ? kNever : *next;
}

// What happens next to the token at `place`, and to it and the one behind.
void PickyBpe::Plan(uint32_t place, uint32_t n_bytes, uint32_t from, Scratch* scratch) const {
  const auto plan = [&](uint32_t time) {
    if (time == kNever) return;
    scratch->agenda.push_back(uint64_t{time} << 32 | place);
    std::push_heap(scratch->agenda.begin(), scratch->agenda.end(), std::greater<>());
  };
  const TokenId token = scratch->tokens[place];
  plan(NextTime(splits_of_[token], from));
  const uint32_t next = EndOf(*scratch, place);
  if (next == n_bytes) return;
  const auto found = merges_of_.find(KeyOf(token, scratch->tokens[next]));
  if (found != merges_of_.end()) plan(NextTime(found->second, from));
}

void PickyBpe::Run(std::string_view piece, Scratch* scratch) const {
  const auto n_bytes = static_cast<uint32_t>(piece.size());
  std::vector<TokenId>& tokens = scratch->tokens;
  std::vector<uint32_t>& previous = scratch->previous;
  std::vector<uint64_t>& agenda = scratch->agenda;
  tokens.resize(n_bytes);
  previous.resize(n_bytes);
  for (uint32_t i = 0; i < n_bytes; ++i) {
    tokens[i] = byte_ids_[static_cast<unsigned char>(piece[i])];
    previous[i] = i == 0 ? kNowhere : i - 1;
  }
  for (uint32_t i = 0; i < n_bytes; ++i) Plan(i, n_bytes, 0, scratch);
  while (!agenda.empty()) {
    std::pop_heap(agenda.begin(), agenda.end(), std::greater<>());
    const auto time = static_cast<uint32_t>(agenda.back() >> 32),
               place = static_cast<uint32_t>(agenda.back());
    agenda.pop_back();
    const Event& event = events_[time];
    if (event.kind == Event::Kind::kMerge) {
      // What was planned may have been overtaken by what happened beside it.
      if (tokens[place] != event.left) continue;
      const uint32_t next = EndOf(*scratch, place);
      if (next == n_bytes || tokens[next] != event.right) continue;
      tokens[next] = kNoToken;
      tokens[place] = event.token;
    } else {
      if (tokens[place] != event.token) continue;
      tokens[place] = event.left;
      const uint32_t middle = EndOf(*scratch, place);
      tokens[middle] = event.right;
      previous[middle] = place;
    }
    const uint32_t end = place + lengths_[event.token];
    const uint32_t last = event.kind == Event::Kind::kMerge ? place : EndOf(*scratch, place);
    if (end < n_bytes) previous[end] = last;
    if (place > 0) Plan(previous[place], n_bytes, time + 1, scratch);
    Plan(place, n_bytes, time + 1, scratch);
    if (last != place) Plan(last, n_bytes, time + 1, scratch);
  }
}

void PickyBpe::EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch,
                           std::vector<TokenId>* ids, std::span<uint32_t> ends) const {
  auto* scratch = static_cast<Scratch*>(piece_scratch);
  for (size_t i = 0; i < pieces.size(); ++i) {
    Run(pieces[i].bytes, scratch);
    for (const TokenId token : scratch->tokens) {
      if (token != kNoToken) ids->push_back(token);
    }
    ends[i] = static_cast<uint32_t>(ids->size());
  }
}

absl::Status PickyBpe::Encode(std::string_view piece, PieceScratch* piece_scratch,
                              std::vector<PieceToken>* tokens) const {
  auto* scratch = static_cast<Scratch*>(piece_scratch);
  Run(piece, scratch);
  for (uint32_t begin = 0; begin < piece.size(); begin = EndOf(*scratch, begin)) {
    tokens->push_back({scratch->tokens[begin], begin, EndOf(*scratch, begin)});
  }
  return absl::OkStatus();
}

std::string PickyBpe::Name() const {
  return Concat("byte-level PickyBPE, ", events_.size() - n_splits_, " merges, ", n_splits_, " splits");
}

absl::StatusOr<std::unique_ptr<const PieceModel>> MakePickyBpeModel(const PickyBpeModelSpec& spec,
                                                                    const Vocabulary& vocabulary,
                                                                    VocabularyAlphabet alphabet) {
  if (alphabet != VocabularyAlphabet::kBytes) {
    return MakeError(ErrorCode::kBadVocabulary, "PickyBPE", "is not byte-level");
  }
  return PickyBpe::Create(spec, vocabulary);
}

}  // namespace tok
