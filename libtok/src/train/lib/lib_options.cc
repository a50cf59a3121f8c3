#include "src/train/lib/lib_options.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr uint64_t kMaxSentenceBytes = 0xFFFFFFFEu;

absl::Status CheckShare(std::string_view name, double value) {
  if (value >= 0 && value <= 1) return absl::OkStatus();  // false for NaN
  return MakeError(ErrorCode::kUsage, name, Concat(value, " is not between 0 and 1"), "give a share");
}

}  // namespace

absl::Status CheckLibOptions(const LibOptions& options) {
  TOK_RETURN_IF_ERROR(CheckShare("in_rate", options.in_rate));
  TOK_RETURN_IF_ERROR(CheckShare("out_rate", options.out_rate));
  TOK_RETURN_IF_ERROR(CheckShare("update_rate", options.update_rate));
  if (options.life == 0)
    return MakeError(ErrorCode::kUsage, "life", "0 steps of probation forget every unit", "give at least 1");
  if (options.sentences_per_step == 0)
    return MakeError(ErrorCode::kUsage, "sentences_per_step", "a step of 0 sentences reads nothing",
                     "give at least 1");
  return absl::OkStatus();
}

absl::Status CheckLibSentences(std::span<const std::string_view> sentences, LibSymbol symbol) {
  for (size_t i = 0; i < sentences.size(); ++i) {
    if (sentences[i].size() > kMaxSentenceBytes) {
      return MakeError(ErrorCode::kLimit, Concat("sentence ", i + 1),
                       Concat(sentences[i].size(), " bytes, above ", kMaxSentenceBytes), "cut it");
    }
    if (symbol == LibSymbol::kByte) continue;
    if (const size_t at = FindInvalidUtf8(sentences[i]); at != std::string_view::npos) {
      return MakeError(ErrorCode::kInvalidUtf8, Concat("sentence ", i + 1, ": byte ", at), "not UTF-8",
                       "repair the text, or train on bytes");
    }
  }
  return absl::OkStatus();
}

}  // namespace tok
