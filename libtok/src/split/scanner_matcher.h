// split/scanner_matcher.h: a hand-written scanner as a PatternMatcher: its pieces are the matches of its pattern.
#ifndef TOK_SRC_SPLIT_SCANNER_MATCHER_H_
#define TOK_SRC_SPLIT_SCANNER_MATCHER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/split/pattern_matcher.h"
#include "src/split/splitter.h"

namespace tok {

class ScannerMatcher final : public PatternMatcher {
 public:
  // Null if `regex`, as `profile` understands it, is the pattern of no family. Errors: those of MakeScannerSplitter.
  static absl::StatusOr<std::shared_ptr<const ScannerMatcher>> Create(std::string_view regex,
                                                                      UnicodeProfileName profile);
  explicit ScannerMatcher(std::shared_ptr<const Splitter> scanner) : scanner_(std::move(scanner)) {}

  absl::Status FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                            std::vector<MatchRange>* matches, std::vector<size_t>* ends) const override;
  std::string Name() const override { return scanner_->Name(); }
  const std::shared_ptr<const Splitter>& scanner() const { return scanner_; }

 private:
  std::shared_ptr<const Splitter> scanner_;
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_SCANNER_MATCHER_H_
