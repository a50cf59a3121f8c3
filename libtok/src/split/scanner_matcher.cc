#include "src/split/scanner_matcher.h"

#include "src/base/status_macros.h"

namespace tok {
namespace {

constexpr size_t kBatchPieces = 256;

}  // namespace

absl::StatusOr<std::shared_ptr<const ScannerMatcher>> ScannerMatcher::Create(std::string_view regex,
                                                                             UnicodeProfileName profile) {
  PatternFamily family;
  if (!RecognizePattern(regex, DialectOf(profile), &family)) return nullptr;
  TOK_ASSIGN_OR_RETURN(std::shared_ptr<const Splitter> scanner, MakeScannerSplitter(family));
  return std::make_shared<const ScannerMatcher>(std::move(scanner));
}

absl::Status ScannerMatcher::FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                                          std::vector<MatchRange>* matches, std::vector<size_t>* ends) const {
  matches->clear();
  ends->clear();
  size_t batch[kBatchPieces];
  for (const MatchRange& piece : pieces) {
    const std::string_view view = text.substr(piece.begin, piece.end - piece.begin);
    SplitState state;
    size_t begin = piece.begin;
    while (const size_t n = scanner_->Fill(view, &state, batch, kBatchPieces)) {
      for (size_t i = 0; i < n; ++i) {
        matches->push_back({begin, piece.begin + batch[i]});
        begin = matches->back().end;
      }
    }
    ends->push_back(matches->size());
  }
  return absl::OkStatus();
}

}  // namespace tok
