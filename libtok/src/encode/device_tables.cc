#include "src/encode/device_tables.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/tokenizer_impl.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/split/regex_ast.h"
#include "tok/batch_encoder.h"

namespace tok {
namespace {

absl::Status NotOnDevice(const Tokenizer& tokenizer, std::string_view what) {
  return MakeError(ErrorCode::kUnsupportedFeature, tokenizer.name(), Concat(what, " is not done on a GPU"),
                   "encode on the CPU");
}

// The pattern that one step splits by; nothing for a step that only says what bytes are.
absl::StatusOr<std::optional<PatternFamily>> FamilyOf(const Tokenizer& tokenizer,
                                                      const pretokenizer::Step& step) {
  if (const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&step)) {
    if (byte_level->add_prefix_space) return NotOnDevice(tokenizer, "a blank before the text");
    return byte_level->use_regex ? std::optional(PatternFamily::kGpt2) : std::nullopt;
  }
  const auto* split = std::get_if<pretokenizer::Split>(&step);
  PatternFamily family;
  if (split != nullptr && split->pattern.is_regex && !split->invert &&
      split->behavior == pretokenizer::Behavior::kIsolated &&
      RecognizePattern(split->pattern.text, DialectOf(tokenizer.spec().unicode_profile), &family) &&
      family != PatternFamily::kSuperwords) {
    return family;
  }
  return NotOnDevice(tokenizer, "its pre-tokenizer");
}

absl::StatusOr<PatternFamily> FamilyOf(const Tokenizer& tokenizer) {
  std::optional<PatternFamily> only;
  for (const pretokenizer::Step& step : tokenizer.spec().pre_tokenizers) {
    TOK_ASSIGN_OR_RETURN(const std::optional<PatternFamily> family, FamilyOf(tokenizer, step));
    if (family && only) return NotOnDevice(tokenizer, "more than one pattern");
    if (family) only = family;
  }
  if (!only) return NotOnDevice(tokenizer, "text that no pattern splits");
  return *only;
}

absl::Status CheckLimits(const Tokenizer& tokenizer) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  size_t n_ids = vocabulary.size();
  for (const AddedToken& token : tokenizer.spec().added_tokens) n_ids = std::max(n_ids, size_t{token.id} + 1);
  if (n_ids > kMaxDeviceIds)
    return MakeError(ErrorCode::kLimit, tokenizer.name(), Concat("a GPU takes ids below ", kMaxDeviceIds),
                     "encode on the CPU");
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Bytes(id).size() > kMaxDeviceTokenBytes)
      return MakeError(ErrorCode::kLimit, tokenizer.name(),
                       Concat("token ", id, " has more than ", kMaxDeviceTokenBytes, " bytes"),
                       "encode on the CPU");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DeviceTables> DeviceTablesOf(const Tokenizer& tokenizer) {
  const TokenizerSpec& spec = tokenizer.spec();
  const PieceModel& model = TokenizerImpl::Of(tokenizer).model();
  const ModelTables tables = model.tables();
  if (!spec.normalizers.empty()) return NotOnDevice(tokenizer, "a normalizer");
  if (spec.alphabet != VocabularyAlphabet::kBytes || tables.merges == nullptr || tables.joins == nullptr ||
      tables.unmerged == nullptr || model.piece_encoder() == nullptr)
    return NotOnDevice(tokenizer, "a model other than byte-level BPE");
  TOK_ASSIGN_OR_RETURN(const PatternFamily family, FamilyOf(tokenizer));
  std::array<TokenId, 256> byte_ids;
  if (!FindByteIds(spec.vocabulary, &byte_ids))
    return NotOnDevice(tokenizer, "a vocabulary without all bytes");
  TOK_RETURN_IF_ERROR(CheckLimits(tokenizer));
  return DeviceTables{.family = family,
                      .byte_ids = byte_ids,
                      .merges = tables.merges,
                      .joins = tables.joins,
                      .unmerged = tables.unmerged,
                      .model = &model};
}

absl::Status CheckForGpu(const Tokenizer& tokenizer) { return DeviceTablesOf(tokenizer).status(); }

}  // namespace tok
