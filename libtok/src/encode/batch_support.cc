#include "src/encode/batch_support.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/tokenizer_impl.h"

namespace tok {
namespace {

constexpr size_t kNarrowIds = size_t{1} << 16;

absl::Status CheckOffsets(const DocumentBatch& batch) {
  const std::span<const int64_t> offsets = batch.offsets;
  if (offsets.empty()) return absl::OkStatus();
  constexpr std::string_view kRemedy = "give where each document begins, and where the last one ends";
  if (offsets.front() < 0) {
    return MakeError(ErrorCode::kUsage, "offset 0", Concat("is negative (", offsets.front(), ")"), kRemedy);
  }
  for (size_t d = 1; d < offsets.size(); ++d) {
    if (offsets[d] >= offsets[d - 1]) continue;
    return MakeError(ErrorCode::kUsage, Concat("offset ", d),
                     Concat("is ", offsets[d], ", less than the ", offsets[d - 1], " before it"), kRemedy);
  }
  if (batch.text == nullptr && offsets.back() > offsets.front()) {
    return MakeError(ErrorCode::kUsage, "text", "is null, though documents are not empty", "give the text");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNarrowIds(const Tokenizer& tokenizer, std::string_view remedy) {
  const size_t n_ids = tokenizer.vocabulary().size();
  if (n_ids <= kNarrowIds) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, tokenizer.name(),
                   Concat("has ids up to ", n_ids - 1, ", which do not fit in u16"), remedy);
}

absl::Status CheckBatch(const Tokenizer& tokenizer, const DocumentBatch& batch, const BatchOptions& options) {
  TOK_RETURN_IF_ERROR(TokenizerImpl::Of(tokenizer).CheckOptions(options));
  if (options.narrow_ids) TOK_RETURN_IF_ERROR(CheckNarrowIds(tokenizer, "leave out narrow_ids"));
  return CheckOffsets(batch);
}

std::vector<size_t> FindCuts(const Tokenizer& tokenizer, std::string_view document,
                             const EncodeOptions& options, size_t n_part_bytes, unsigned n_threads) {
  return TokenizerImpl::Of(tokenizer).FindCuts(document, options, n_part_bytes, n_threads);
}

}  // namespace tok
