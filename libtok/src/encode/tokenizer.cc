#include "tok/tokenizer.h"

#include <algorithm>
#include <utility>

#include "src/base/file.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/offset_units.h"
#include "src/encode/tokenizer_impl.h"
#include "src/format/tok_image.h"
#include "src/unicode/utf8.h"
#include "tok/formats.h"
#include "tok/stream_decoder.h"

namespace tok {

SpecialPolicy SpecialPolicy::Listed(std::vector<TokenId> ids) {
  SpecialPolicy policy(Kind::kListed);
  std::sort(ids.begin(), ids.end());
  policy.listed_ = std::move(ids);
  return policy;
}

namespace {

absl::StatusOr<FrozenTokenizer> ReadAny(const std::string& path_or_name) {
  const std::vector<std::string> bundled = BundledNames();
  if (std::find(bundled.begin(), bundled.end(), path_or_name) != bundled.end()) {
    return ReadFrozenBundled(path_or_name);
  }
  TOK_ASSIGN_OR_RETURN(const Format format, DetectFormat(path_or_name));
  if (format == Format::kImage) return ReadImage(path_or_name);
  TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, ReadTokenizer(path_or_name));
  return FrozenTokenizer{std::move(spec), {}};
}

}  // namespace

absl::StatusOr<Tokenizer> Tokenizer::Load(std::string_view path_or_name) {
  TOK_ASSIGN_OR_RETURN(FrozenTokenizer frozen, ReadAny(std::string(path_or_name)));
  auto impl = TokenizerImpl::Create(std::move(frozen.spec), std::move(frozen.bpe));
  if (!impl.ok()) return AtPlace(path_or_name, impl.status());
  return Tokenizer(*std::move(impl));
}

absl::Status Tokenizer::Save(std::string_view path) const {
  return WriteFileAtomically(std::string(path), SerializeImage(impl_->spec(), impl_->model().tables()));
}

absl::StatusOr<Tokenizer> Tokenizer::Create(TokenizerSpec spec) {
  TOK_ASSIGN_OR_RETURN(auto impl, TokenizerImpl::Create(std::move(spec), {}));
  return Tokenizer(std::move(impl));
}

absl::StatusOr<Tokenizer> Tokenizer::WithScheme(const Scheme& scheme) const {
  TokenizerSpec spec = impl_->spec();
  spec.scheme = scheme;
  return Create(std::move(spec));
}

absl::Status Tokenizer::EncodeTo(std::string_view text, const EncodeOptions& options,
                                 std::vector<TokenId>* ids) const {
  EncodeOutput output{ids};
  return impl_->EncodeDocument(text, options, &output);
}

absl::StatusOr<std::vector<TokenId>> Tokenizer::Encode(std::string_view text,
                                                       const EncodeOptions& options) const {
  std::vector<TokenId> ids;
  TOK_RETURN_IF_ERROR(EncodeTo(text, options, &ids));
  return ids;
}

absl::StatusOr<Encoding> Tokenizer::EncodeWithSpans(std::string_view text, const EncodeOptions& options,
                                                    OffsetUnit unit) const {
  Encoding encoding;
  EncodeOutput output{&encoding.ids, &encoding.spans};
  TOK_RETURN_IF_ERROR(impl_->EncodeDocument(text, options, &output));
  ConvertOffsets(text, unit, options.utf8 == Utf8Policy::kReplace, encoding.spans);
  return encoding;
}

absl::StatusOr<Encoding> Tokenizer::EncodeWithWords(std::string_view text, const EncodeOptions& options,
                                                    OffsetUnit unit) const {
  Encoding encoding;
  EncodeOutput output{&encoding.ids, &encoding.spans};
  output.words = &encoding.words;
  TOK_RETURN_IF_ERROR(impl_->EncodeDocument(text, options, &output));
  ConvertOffsets(text, unit, options.utf8 == Utf8Policy::kReplace, encoding.spans);
  return encoding;
}

namespace {

// The begin of the character that byte `at` is inside of; `at` itself if it begins one or belongs to none.
uint64_t CharacterBegin(std::string_view text, uint64_t at) {
  constexpr uint64_t kMaxContinuationBytes = 3;
  for (uint64_t back = 1; back <= kMaxContinuationBytes && back <= at && at < text.size(); ++back) {
    const DecodedChar c = DecodeUtf8(text, at - back);
    if (c.code_point != kInvalidByte) return c.n_bytes > back ? at - back : at;
  }
  return at;
}

}  // namespace

absl::StatusOr<PrefixEncoding> Tokenizer::EncodePrefix(std::string_view text, uint64_t max_ids,
                                                       const EncodeOptions& options) const {
  Encoding encoding;
  EncodeOutput output{&encoding.ids, &encoding.spans, max_ids};
  TOK_RETURN_IF_ERROR(impl_->EncodeDocument(text, options, &output));
  PrefixEncoding prefix;
  prefix.complete = encoding.ids.size() <= max_ids;
  prefix.n_bytes = text.size();
  if (!prefix.complete) {
    const auto kept = static_cast<std::ptrdiff_t>(max_ids);
    uint64_t end = max_ids == 0 ? 0 : encoding.spans[max_ids - 1].end;
    // The next id may share its character with the last one kept.
    end = std::min(
        end, std::max(encoding.spans[max_ids].begin, max_ids == 0 ? 0 : encoding.spans[max_ids - 1].begin));
    prefix.n_bytes = CharacterBegin(text, end);
    encoding.ids.erase(encoding.ids.begin() + kept, encoding.ids.end());
  }
  prefix.ids = std::move(encoding.ids);
  return prefix;
}

absl::StatusOr<uint64_t> Tokenizer::Count(std::string_view text, const EncodeOptions& options) const {
  std::vector<TokenId> ids;
  EncodeOutput output{&ids};
  output.count_only = true;
  TOK_RETURN_IF_ERROR(impl_->EncodeDocument(text, options, &output));
  output.Absorb();
  return output.n_counted;
}

absl::StatusOr<RaggedIds> Tokenizer::EncodeBatch(std::span<const std::string_view> documents,
                                                 const EncodeOptions& options, unsigned n_threads) const {
  size_t failed = 0;
  absl::StatusOr<RaggedIds> ids = impl_->EncodeDocuments(documents, options, n_threads, &failed);
  if (!ids.ok()) return AtPlace(Concat("document ", failed), ids.status());
  return ids;
}

absl::StatusOr<std::vector<uint64_t>> Tokenizer::CountBatch(std::span<const std::string_view> documents,
                                                            const EncodeOptions& options,
                                                            unsigned n_threads) const {
  constexpr size_t kBytesAtOnce = size_t{64} << 20;
  std::vector<uint64_t> counts;
  counts.reserve(documents.size());
  while (counts.size() < documents.size()) {
    std::span<const std::string_view> some = documents.subspan(counts.size());
    size_t n_some = 0, n_bytes = 0;
    while (n_some < some.size() && n_bytes < kBytesAtOnce) n_bytes += some[n_some++].size() + 1;
    some = some.first(n_some);
    size_t failed = 0;
    const absl::StatusOr<RaggedIds> ids = impl_->EncodeDocuments(some, options, n_threads, &failed);
    if (!ids.ok()) return AtPlace(Concat("document ", counts.size() + failed), ids.status());
    for (size_t d = 0; d < n_some; ++d) counts.push_back(ids->offsets[d + 1] - ids->offsets[d]);
  }
  return counts;
}

absl::StatusOr<IdArray> Tokenizer::EncodeParallel(std::string_view text, const EncodeOptions& options,
                                                  unsigned n_threads) const {
  size_t failed = 0;
  TOK_ASSIGN_OR_RETURN(RaggedIds ids,
                       impl_->EncodeDocuments(std::span(&text, 1), options, n_threads, &failed));
  return std::move(ids.ids);
}

absl::StatusOr<std::string> Tokenizer::Decode(std::span<const TokenId> ids,
                                              const DecodeOptions& options) const {
  std::string bytes;
  TOK_RETURN_IF_ERROR(impl_->decoder().Decode(ids, options, &bytes));
  return bytes;
}

StreamDecoder Tokenizer::MakeStreamDecoder(const DecodeOptions& options) const {
  return StreamDecoder(*this, options);
}

const Vocabulary& Tokenizer::vocabulary() const { return impl_->spec().vocabulary; }
const TokenizerSpec& Tokenizer::spec() const { return impl_->spec(); }
std::string_view Tokenizer::name() const { return impl_->spec().name; }
TokenId Tokenizer::FindToken(std::string_view token) const { return impl_->FindToken(token); }
bool Tokenizer::DecodesByConcatenation() const { return impl_->decoder().DecodesByConcatenation(); }
std::string_view Tokenizer::TokenBytes(TokenId id) const { return impl_->decoder().TokenBytes(id); }
std::span<const std::string> Tokenizer::warnings() const { return impl_->spec().warnings; }
std::string Tokenizer::IdentityHash() const { return SpecIdentityHash(impl_->spec()); }

std::vector<std::string> Tokenizer::Describe() const {
  const PreTokenizer& pre_tokenizer = impl_->pre_tokenizer();
  const std::string splitter = impl_->direct() != nullptr   ? impl_->direct()->splitter().Name()
                               : pre_tokenizer.IsIdentity() ? "none"
                                                            : pre_tokenizer.Describe();
  return {Concat("normalizer: ", impl_->normalizer().IsIdentity() ? "none" : "yes"),
          Concat("splitter: ", splitter), Concat("model: ", impl_->model().Name()),
          Concat("decoder: ", DecodesByConcatenation() ? "concatenation" : "chain")};
}

const Decoder& internal::DecoderOf(const Tokenizer& tokenizer) {
  return TokenizerImpl::Of(tokenizer).decoder();
}

}  // namespace tok
