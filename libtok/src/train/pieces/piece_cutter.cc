#include "src/train/pieces/piece_cutter.h"

#include <algorithm>
#include <variant>

#include "src/base/error_place.h"
#include "src/base/status_macros.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kBatch = 256;

void CutTiled(const Splitter& splitter, std::string_view text, const PieceCutter::Use& use) {
  size_t ends[kBatch];
  PieceRange pieces[kBatch];
  SplitState state;
  size_t begin = 0;
  while (const size_t n = splitter.Fill(text, &state, ends, kBatch)) {
    for (size_t i = 0; i < n; begin = ends[i++]) pieces[i] = {begin, ends[i]};
    use(text, std::span(pieces, n));
  }
}

}  // namespace

absl::StatusOr<PieceCutter> PieceCutter::Create(const PieceRules& rules) {
  PieceCutter cutter;
  TOK_ASSIGN_OR_RETURN(cutter.normalizer_, Normalizer::Create(rules.normalizers, rules.unicode_profile));
  TOK_ASSIGN_OR_RETURN(cutter.pre_tokenizer_,
                       PreTokenizer::Create(rules.pre_tokenizers, rules.unicode_profile, rules.alphabet));
  // Unicode normal forms never act across a blank; other normalizers may look at the ends of their text.
  cutter.is_local_ = std::all_of(
      rules.normalizers.begin(), rules.normalizers.end(),
      [](const normalizer::Step& step) { return std::holds_alternative<normalizer::UnicodeForm>(step); });
  return cutter;
}

absl::Status PieceCutter::Cut(std::string_view document, Utf8Policy utf8, const Use& use) const {
  const size_t invalid = FindInvalidUtf8(document);
  if (invalid != std::string_view::npos) {
    if (utf8 == Utf8Policy::kError) {
      return MakeError(ErrorCode::kInvalidUtf8, BytePlace(invalid), "invalid UTF-8",
                       "repair the text, or choose the policy 'replace' or 'bytes' (--utf8)");
    }
    if (utf8 == Utf8Policy::kReplace) {
      const AlignedText repaired = RepairUtf8(AlignedText::From(document, 0, /*tracked=*/false));
      return Cut(repaired.bytes, utf8, use);
    }
  }
  if (!CutsInPlace(document, invalid != std::string_view::npos)) return CutRewritten(document, use);
  if (const Splitter* tiling = pre_tokenizer_.tiling()) {
    CutTiled(*tiling, document, use);
  } else if (!document.empty()) {
    const PieceRange whole = {0, document.size()};
    use(document, std::span(&whole, 1));
  }
  return absl::OkStatus();
}

absl::Status PieceCutter::CutRewritten(std::string_view text, const Use& use) const {
  AlignedText aligned = AlignedText::From(text, 0, pre_tokenizer_.NeedsOrigins());
  TOK_RETURN_IF_ERROR(normalizer_.Apply(&aligned));
  std::vector<PieceRange> pieces;
  if (!pre_tokenizer_.IsIdentity()) {
    TOK_RETURN_IF_ERROR(pre_tokenizer_.Apply(&aligned, &pieces));
  } else if (!aligned.bytes.empty()) {
    pieces.push_back({0, aligned.bytes.size()});
  }
  use(aligned.bytes, pieces);
  return absl::OkStatus();
}

bool PieceCutter::CutsInPlace(std::string_view document, bool is_invalid) const {
  const Splitter* tiling = pre_tokenizer_.tiling();
  const bool can_cut =
      tiling != nullptr ? !is_invalid || !tiling->NeedsValidUtf8() : pre_tokenizer_.IsIdentity();
  return can_cut && (normalizer_.IsIdentity() || normalizer_.Unchanged(document));
}

std::vector<std::string_view> PieceCutter::Parts(std::string_view document, size_t part_bytes) const {
  std::vector<std::string_view> parts;
  const Splitter* tiling = is_local_ ? pre_tokenizer_.tiling() : nullptr;
  size_t begin = 0;
  while (tiling != nullptr && document.size() - begin > part_bytes) {
    const size_t cut = tiling->SafeCut(document, begin, begin + part_bytes);
    if (cut == begin) break;  // what is left is one part
    parts.push_back(document.substr(begin, cut - begin));
    begin = cut;
  }
  if (begin < document.size() || parts.empty()) parts.push_back(document.substr(begin));
  return parts;
}

}  // namespace tok
