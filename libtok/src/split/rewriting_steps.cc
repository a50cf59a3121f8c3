// The steps that change the text: Metaspace and ByteLevel.
#include <algorithm>
#include <optional>
#include <utility>

#include "src/base/status_macros.h"
#include "src/split/pre_tokenizer_steps.h"
#include "src/split/scanner_matcher.h"
#include "src/split/split_behavior.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// A TextRewriter that knows how much it has written.
class CountingRewriter {
 public:
  explicit CountingRewriter(const AlignedText& source) : rewriter_(source) {}
  void Keep(size_t n_bytes) {
    rewriter_.Keep(n_bytes);
    n_written_ += n_bytes;
  }
  void Replace(size_t n_bytes, std::string_view text) {
    rewriter_.Replace(n_bytes, text);
    n_written_ += text.size();
  }
  size_t position() const { return rewriter_.position(); }
  size_t n_written() const { return n_written_; }
  AlignedText Finish() { return rewriter_.Finish(); }

 private:
  TextRewriter rewriter_;
  size_t n_written_ = 0;
};

// Rewrites each piece by `rewrite_piece(piece, rewriter)`, which must consume exactly the piece, and keeps what lies
// between; the pieces follow the text.
template <typename RewritePiece>
void RewritePieces(AlignedText* text, std::vector<PieceRange>* pieces, RewritePiece rewrite_piece) {
  CountingRewriter rewriter(*text);
  for (PieceRange& piece : *pieces) {
    rewriter.Keep(piece.begin - rewriter.position());
    const size_t begin = rewriter.n_written();
    rewrite_piece(piece, &rewriter);
    piece = {begin, rewriter.n_written()};
  }
  *text = rewriter.Finish();
}

class MetaspaceStep final : public PreTokenizerStep {
 public:
  explicit MetaspaceStep(const pretokenizer::Metaspace& spec) : spec_(spec) {
    AppendUtf8(spec.replacement, &mark_);
  }

  absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const override {
    RewritePieces(text, pieces, [&](const PieceRange& piece, CountingRewriter* rewriter) {
      if (WantsPrefix(*text, piece)) {
        const size_t n_bytes = DecodeUtf8(text->bytes, piece.begin).n_bytes;
        rewriter->Replace(n_bytes, mark_ + text->bytes.substr(piece.begin, n_bytes));
      }
      const std::string_view up_to_end = std::string_view(text->bytes).substr(0, piece.end);
      while (rewriter->position() < piece.end) {
        const size_t space = std::min(up_to_end.find(' ', rewriter->position()), piece.end);
        rewriter->Keep(space - rewriter->position());
        if (space < piece.end) rewriter->Replace(1, mark_);
      }
    });
    if (spec_.split) Split(*text, pieces);
    return absl::OkStatus();
  }
  std::string Name() const override { return "Metaspace"; }

 private:
  bool WantsPrefix(const AlignedText& text, const PieceRange& piece) const {
    const std::string_view bytes = std::string_view(text.bytes).substr(piece.begin, piece.end - piece.begin);
    if (spec_.prepend_scheme == pretokenizer::PrependScheme::kNever || bytes[0] == ' ' ||
        bytes.substr(0, mark_.size()) == mark_) {
      return false;
    }
    if (spec_.prepend_scheme == pretokenizer::PrependScheme::kAlways) return true;
    return text.tracked ? text.origin[piece.begin].begin == 0 : piece.begin == 0 && text.front == 0;
  }

  void Split(const AlignedText& text, std::vector<PieceRange>* pieces) const {
    std::vector<PieceRange> result;
    result.reserve(pieces->size());
    BehaviorSplitter splitter(pretokenizer::Behavior::kMergedWithNext, /*invert=*/false, &result);
    for (const PieceRange& piece : *pieces) {
      const std::string_view up_to_end = std::string_view(text.bytes).substr(0, piece.end);
      size_t done = piece.begin;
      while (done < piece.end) {
        const size_t mark = std::min(up_to_end.find(mark_, done), piece.end);
        if (done < mark) splitter.Add(done, mark, false);
        done = std::min(mark + mark_.size(), piece.end);
        if (mark < piece.end) splitter.Add(mark, done, true);
      }
      splitter.Finish();
    }
    *pieces = std::move(result);
  }

  pretokenizer::Metaspace spec_;
  std::string mark_;
};

class ByteLevelStep final : public PreTokenizerStep {
 public:
  // `words`: null if words are not cut.
  ByteLevelStep(const pretokenizer::ByteLevel& spec, bool literal, std::shared_ptr<const Splitter> words)
      : spec_(spec), literal_(literal) {
    if (words != nullptr) words_.emplace(std::move(words));
  }

  absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const override {
    if (spec_.add_prefix_space) AddPrefixSpaces(text, pieces);
    if (words_.has_value()) {
      std::vector<MatchRange> words;
      std::vector<size_t> ends;
      TOK_RETURN_IF_ERROR(words_->FindInPieces(text->bytes, *pieces, &words, &ends));
      *pieces = std::move(words);
    }
    if (literal_) Spell(text, pieces);
    return absl::OkStatus();
  }
  std::string Name() const override { return "ByteLevel"; }

 private:
  static void AddPrefixSpaces(AlignedText* text, std::vector<PieceRange>* pieces) {
    RewritePieces(text, pieces, [&](const PieceRange& piece, CountingRewriter* rewriter) {
      if (text->bytes[piece.begin] != ' ') {
        const size_t n_bytes = DecodeUtf8(text->bytes, piece.begin).n_bytes;
        rewriter->Replace(n_bytes, " " + text->bytes.substr(piece.begin, n_bytes));
      }
      rewriter->Keep(piece.end - rewriter->position());
    });
  }

  static void Spell(AlignedText* text, std::vector<PieceRange>* pieces) {
    std::string spelled;
    RewritePieces(text, pieces, [&](const PieceRange& piece, CountingRewriter* rewriter) {
      while (rewriter->position() < piece.end) {
        const size_t at = rewriter->position();
        const size_t n_bytes = DecodeUtf8(text->bytes, at).n_bytes;
        spelled.clear();
        AppendByteAlphabet(std::string_view(text->bytes).substr(at, n_bytes), &spelled);
        rewriter->Replace(n_bytes, spelled);
      }
    });
  }

  pretokenizer::ByteLevel spec_;
  bool literal_;
  std::optional<ScannerMatcher> words_;
};

}  // namespace

absl::StatusOr<PreTokenizerStepPtr> MakeByteLevelStep(const pretokenizer::ByteLevel& spec, bool literal) {
  std::shared_ptr<const Splitter> words;
  if (spec.use_regex) {
    TOK_ASSIGN_OR_RETURN(words, MakeScannerSplitter(PatternFamily::kGpt2));
  }
  return std::make_shared<ByteLevelStep>(spec, literal, std::move(words));
}

PreTokenizerStepPtr MakeMetaspaceStep(const pretokenizer::Metaspace& spec) {
  return std::make_shared<MetaspaceStep>(spec);
}

}  // namespace tok
