// Unigram: the segmentation whose token scores add up to the most (Viterbi, over a trie of the vocabulary).
//
// Two peers, one algorithm: SentencePiece 0.2.3 adds in float, gives user-defined pieces a small score by length and
// shifts sums back to zero when they grow large; Hugging Face 0.23.3 adds in double, takes every token of the
// vocabulary for text (control and byte tokens too), fuses unknown characters and looks the fused string up again; its
// JSON reader rounds scores in its own way. In both a character without a token of its own costs the least score less
// 10, and of equal paths the one found first, that is the one whose last token begins earlier, stays. Sums are made in
// the same order, so that ties fall alike.
// Source: Kudo (2018), "Subword Regularization"; Song et al. (2020) for the linear-memory form.
// Cost: O(n * longest token). Memory: the path is written out as soon as all hypotheses agree on it, at every place
// that no token spans.
#include <algorithm>
#include <limits>
#include <utility>

#include "src/base/byte_trie.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/piece_model.h"
#include "src/model/sentencepiece_output.h"
#include "src/model/unigram/hugging_face_score.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr TokenId kUnknownStep = kNoToken;

// Best path to one place: its score, and its last token.
template <typename Score>
struct Place {
  Score score = 0;
  uint32_t n_bytes = 0;  // of the last token; 0: not reached
  TokenId id = kNoToken;
};

template <typename Score>
struct UnigramScratch : public PieceScratch {
  std::vector<Place<Score>> places;
  std::vector<std::pair<TokenId, uint32_t>> path;  // id and end, last token first
};

struct SentencePieceRules {
  using Score = float;
  using Output = SentencePieceOutput;
  static constexpr Score kMaxSum = 100000.0f;  // sums beyond it are shifted back
  static constexpr std::string_view kName = "unigram, SentencePiece rules";

  SentencePieceIds ids;

  size_t CharLength(std::string_view text, size_t position) const {
    return SentencePieceCharLength(text, position);
  }
  Output MakeOutput(std::string_view text, std::vector<PieceToken>* tokens) const {
    return {ids, text, tokens};
  }
  bool CanSkip() const { return true; }
};

// Unknown steps next to each other, and tokens that are the unknown token, become one string; that is a token if the
// vocabulary has it, else its bytes if all have tokens, else the unknown token.
class HuggingFaceOutput {
 public:
  HuggingFaceOutput(const Vocabulary& vocabulary, TokenId unknown, const std::vector<TokenId>& bytes,
                    std::string_view text, std::vector<PieceToken>* tokens)
      : vocabulary_(vocabulary), unknown_(unknown), bytes_(bytes), text_(text), tokens_(tokens) {}

  void Known(TokenId id, size_t begin, size_t end) {
    if (id == unknown_) return Unknown(begin, end);
    Flush();
    tokens_->push_back({id, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }
  void Unknown(size_t begin, size_t end) {
    if (begin_ == end_) begin_ = begin;
    end_ = end;
  }
  void Flush() {
    if (begin_ == end_) return;
    const std::string_view run = text_.substr(begin_, end_ - begin_);
    const auto begin = static_cast<uint32_t>(begin_), end = static_cast<uint32_t>(end_);
    begin_ = end_;
    const auto byte_token = [&](char byte) { return bytes_[static_cast<unsigned char>(byte)]; };
    if (const TokenId id = vocabulary_.Find(run); id != kNoToken) {
      tokens_->push_back({id, begin, end});
    } else if (!bytes_.empty() &&
               std::all_of(run.begin(), run.end(), [&](char c) { return byte_token(c) != kNoToken; })) {
      for (const char byte : run) tokens_->push_back({byte_token(byte), begin, end});
    } else {
      tokens_->push_back({unknown_, begin, end});
    }
  }

 private:
  const Vocabulary& vocabulary_;
  const TokenId unknown_;
  const std::vector<TokenId>& bytes_;
  const std::string_view text_;
  std::vector<PieceToken>* const tokens_;
  size_t begin_ = 0, end_ = 0;  // the run not yet written
};

struct HuggingFaceRules {
  using Score = double;
  using Output = HuggingFaceOutput;
  static constexpr std::string_view kName = "unigram, Hugging Face rules";

  Vocabulary vocabulary;
  TokenId unknown = kNoToken;
  std::vector<TokenId> bytes;  // by value, where there is byte fallback
  bool chars_are_bytes = false;

  size_t CharLength(std::string_view text, size_t position) const {
    return chars_are_bytes ? 1 : DecodeUtf8(text, position).n_bytes;
  }
  Output MakeOutput(std::string_view text, std::vector<PieceToken>* tokens) const {
    return Output(vocabulary, unknown, bytes, text, tokens);
  }
  bool CanSkip() const { return unknown != kNoToken; }
};

template <typename Rules>
class UnigramModel : public PieceModel {
 public:
  using Score = typename Rules::Score;
  using Scratch = UnigramScratch<Score>;

  UnigramModel(Rules rules, ByteTrie trie, std::vector<Score> scores, Score unknown_score)
      : rules_(std::move(rules)),
        trie_(std::move(trie)),
        scores_(std::move(scores)),
        unknown_score_(unknown_score) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<Scratch>(); }
  std::string Name() const override { return std::string(Rules::kName); }

  absl::Status Encode(std::string_view text, PieceScratch* piece_scratch,
                      std::vector<PieceToken>* tokens) const override {
    auto* scratch = static_cast<Scratch*>(piece_scratch);
    auto& places = scratch->places;
    auto output = rules_.MakeOutput(text, tokens);
    places.assign(1, Place<Score>());
    size_t base = 0;  // places[i] is the place text[base + i]
    for (size_t position = 0; position < text.size();) {
      if (position > base && position - base + 1 == places.size()) {
        WritePath(base, scratch, &output);
        places.assign(1, Place<Score>{places.back().score});
        base = position;
      }
      const size_t n_char = rules_.CharLength(text, position);
      if (!Extend(text, base, position, n_char, &places)) return NoUnknownToken();
      position += n_char;
    }
    WritePath(base, scratch, &output);
    if constexpr (requires { output.Flush(); }) output.Flush();
    return absl::OkStatus();
  }

 private:
  static absl::Status NoUnknownToken() {
    return MakeError(ErrorCode::kUnknownToken, "Unigram model",
                     "a character has no token and there is no unk_id",
                     "use a vocabulary with an unknown token");
  }

  static void Improve(Place<Score>* place, Score score, size_t n_bytes, TokenId id) {
    if (place->n_bytes == 0 || score > place->score) *place = {score, static_cast<uint32_t>(n_bytes), id};
  }

  // Every token that begins at `position` becomes a hypothesis for the place where it ends. False if there is a
  // character that nothing can stand for.
  bool Extend(std::string_view text, size_t base, size_t position, size_t n_char,
              std::vector<Place<Score>>* places) const {
    const size_t from = position - base;
    if constexpr (requires { Rules::kMaxSum; }) ShiftSums(from, places);
    const Score score = (*places)[from].score;
    if (places->size() < from + n_char + 1) places->resize(from + n_char + 1);
    bool has_char = false;
    ByteTrie::State state = trie_.empty() ? ByteTrie::kDead : ByteTrie::kRoot;
    for (size_t end = position; state != ByteTrie::kDead && end < text.size();) {
      state = trie_.Step(state, static_cast<unsigned char>(text[end++]));
      if (state == ByteTrie::kDead) break;
      const uint32_t id = trie_.Value(state);
      if (id == ByteTrie::kNoValue) continue;
      const size_t n_bytes = end - position;
      if (places->size() < from + n_bytes + 1) places->resize(from + n_bytes + 1);
      Improve(&(*places)[from + n_bytes], scores_[id] + score, n_bytes, id);
      has_char |= n_bytes == n_char;
    }
    if (has_char) return true;
    Place<Score>* place = &(*places)[from + n_char];
    if (!rules_.CanSkip() && (place->n_bytes == 0 || unknown_score_ + score > place->score)) return false;
    Improve(place, unknown_score_ + score, n_char, kUnknownStep);
    return true;
  }

  // Floats lose the low digits of large sums; SentencePiece makes them relative to the current place instead.
  static void ShiftSums(size_t from, std::vector<Place<Score>>* places) {
    const Score offset = (*places)[from].score;
    if (!(offset < -Rules::kMaxSum || offset > Rules::kMaxSum)) return;
    for (size_t i = from; i < places->size(); ++i) {
      if (i == from || (*places)[i].n_bytes != 0) (*places)[i].score -= offset;
    }
    (*places)[from].score = 0;
  }

  // Writes the best path from places[0] to the last place.
  static void WritePath(size_t base, Scratch* scratch, typename Rules::Output* output) {
    auto& path = scratch->path;
    path.clear();
    for (size_t end = scratch->places.size() - 1; end > 0; end -= scratch->places[end].n_bytes) {
      path.emplace_back(scratch->places[end].id, static_cast<uint32_t>(end));
    }
    size_t begin = base;
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
      const size_t end = base + step->second;
      if (step->first == kUnknownStep) {
        output->Unknown(begin, end);
      } else {
        output->Known(step->first, begin, end);
      }
      begin = end;
    }
  }

  const Rules rules_;
  const ByteTrie trie_;  // token bytes to id
  const std::vector<Score> scores_;
  const Score unknown_score_;
};

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSentencePieceUnigram(const UnigramModelSpec& spec,
                                                                           const Vocabulary& vocabulary) {
  TOK_ASSIGN_OR_RETURN(SentencePieceIds ids, SentencePieceIds::Create(vocabulary, spec.byte_fallback));
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  std::vector<float> scores(vocabulary.size());
  float min_score = std::numeric_limits<float>::max();
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view bytes = vocabulary.Bytes(id);
    const TokenKind kind = vocabulary.Kind(id);
    scores[id] = static_cast<float>(vocabulary.Score(id));
    if (kind == TokenKind::kNormal) min_score = std::min(min_score, scores[id]);
    if (bytes.empty() || (kind != TokenKind::kNormal && kind != TokenKind::kUserDefined)) continue;
    if (kind == TokenKind::kUserDefined)
      scores[id] = static_cast<float>(0.1 * (static_cast<double>(bytes.size()) - 1));
    keys.emplace_back(bytes, id);
  }
  TOK_ASSIGN_OR_RETURN(ByteTrie trie, ByteTrie::Build(std::move(keys)));
  return std::make_unique<const UnigramModel<SentencePieceRules>>(
      SentencePieceRules{std::move(ids)}, std::move(trie), std::move(scores), min_score - 10.0f);
}

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeHuggingFaceUnigram(const UnigramModelSpec& spec,
                                                                         const Vocabulary& vocabulary,
                                                                         VocabularyAlphabet alphabet) {
  HuggingFaceRules rules;
  rules.vocabulary = vocabulary;
  rules.unknown = spec.unk_id.value_or(kNoToken);
  rules.chars_are_bytes = alphabet == VocabularyAlphabet::kBytes;
  if (spec.unk_id.has_value() && !vocabulary.Contains(*spec.unk_id)) {
    return MakeError(ErrorCode::kBadVocabulary, "model.unk_id", Concat("there is no token ", *spec.unk_id),
                     "correct unk_id");
  }
  if (spec.byte_fallback) {
    if (rules.chars_are_bytes) {
      return MakeError(ErrorCode::kUnsupportedFeature, "model.byte_fallback",
                       "Unigram with byte fallback over byte-level text is not supported",
                       "set byte_fallback to false");
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      rules.bytes.push_back(vocabulary.Find(ByteTokenSpelling(static_cast<unsigned char>(byte))));
    }
  }
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  std::vector<double> scores(vocabulary.size());
  double min_score = std::numeric_limits<double>::infinity();
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const TokenKind kind = vocabulary.Kind(id);
    if (kind == TokenKind::kAbsent || kind == TokenKind::kAdded) continue;
    scores[id] = HuggingFaceScore(vocabulary.Score(id));
    min_score = std::min(min_score, scores[id]);
    if (kind != TokenKind::kLiteral && !vocabulary.Bytes(id).empty())
      keys.emplace_back(vocabulary.Bytes(id), id);
  }
  TOK_ASSIGN_OR_RETURN(ByteTrie trie, ByteTrie::Build(std::move(keys)));
  return std::make_unique<const UnigramModel<HuggingFaceRules>>(std::move(rules), std::move(trie),
                                                                std::move(scores), min_score - 10.0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeUnigramModel(const UnigramModelSpec& spec,
                                                                   const Vocabulary& vocabulary,
                                                                   VocabularyAlphabet alphabet) {
  if (spec.sentencepiece) return MakeSentencePieceUnigram(spec, vocabulary);
  return MakeHuggingFaceUnigram(spec, vocabulary, alphabet);
}

}  // namespace tok
