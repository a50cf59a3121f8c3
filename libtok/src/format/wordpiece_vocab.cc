#include "src/format/wordpiece_vocab.h"

#include <algorithm>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"
#include "tok/formats.h"

namespace tok {
namespace {

std::string_view TrimEnd(std::string_view line) {
  while (!line.empty()) {
    const DecodedChar last = DecodeUtf8Before(line, line.size());
    if (!IsWhiteSpace(last.code_point)) break;
    line.remove_suffix(last.n_bytes);
  }
  return line;
}

absl::Status ReadLines(std::string_view bytes, std::string_view place, ModelVocabulary* model) {
  const size_t invalid = FindInvalidUtf8(bytes);
  if (invalid != std::string_view::npos) {
    return MakeError(ErrorCode::kBadFormat, place, Concat("invalid UTF-8 at byte ", invalid),
                     "save the file as UTF-8");
  }
  TokenId id = 0;
  for (size_t begin = 0; begin < bytes.size(); ++id) {
    if (id > kMaxTokenId)
      return MakeError(ErrorCode::kBadVocabulary, place, Concat("has more than ", id, " lines"));
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    model->ids.insert_or_assign(TrimEnd(bytes.substr(begin, end - begin)), id);
    begin = end + 1;
  }
  for (const auto& [text, last_id] : model->ids)
    model->entries.push_back({text, last_id, 0.0, TokenKind::kNormal});
  std::sort(model->entries.begin(), model->entries.end(),
            [](const ModelVocabulary::Entry& a, const ModelVocabulary::Entry& b) { return a.id < b.id; });
  return absl::OkStatus();
}

absl::StatusOr<TokenId> RequiredToken(const ModelVocabulary& model, const std::string& token,
                                      std::string_view place) {
  const TokenId id = model.Find(token);
  if (id != kNoToken) return id;
  return MakeError(ErrorCode::kBadVocabulary, place, Concat("has no ", token),
                   "give the vocab.txt of a BERT model");
}

AddedToken SpecialToken(const std::string& content) {
  AddedToken token;
  token.content = content;
  token.special = true;
  return token;
}

}  // namespace

absl::StatusOr<TokenizerSpec> ReadWordPieceVocab(std::string_view bytes, std::string_view place,
                                                 const WordPieceConfig& config) {
  ModelVocabulary model;
  TOK_RETURN_IF_ERROR(ReadLines(bytes, place, &model));
  TOK_ASSIGN_OR_RETURN(const TokenId unk_id, RequiredToken(model, config.unk_token, place));
  TOK_ASSIGN_OR_RETURN(const TokenId cls_id, RequiredToken(model, config.cls_token, place));
  TOK_ASSIGN_OR_RETURN(const TokenId sep_id, RequiredToken(model, config.sep_token, place));
  for (ModelVocabulary::Entry& entry : model.entries) {
    if (entry.id == unk_id) entry.kind = TokenKind::kUnknown;
  }
  TokenizerSpec spec;
  spec.name = StemOf(place);
  spec.source_format = "vocab.txt";
  spec.unicode_profile = UnicodeProfileName::kHuggingFace;
  spec.normalizers = {config.normalizer};
  spec.pre_tokenizers = {pretokenizer::Bert{}};
  WordPieceModelSpec word_piece;
  word_piece.unk_token = config.unk_token;
  spec.model = std::move(word_piece);
  spec.decoder.steps = {decoder::WordPiece{}};
  SetClassifierTemplate(TokenItem(config.cls_token, cls_id, 0), TokenItem(config.sep_token, sep_id, 0), false,
                        &spec.post_processor);
  AddedTokenTable table(model);
  for (const std::string* name :
       {&config.unk_token, &config.sep_token, &config.cls_token, &config.pad_token, &config.mask_token}) {
    if (model.Find(*name) != kNoToken && !table.Has(*name)) {
      TOK_RETURN_IF_ERROR(table.Add(SpecialToken(*name), true, &spec.warnings));
    }
  }
  for (const AddedToken& token : config.extras.added_tokens)
    TOK_RETURN_IF_ERROR(table.Add(token, true, &spec.warnings));
  for (const AddedToken& token : config.extras.special_names) {
    if (!table.Has(token.content)) TOK_RETURN_IF_ERROR(table.Add(token, true, &spec.warnings));
  }
  TOK_RETURN_IF_ERROR(FinishVocabulary(model, table.tokens(), place, &spec));
  return spec;
}

absl::StatusOr<TokenizerSpec> ParseWordPieceVocab(std::string_view bytes, std::string_view place) {
  return ReadWordPieceVocab(bytes, place, {});
}

}  // namespace tok
