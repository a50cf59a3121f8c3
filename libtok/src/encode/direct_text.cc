#include "src/encode/direct_text.h"

#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/encode/decoder_stages.h"
#include "src/unicode/space_symbol.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// A longer one might make more text than the normalizer's limit allows.
constexpr size_t kMaxPrefix = 64;

bool IsOneCharacter(std::string_view text) {
  return !text.empty() && DecodeUtf8(text, 0).code_point != kInvalidByte &&
         DecodeUtf8(text, 0).n_bytes == text.size();
}

// Each step changes the spelling, or returns false for what that cannot express.
class StepReader {
 public:
  explicit StepReader(BlankSpelling* spelling) : spelling_(*spelling) {}

  bool operator()(const normalizer::Prepend& step) {
    spelling_.prefix.insert(0, step.text);
    return spelling_.prefix.size() <= kMaxPrefix && FindInvalidUtf8(step.text) == std::string_view::npos;
  }
  bool operator()(const normalizer::Replace& step) {
    return !step.pattern.is_regex && step.pattern.text == " " && Rewrite(step.content);
  }
  bool operator()(const normalizer::SentencePiece& step) {
    if (!step.charsmap.empty() || step.remove_extra_whitespaces || step.treat_whitespace_as_suffix)
      return false;
    return (!step.add_dummy_prefix || (*this)(normalizer::Prepend{" "})) &&
           (!step.escape_whitespaces || Rewrite(kSpaceSymbol));
  }
  // A split at blanks where none are left never cuts.
  bool operator()(const pretokenizer::Split& step) const {
    return !step.pattern.is_regex && step.pattern.text.find(' ') != std::string::npos && !step.invert &&
           spelling_.blank != " " && spelling_.prefix.find(' ') == std::string::npos;
  }
  bool operator()(const pretokenizer::Metaspace& step) {
    if (step.split || spelling_.blank != " " || !spelling_.prefix.empty()) return false;
    std::string mark;
    AppendUtf8(step.replacement, &mark);
    if (!Rewrite(mark)) return false;
    if (step.prepend_scheme == pretokenizer::PrependScheme::kNever) return true;
    spelling_.prefix = mark;
    spelling_.when = step.prepend_scheme == pretokenizer::PrependScheme::kAlways
                         ? BlankSpelling::Prefix::kUnlessBlank
                         : BlankSpelling::Prefix::kAtDocumentBegin;
    return true;
  }
  template <typename Step>
  bool operator()(const Step&) const {
    return false;
  }

 private:
  bool Rewrite(std::string_view blank) {
    if (!IsOneCharacter(blank) || spelling_.blank != " ") return false;
    spelling_.blank = blank;
    spelling_.prefix = ReplaceAll(spelling_.prefix, " ", blank);
    return true;
  }

  BlankSpelling& spelling_;
};

}  // namespace

bool BlankSpelling::Find(const TokenizerSpec& spec, BlankSpelling* spelling) {
  StepReader reader(spelling);
  for (const normalizer::Step& step : spec.normalizers) {
    if (!std::visit(reader, step)) return false;
  }
  for (const pretokenizer::Step& step : spec.pre_tokenizers) {
    if (!std::visit(reader, step)) return false;
  }
  // A blank that is put before the text once blanks are rewritten stays one.
  return spelling->blank == " " || spelling->prefix.find(' ') == std::string::npos;
}

std::string_view BlankSpelling::PrefixOf(std::string_view text, uint64_t begin) const {
  const bool begins_blank = text.starts_with(' ') || text.starts_with(blank);
  if (when != Prefix::kAlways && begins_blank) return {};
  if (when == Prefix::kAtDocumentBegin && begin > 0) return {};
  return prefix;
}

size_t DirectText::SafeCut(std::string_view text, size_t begin, size_t limit) const {
  constexpr size_t kWindow = 4096;
  if (const size_t cut = splitter_->SafeCut(text, begin, limit); cut != begin) return cut;
  // Begins inside a character, perhaps: nothing is cut before the first whole one.
  const size_t window = limit - begin > kWindow ? limit - kWindow : begin;
  const std::string_view tail = text.substr(window, limit - window);
  size_t cut;
  return encoder_->NextCuts(tail, tail.size(), 0, window, {&cut, 1}) == 1 ? cut : begin;
}

void DirectText::FindAddedPieces(const PieceModel& model, std::span<const AddedToken> added) {
  constexpr size_t kMaxBytes = 4;
  const std::unique_ptr<PieceScratch> scratch = model.MakeScratch();
  std::vector<TokenId> ids;
  for (const AddedToken& token : added) {
    ids.clear();
    if (!token.content.empty() && token.content.size() <= kMaxBytes && IsAscii(token.content)) {
      const PieceEncoder::Piece piece = {token.content, /*is_part=*/false};
      uint32_t end;
      encoder_->EncodeTogether({&piece, 1}, scratch.get(), &ids, {&end, 1});
    }
    is_piece_.push_back(ids.size() == 1 && ids[0] == token.id);
  }
}

absl::StatusOr<std::unique_ptr<const DirectText>> DirectText::Create(const TokenizerSpec& spec,
                                                                     const PieceModel& model,
                                                                     std::span<const AddedToken> added) {
  auto direct = std::unique_ptr<DirectText>(new DirectText);
  if (spec.alphabet != VocabularyAlphabet::kText || !BlankSpelling::Find(spec, &direct->spelling_)) {
    return nullptr;
  }
  std::optional<DirectModel> direct_model = model.MakeDirect(direct->spelling_.blank);
  if (!direct_model.has_value()) return nullptr;
  TOK_ASSIGN_OR_RETURN(direct->splitter_, MakePairSplitter(direct_model->cuts));
  direct->encoder_ = std::move(direct_model->encoder);
  direct->FindAddedPieces(model, added);
  return direct;
}

}  // namespace tok
