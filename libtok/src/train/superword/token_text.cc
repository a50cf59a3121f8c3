#include "src/train/superword/token_text.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/cached_pieces.h"
#include "src/encode/piece_cache.h"
#include "src/encode/tokenizer_impl.h"
#include "src/train/pieces/cut_corpus.h"
#include "src/train/pieces/piece_cutter.h"

namespace tok {
namespace {

constexpr size_t kBlockTokens = size_t{1} << 18;

class TokenSink final : public PieceSink {
 public:
  TokenSink(const PieceModel& model, PieceCache cache, ScratchMemory* memory)
      : model_(model), cache_(std::move(cache)), scratch_(model.MakeScratch()), memory_(memory) {}

  void Add(std::string_view text, std::span<const PieceRange> pieces) override {
    if (!status_.ok()) return;
    status_ = CatchScratchFull([&] {
      AddPieces(text, pieces);
      return status_;
    });
  }
  absl::Status status() const override { return status_; }
  std::vector<ScratchVector<TokenId>>& blocks() { return blocks_; }
  uint64_t n_tokens() const { return n_tokens_; }

 private:
  void AddPieces(std::string_view text, std::span<const PieceRange> pieces) {
    for (const PieceRange& piece : pieces) {
      ids_.clear();
      Encode(text, piece);
      n_tokens_ += ids_.size();
      if (ids_.size() < 2) continue;
      ids_.push_back(SymbolText::kPieceEnd);
      if (blocks_.empty() || blocks_.back().size() + ids_.size() > blocks_.back().capacity()) {
        blocks_.emplace_back(memory_).reserve(std::max(kBlockTokens, ids_.size()));
      }
      blocks_.back().insert(blocks_.back().end(), ids_.begin(), ids_.end());
    }
  }
  void Encode(std::string_view text, const PieceRange& piece) {
    if (const PieceEncoder* encoder = model_.piece_encoder()) {
      EncodeCachedPieces(*encoder, text, piece.begin, {&piece.end, 1}, /*only_short_characters=*/false,
                         &cache_, scratch_.get(), &ids_);
      return;
    }
    tokens_.clear();
    status_.Update(
        model_.Encode(text.substr(piece.begin, piece.end - piece.begin), scratch_.get(), &tokens_));
    for (const PieceToken& token : tokens_) ids_.push_back(token.id);
  }

  const PieceModel& model_;
  PieceCache cache_;
  std::unique_ptr<PieceScratch> scratch_;
  std::vector<PieceToken> tokens_;
  std::vector<TokenId> ids_;
  ScratchMemory* const memory_;
  std::vector<ScratchVector<TokenId>> blocks_;
  uint64_t n_tokens_ = 0;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<TokenText> EncodeCorpus(const std::vector<std::string>& inputs, const Tokenizer& tokenizer,
                                       const PieceRules& rules, const CountPiecesOptions& options,
                                       const MemoryBudget& budget, ScratchMemory* scratch) {
  TOK_ASSIGN_OR_RETURN(const PieceCutter cutter, PieceCutter::Create(rules));
  const PieceModel& model = TokenizerImpl::Of(tokenizer).model();
  CountPiecesOptions cutting = options;
  if (budget.is_limited()) cutting.n_memory_bytes = budget.ForText();
  const unsigned n_threads = options.n_threads == 0 ? AvailableThreads() : options.n_threads;
  const auto make_sink = [&] {
    PieceCache cache = budget.is_limited() ? PieceCache(budget.ForCaches() / n_threads) : PieceCache();
    return std::make_unique<TokenSink>(model, std::move(cache), scratch);
  };
  TOK_ASSIGN_OR_RETURN(const CutCorpusResult cut, CutCorpus(inputs, cutter, cutting, make_sink));
  TokenText result;
  result.n_bytes = cut.n_bytes;
  result.n_documents = cut.n_documents;
  uint64_t n_places = 1;
  for (const auto& sink : cut.sinks) {
    auto* const tokens = static_cast<TokenSink*>(sink.get());
    result.n_tokens += tokens->n_tokens();
    for (const ScratchVector<TokenId>& block : tokens->blocks()) n_places += block.size();
  }
  TOK_ASSIGN_OR_RETURN(result.text, SymbolText::OfWeightOne(n_places, scratch));
  uint32_t* next = result.text.data() + 1;
  for (const auto& sink : cut.sinks) {
    for (ScratchVector<TokenId>& block : static_cast<TokenSink*>(sink.get())->blocks()) {
      next = std::copy(block.begin(), block.end(), next);
      block = ScratchVector<TokenId>();
    }
  }
  return result;
}

}  // namespace tok
