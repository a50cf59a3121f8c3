// WordPiece as Hugging Face runs it: the longest token first, then the longest continuing tokens; a piece that does
// not come out even, or has more than max_input_chars_per_word characters, is one unknown token.
// The greedy search over continuing tokens is leftmost-longest matching without gaps, so the automaton of
// vocab/token_automaton.h does it in linear time however long the piece.
// Source: Y. Wu et al., "Google's Neural Machine Translation System", 2016; X. Song et al., "Fast WordPiece
// Tokenization", 2021.
#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/piece_model.h"
#include "src/vocab/token_automaton.h"

namespace tok {
namespace {

// Strings to match and the ids they stand for.
struct TokenSet {
  std::vector<std::string_view> strings;
  std::vector<TokenId> ids;
  std::shared_ptr<const TokenAutomaton> automaton;

  void Add(std::string_view string, TokenId id) {
    if (string.empty()) return;
    strings.push_back(string);
    ids.push_back(id);
  }
  absl::Status Build() {
    std::vector<uint32_t> order(strings.size());
    std::iota(order.begin(), order.end(), 0u);
    TOK_ASSIGN_OR_RETURN(automaton, TokenAutomaton::Create(strings, order));
    strings = {};
    return absl::OkStatus();
  }
};

class WordPieceModel : public PieceModel {
 public:
  WordPieceModel(const WordPieceModelSpec& spec, TokenId unk_id, bool byte_alphabet, TokenSet initial,
                 TokenSet continuing)
      : unk_token_(spec.unk_token),
        max_chars_(spec.max_input_chars_per_word),
        unk_id_(unk_id),
        byte_alphabet_(byte_alphabet),
        initial_(std::move(initial)),
        continuing_(std::move(continuing)) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<PieceScratch>(); }

  absl::Status Encode(std::string_view piece, PieceScratch*, std::vector<PieceToken>* tokens) const override {
    const size_t n_before = tokens->size();
    if (CountChars(piece) <= max_chars_ && Segment(piece, tokens)) return absl::OkStatus();
    tokens->resize(n_before);
    if (unk_id_ == kNoToken) {
      return MakeError(ErrorCode::kUnknownToken, "WordPiece",
                       Concat("no tokens for a piece, and the vocabulary lacks '", unk_token_, "'"),
                       "add the unknown token to the vocabulary");
    }
    tokens->push_back({unk_id_, 0, static_cast<uint32_t>(piece.size())});
    return absl::OkStatus();
  }

  std::string Name() const override { return "wordpiece (longest match, linear)"; }

 private:
  // Characters as the peer counts them: with a byte alphabet each byte is one.
  uint64_t CountChars(std::string_view piece) const {
    if (byte_alphabet_) return piece.size();
    return static_cast<uint64_t>(std::count_if(
        piece.begin(), piece.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
  }

  bool Segment(std::string_view piece, std::vector<PieceToken>* tokens) const {
    if (piece.empty()) return true;
    TokenAutomaton::Match match;
    if (!initial_.automaton->LongestPrefix(piece, &match)) return false;
    size_t end = match.end;
    tokens->push_back({initial_.ids[match.index], 0, static_cast<uint32_t>(end)});
    TokenAutomaton::Scan scan(continuing_.automaton.get(), piece, end);
    while (end < piece.size()) {
      if (!scan.Next(&match) || match.begin != end) return false;
      tokens->push_back({continuing_.ids[match.index], static_cast<uint32_t>(match.begin),
                         static_cast<uint32_t>(match.end)});
      end = match.end;
    }
    return true;
  }

  const std::string unk_token_;
  const uint64_t max_chars_;
  const TokenId unk_id_;
  const bool byte_alphabet_;
  const TokenSet initial_, continuing_;  // continuing tokens without their prefix
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeWordPieceModel(const WordPieceModelSpec& spec,
                                                                     const Vocabulary& vocabulary,
                                                                     VocabularyAlphabet alphabet) {
  TokenSet initial, continuing;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!IsMatchable(vocabulary.Kind(id))) continue;
    const std::string_view bytes = vocabulary.Bytes(id);
    initial.Add(bytes, id);
    if (bytes.starts_with(spec.continuing_subword_prefix)) {
      continuing.Add(bytes.substr(spec.continuing_subword_prefix.size()), id);
    }
  }
  TOK_RETURN_IF_ERROR(initial.Build());
  TOK_RETURN_IF_ERROR(continuing.Build());
  return std::make_unique<WordPieceModel>(spec, vocabulary.Find(spec.unk_token),
                                          alphabet == VocabularyAlphabet::kBytes, std::move(initial),
                                          std::move(continuing));
}

}  // namespace tok
