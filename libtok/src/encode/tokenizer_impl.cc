#include "src/encode/tokenizer_impl.h"

#include <algorithm>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/hash.h"
#include "src/base/instruction_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/cached_pieces.h"
#include "src/encode/direct_pieces.h"
#include "src/encode/superword_pieces.h"
#include "src/unicode/utf8.h"

namespace tok {
// ---- Creation -----------------------------------------------------------------------------------------------------

namespace {

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeModel(const TokenizerSpec& spec, ReadyBpeTables ready) {
  if (spec.scheme.kind != Scheme::Kind::kOwn) return MakeSchemeModel(spec);
  struct Maker {
    const TokenizerSpec& spec;
    ReadyBpeTables ready;
    using Result = absl::StatusOr<std::unique_ptr<const PieceModel>>;
    Result operator()(const BpeModelSpec& m) {
      return MakeBpeModel(m, spec.vocabulary, spec.alphabet, std::move(ready));
    }
    Result operator()(const UnigramModelSpec& m) {
      return MakeUnigramModel(m, spec.vocabulary, spec.alphabet);
    }
    Result operator()(const WordPieceModelSpec& m) {
      return MakeWordPieceModel(m, spec.vocabulary, spec.alphabet);
    }
    Result operator()(const WordLevelModelSpec& m) {
      return MakeWordLevelModel(m, spec.vocabulary, spec.alphabet);
    }
    Result operator()(const SentencePieceLookupModelSpec& m) {
      return MakeSentencePieceLookupModel(m, spec.vocabulary);
    }
    Result operator()(const PickyBpeModelSpec& m) {
      return MakePickyBpeModel(m, spec.vocabulary, spec.alphabet);
    }
  };
  return std::visit(Maker{spec, std::move(ready)}, spec.model);
}

std::vector<std::string> UserDefinedSymbols(const Vocabulary& vocabulary) {
  std::vector<std::string> symbols;
  const std::span<const TokenKind> kinds = vocabulary.kinds();
  for (auto kind = kinds.begin();
       (kind = std::find(kind, kinds.end(), TokenKind::kUserDefined)) != kinds.end(); ++kind) {
    symbols.emplace_back(vocabulary.Bytes(static_cast<TokenId>(kind - kinds.begin())));
  }
  return symbols;
}

absl::Status PieceTooLong(uint64_t begin) {
  return MakeError(ErrorCode::kLimit, BytePlace(begin), "a piece of 4 GiB or more", "split the document");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TokenizerImpl>> TokenizerImpl::Create(TokenizerSpec spec,
                                                                           ReadyBpeTables ready) {
  TOK_RETURN_IF_ERROR(ChosenInstructionSet().status());  // wrong is wrong, also where no stage asks
  auto impl = std::make_shared<TokenizerImpl>();
  impl->spec_ = std::move(spec);
  const TokenizerSpec& s = impl->spec_;
  TOK_ASSIGN_OR_RETURN(impl->normalizer_, Normalizer::Create(s.normalizers, s.unicode_profile,
                                                             UserDefinedSymbols(s.vocabulary)));
  TOK_ASSIGN_OR_RETURN(impl->pre_tokenizer_,
                       PreTokenizer::Create(s.pre_tokenizers, s.unicode_profile, s.alphabet));
  TOK_ASSIGN_OR_RETURN(impl->model_, MakeModel(s, std::move(ready)));
  impl->superwords_ = dynamic_cast<const SuperwordBpe*>(impl->model_.get());
  const PieceModel& tiling = impl->superwords_ != nullptr ? impl->superwords_->whole() : *impl->model_;
  if (tiling.TokensTile()) impl->tiles_ = tiling.piece_encoder();
  if (impl->superwords_ != nullptr) {
    TOK_ASSIGN_OR_RETURN(impl->words_splitter_, MakeScannerSplitter(PatternFamily::kSpacedWords));
  }
  TOK_ASSIGN_OR_RETURN(impl->decoder_, Decoder::Create(s));
  TOK_RETURN_IF_ERROR(impl->CreateAddedTokens());
  if (impl->normalized_matcher_.empty()) {
    TOK_ASSIGN_OR_RETURN(impl->direct_, DirectText::Create(s, *impl->model_, impl->raw_tokens_));
  }
  impl->WarmUp();
  return impl;
}

// What the first call of a process would wait for is done while loading: asking the processor which vector code it runs
// (which traps in a virtual machine), binding functions of shared libraries, allocating working memory.
void TokenizerImpl::WarmUp() const {
  std::vector<TokenId> ids;
  EncodeOutput output{&ids};
  // A tokenizer may have no token for this text: the next caller is told of it, with a text of their own.
  EncodeDocument("a", {.special = SpecialPolicy::Text()}, &output).IgnoreError();
}

absl::Status TokenizerImpl::CreateAddedTokens() {
  std::vector<std::string> contents;
  for (const AddedToken& token : spec_.added_tokens) {
    if (!token.normalized) {
      raw_tokens_.push_back(token);
      continue;
    }
    AlignedText content = AlignedText::From(token.content, 0, /*tracked=*/false);
    TOK_RETURN_IF_ERROR(normalizer_.Apply(&content));
    if (content.bytes.empty() && !token.content.empty()) {
      // The peer finds such a token between all characters, or panics inside one that has several bytes.
      return MakeError(ErrorCode::kUnsupportedFeature, Concat("added token '", token.content, "'"),
                       "the normalizer leaves nothing of it", "set its \"normalized\" to false or remove it");
    }
    normalized_tokens_.push_back(token);
    contents.push_back(std::move(content.bytes));
  }
  std::vector<std::string_view> raw_contents;
  for (const AddedToken& token : raw_tokens_) raw_contents.push_back(token.content);
  TOK_ASSIGN_OR_RETURN(raw_matcher_, AddedTokenMatcher::Create(raw_tokens_, raw_contents));
  const std::vector<std::string_view> normalized_contents(contents.begin(), contents.end());
  TOK_ASSIGN_OR_RETURN(normalized_matcher_,
                       AddedTokenMatcher::Create(normalized_tokens_, normalized_contents));
  return absl::OkStatus();
}

TokenId TokenizerImpl::FindToken(std::string_view token) const {
  for (const AddedToken& added : spec_.added_tokens) {
    if (added.content == token) return added.id;
  }
  return spec_.vocabulary.Find(token);
}

// Maps bytes of a text under work to the document: by alignment, or by a plain shift.
struct TokenizerImpl::Place {
  uint64_t shift = 0;
  const AlignedText* aligned = nullptr;

  static Place Of(const AlignedText& text) { return {text.front, text.tracked ? &text : nullptr}; }
  Span Of(size_t begin, size_t end) const {
    return aligned != nullptr ? aligned->OriginOf(begin, end) : Span{shift + begin, shift + end};
  }
  // An error at a byte of the text becomes one at a byte of the document.
  absl::Status Move(const absl::Status& status) const {
    const std::optional<ErrorAtByte> at = FindBytePlace(status);
    return at.has_value() ? MoveToByte(status, Of(at->byte, at->byte).begin) : status;
  }
};

// ---- Documents and segments ---------------------------------------------------------------------------------------

absl::Status TokenizerImpl::CheckOptions(const EncodeOptions& options) const {
  if (options.utf8 != Utf8Policy::kBytes || spec_.alphabet == VocabularyAlphabet::kBytes)
    return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "utf8 policy 'bytes'", "needs a byte-level vocabulary",
                   "use 'replace'");
}

absl::Status TokenizerImpl::EncodeDocument(std::string_view document, const EncodeOptions& options,
                                           EncodeOutput* output) const {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  const size_t invalid =
      options.utf8 == Utf8Policy::kBytes ? std::string_view::npos : FindInvalidUtf8(document);
  if (invalid == std::string_view::npos) return EncodeWellFormed(document, options, output);
  if (options.utf8 == Utf8Policy::kError) {
    return MakeError(ErrorCode::kInvalidUtf8, BytePlace(invalid), "invalid UTF-8",
                     "repair the text, or choose the policy 'replace' or 'bytes' (--utf8)");
  }
  const AlignedText source = AlignedText::From(document, 0, output->spans != nullptr);
  const AlignedText repaired = RepairUtf8(source);
  const absl::Status status = EncodeWellFormed(repaired.bytes, options, output);
  if (const std::optional<ErrorAtByte> at = FindBytePlace(status)) {
    const AlignedText aligned = RepairUtf8(AlignedText::From(document, 0, /*tracked=*/true));
    return MoveToByte(status, aligned.OriginOf(at->byte, at->byte).begin);
  }
  if (output->spans != nullptr) {
    for (Span& span : *output->spans) span = repaired.OriginOf(span.begin, span.end);
  }
  return status;
}

absl::Status TokenizerImpl::EncodeWellFormed(std::string_view body, const EncodeOptions& options,
                                             EncodeOutput* output) const {
  ContextLease context(*this);
  if (model_->IsRandom()) context.get()->model_scratch->BeginDocument(HashBytes(body));
  const std::vector<TemplateItem>& items = spec_.post_processor.single;
  if (!options.add_template || items.empty()) return EncodeBody(body, 0, options, context.get(), output);
  for (const TemplateItem& item : items) {
    if (item.kind == TemplateItem::Kind::kSequenceA) {
      TOK_RETURN_IF_ERROR(EncodeBody(body, 0, options, context.get(), output));
    } else {
      AppendTemplateTokens(item, output);
    }
    output->Absorb();
  }
  return absl::OkStatus();
}

void TokenizerImpl::AppendTemplateTokens(const TemplateItem& item, EncodeOutput* output) const {
  output->ids->insert(output->ids->end(), item.ids.begin(), item.ids.end());
  if (output->spans != nullptr)
    output->spans->insert(output->spans->end(), item.ids.size(), Span{0, 0});  // as in Hugging Face
  if (output->words != nullptr) output->words->insert(output->words->end(), item.ids.size(), kNoWord);
}

absl::Status TokenizerImpl::CheckSpecial(const AddedToken& token, uint64_t position,
                                         const SpecialPolicy& policy) const {
  if (!token.special || policy.kind() == SpecialPolicy::Kind::kAll) return absl::OkStatus();
  if (policy.kind() == SpecialPolicy::Kind::kListed &&
      std::binary_search(policy.listed().begin(), policy.listed().end(), token.id)) {
    return absl::OkStatus();
  }
  return MakeError(
      ErrorCode::kSpecialInText, BytePlace(position),
      Concat("special token '", token.content, "' in the text"),
      "choose the special policy 'text' (--special text) to read it as text, or 'all' to let it act");
}

absl::Status TokenizerImpl::EncodeBody(std::string_view body, uint64_t begin, const EncodeOptions& options,
                                       EncodeContext* context, EncodeOutput* output) const {
  if (raw_matcher_.empty()) return EncodeSegment(body, begin, options, context, output);
  if (direct_ != nullptr && direct_->spelling().prefix.empty() && output->spans == nullptr &&
      body.size() <= UINT32_MAX) {
    return EncodeBodyDirect(body, begin, options, context, output);
  }
  AddedTokenScan scan(raw_matcher_, body, options.special.kind() == SpecialPolicy::Kind::kText);
  size_t done = 0;
  for (AddedMatch match; !output->Full() && scan.Next(&match); done = match.end) {
    const AddedToken& token = raw_tokens_[match.index];
    TOK_RETURN_IF_ERROR(CheckSpecial(token, begin + match.begin, options.special));
    if (done < match.begin) {
      const std::string_view segment = body.substr(done, match.begin - done);
      TOK_RETURN_IF_ERROR(EncodeSegment(segment, begin + done, options, context, output));
    }
    output->ids->push_back(token.id);
    if (output->spans != nullptr) output->spans->push_back({begin + match.begin, begin + match.end});
    output->EndWord();
  }
  if (done < body.size() && !output->Full()) {
    TOK_RETURN_IF_ERROR(EncodeSegment(body.substr(done), begin + done, options, context, output));
  }
  output->Absorb();
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodeBodyDirect(std::string_view body, uint64_t begin,
                                             const EncodeOptions& options, EncodeContext* context,
                                             EncodeOutput* output) const {
  DirectPieces pieces(*direct_, body, &context->cache, context->model_scratch.get(), output->ids);
  AddedTokenScan scan(raw_matcher_, body, options.special.kind() == SpecialPolicy::Kind::kText);
  size_t done = 0;
  const auto add_text = [&](size_t end) {
    while (done < end && !pieces.AddText(end)) output->Absorb();
  };
  for (AddedMatch match; scan.Next(&match); done = match.end) {
    const AddedToken& token = raw_tokens_[match.index];
    TOK_RETURN_IF_ERROR(CheckSpecial(token, begin + match.begin, options.special));
    add_text(match.begin);
    const bool whole = match.begin >= done && match.end - match.begin == token.content.size();
    if (whole && direct_->IsPiece(match.index)) {
      pieces.AddPiece(match.end);
    } else {
      pieces.Restart(match.end);
      output->ids->push_back(token.id);
    }
    output->Absorb();
  }
  add_text(body.size());
  pieces.Flush();
  output->Absorb();
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodeSegment(std::string_view segment, uint64_t begin,
                                          const EncodeOptions& options, EncodeContext* context,
                                          EncodeOutput* output) const {
  if (segment.empty()) return absl::OkStatus();  // nothing is never normalized into something
  if (direct_ != nullptr && output->spans == nullptr) {
    return EncodeDirect(segment, begin, direct_->spelling().PrefixOf(segment, begin), context, output);
  }
  const bool plain = Tiles(segment) && normalized_matcher_.empty();
  if (plain && (normalizer_.IsIdentity() || normalizer_.Unchanged(segment))) {
    return EncodeTiled(segment, Place{begin, nullptr}, context, output);
  }
  const bool tracked = output->spans != nullptr || pre_tokenizer_.NeedsOrigins();
  const absl::Status status =
      EncodeRewritten(AlignedText::From(segment, begin, tracked), options, context, output);
  if (tracked || !FindBytePlace(status).has_value()) return status;
  // Where in the document the error is, alignments tell: errors are rare enough to run into this one again.
  std::vector<TokenId> ids;
  EncodeOutput again{&ids, nullptr, output->max_ids};
  return EncodeRewritten(AlignedText::From(segment, begin, /*tracked=*/true), options, context, &again);
}

absl::Status TokenizerImpl::EncodeRewritten(AlignedText text, const EncodeOptions& options,
                                            EncodeContext* context, EncodeOutput* output) const {
  TOK_RETURN_IF_ERROR(Place::Of(text).Move(normalizer_.Apply(&text)));
  return EncodeAligned(&text, options, context, output);
}

bool TokenizerImpl::Tiles(std::string_view text) const {
  const Splitter* tiling = pre_tokenizer_.tiling();
  return tiling != nullptr && !(tiling->NeedsValidUtf8() && FindInvalidUtf8(text) != std::string_view::npos);
}

absl::Status TokenizerImpl::EncodeAligned(AlignedText* text, const EncodeOptions& options,
                                          EncodeContext* context, EncodeOutput* output) const {
  if (normalized_matcher_.empty()) return EncodeNormalized(text, context, output);
  AddedTokenScan scan(normalized_matcher_, text->bytes, options.special.kind() == SpecialPolicy::Kind::kText);
  size_t done = 0;
  const auto encode_until = [&](size_t end) -> absl::Status {
    if (done >= end) return absl::OkStatus();
    AlignedText part = text->Slice(done, end);
    return EncodeNormalized(&part, context, output);
  };
  for (AddedMatch match; !output->Full() && scan.Next(&match); done = match.end) {
    const AddedToken& token = normalized_tokens_[match.index];
    const Span span = text->OriginOf(match.begin, match.end);
    TOK_RETURN_IF_ERROR(CheckSpecial(token, span.begin, options.special));
    TOK_RETURN_IF_ERROR(encode_until(match.begin));
    output->ids->push_back(token.id);
    if (output->spans != nullptr) output->spans->push_back(span);
    output->EndWord();
  }
  if (output->Full()) return absl::OkStatus();
  if (done == 0) return EncodeNormalized(text, context, output);
  return encode_until(text->bytes.size());
}

absl::Status TokenizerImpl::EncodeDirect(std::string_view text, uint64_t begin, std::string_view prefix,
                                         EncodeContext* context, EncodeOutput* output) const {
  size_t ends[kMaxBatchPieces];
  SplitState state;
  size_t done = 0;
  const auto encode = [&](std::string_view source, size_t from, std::span<const size_t> piece_ends,
                          bool only_short_characters) {
    EncodeCachedPieces(direct_->encoder(), source, from, piece_ends, only_short_characters, &context->cache,
                       context->model_scratch.get(), output->ids);
  };
  while (const size_t n = direct_->splitter().Fill(text, &state, ends, kMaxBatchPieces)) {
    size_t n_done = 0;
    for (size_t i = 0, at = done; ends[n - 1] - done > UINT32_MAX && i < n; at = ends[i++]) {
      if (ends[i] - at > UINT32_MAX) return PieceTooLong(begin + at);
    }
    if (!prefix.empty()) {  // it may join what the text begins with
      const std::string first = Concat(prefix, text.substr(0, ends[0]));
      const size_t end = first.size();
      encode(first, 0, std::span(&end, 1), /*only_short_characters=*/false);
      prefix = {};
      done = ends[n_done++];
    }
    encode(text, done, std::span(ends, n).subspan(n_done), state.only_short_characters);
    done = ends[n - 1];
    output->Absorb();
  }
  return absl::OkStatus();
}

// ---- Pieces -------------------------------------------------------------------------------------------------------

absl::Status TokenizerImpl::EncodeNormalized(AlignedText* text, EncodeContext* context,
                                             EncodeOutput* output) const {
  if (Tiles(text->bytes)) return EncodeTiled(text->bytes, Place::Of(*text), context, output);
  std::vector<PieceRange> pieces = std::move(context->pieces);
  pieces.clear();
  if (pre_tokenizer_.IsIdentity()) {
    if (!text->bytes.empty()) pieces.push_back({0, text->bytes.size()});
  } else {
    TOK_RETURN_IF_ERROR(Place::Of(*text).Move(pre_tokenizer_.Apply(text, &pieces)));
  }
  const Place place = Place::Of(*text);
  for (const PieceRange& piece : pieces) {
    TOK_RETURN_IF_ERROR(EncodePiece(text->bytes, piece.begin, piece.end, place, context, output));
    if (output->Full()) break;
  }
  output->Absorb();
  context->pieces = std::move(pieces);
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodePiece(std::string_view text, size_t begin, size_t end, const Place& place,
                                        EncodeContext* context, EncodeOutput* output) const {
  if (end - begin > UINT32_MAX) return PieceTooLong(place.Of(begin, begin).begin);
  const std::string_view piece = text.substr(begin, end - begin);
  if (superwords_ != nullptr && output->spans == nullptr) {
    EncodeSuperwordPieces(*superwords_, *words_splitter_, text, begin, std::span(&end, 1), &context->cache,
                          context->model_scratch.get(), output->ids);
    return absl::OkStatus();
  }
  if (model_->piece_encoder() != nullptr && output->spans == nullptr) {
    EncodeCachedPieces(*model_->piece_encoder(), text, begin, std::span(&end, 1),
                       /*only_short_characters=*/false, &context->cache, context->model_scratch.get(),
                       output->ids);
    return absl::OkStatus();
  }
  context->piece_tokens.clear();
  const absl::Status status = model_->Encode(piece, context->model_scratch.get(), &context->piece_tokens);
  if (!status.ok()) return AtPlace(BytePlace(place.Of(begin, end).begin), status);
  for (const PieceToken& token : context->piece_tokens) output->ids->push_back(token.id);
  if (output->spans != nullptr) {
    for (const PieceToken& token : context->piece_tokens) {
      output->spans->push_back(place.Of(begin + token.begin, begin + token.end));
    }
  }
  output->EndWord();
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodeTiled(std::string_view text, const Place& place, EncodeContext* context,
                                        EncodeOutput* output) const {
  const Splitter& splitter = *pre_tokenizer_.tiling();
  size_t ends[kMaxBatchPieces];
  SplitState state;
  size_t begin = 0;
  while (const size_t n = splitter.Fill(text, &state, ends, kMaxBatchPieces)) {
    const bool notes_words = output->words != nullptr;
    if (tiles_ != nullptr && !(notes_words && superwords_ != nullptr) && ends[n - 1] - begin <= UINT32_MAX) {
      const size_t first = output->ids->size();
      if (notes_words) {
        size_t id_ends[kMaxBatchPieces];
        EncodeCachedPieces(*tiles_, text, begin, std::span(ends, n), state.only_short_characters,
                           &context->cache, context->model_scratch.get(), output->ids, id_ends);
        for (const size_t id_end : std::span(id_ends, n)) output->EndWordAt(id_end);
      } else if (superwords_ != nullptr) {
        EncodeSuperwordPieces(*superwords_, *words_splitter_, text, begin, std::span(ends, n),
                              &context->cache, context->model_scratch.get(), output->ids);
      } else {
        EncodeCachedPieces(*tiles_, text, begin, std::span(ends, n), state.only_short_characters,
                           &context->cache, context->model_scratch.get(), output->ids);
      }
      if (output->spans != nullptr) {
        size_t at = begin;
        for (size_t i = first; i < output->ids->size(); ++i) {
          const size_t end = EndOfToken(spec_.vocabulary, (*output->ids)[i], at, ends[n - 1]);
          output->spans->push_back(place.Of(at, end));
          at = end;
        }
      }
      begin = ends[n - 1];
    } else {
      for (size_t i = 0; i < n; begin = ends[i++]) {
        TOK_RETURN_IF_ERROR(EncodePiece(text, begin, ends[i], place, context, output));
      }
    }
    if (output->Full()) break;
    output->Absorb();
  }
  return absl::OkStatus();
}

}  // namespace tok
