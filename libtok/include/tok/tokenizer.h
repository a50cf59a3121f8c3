// tok/tokenizer.h: load a tokenizer, encode text to ids, decode ids to bytes.
//
// Model: document -> added/special tokens -> segments -> normalizer -> splitter -> pieces -> model -> ids -> template;
// ids -> decoder -> bytes. Ids equal those of the peers the file was made for (tiktoken, tokenizers, SentencePiece).
// Shapes and units: text is bytes, UTF-8 unless the call says otherwise; ids[n]; spans[n] are ranges of the
// ORIGINAL document, in bytes unless the call says otherwise, one per id.
// Errors: every fallible call returns a Status with a stable code (tok/status.h); outputs are then unspecified.
// Cost: encoding is O(n log n) in the worst case, allocation-free per piece. Memory: a warm thread
// keeps tables of pieces, 128 KiB to 48 MiB as text of more kinds comes along.
// Threads: a Tokenizer is immutable and may be shared by any number of threads and across fork(); copying is cheap.
// Determinism: same bytes in, same ids out, for any thread count, cache size and machine.
// Example:
//   auto tokenizer = tok::Tokenizer::Load("o200k_base");
//   if (!tokenizer.ok()) return tokenizer.status();
//   absl::StatusOr<std::vector<tok::TokenId>> ids = tokenizer->Encode("Hello world");
#ifndef TOK_TOKENIZER_H_
#define TOK_TOKENIZER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/id_array.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

// What to do when an added token flagged special occurs in text. Added tokens that are not special always match.
class SpecialPolicy {
 public:
  enum class Kind : uint8_t { kError, kText, kAll, kListed };
  static SpecialPolicy Error() { return SpecialPolicy(Kind::kError); }
  static SpecialPolicy Text() { return SpecialPolicy(Kind::kText); }
  static SpecialPolicy All() { return SpecialPolicy(Kind::kAll); }
  // These match; any other special token in the text is an error.
  static SpecialPolicy Listed(std::vector<TokenId> ids);

  Kind kind() const { return kind_; }
  std::span<const TokenId> listed() const { return listed_; }  // sorted

 private:
  explicit SpecialPolicy(Kind kind) : kind_(kind) {}
  Kind kind_;
  std::vector<TokenId> listed_;
};

struct EncodeOptions {
  SpecialPolicy special = SpecialPolicy::Error();
  bool add_template = false;  // also emit the post-processor's tokens (BOS, EOS, [CLS], ...)
  Utf8Policy utf8 = Utf8Policy::kError;
  // Asked now and then by what works on many documents or a long one with several threads, by one thread at a time: false ends
  // it with TOK-E061. May be empty.
  std::function<bool()> goes_on;
};

// What offsets count: bytes of the document; its code points; UTF-16 code units. Outside bytes, a token that holds a
// part of a character covers the whole of it; an invalid byte (or, under kReplace, a maximal invalid part) is one.
enum class OffsetUnit : uint8_t { kNone, kBytes, kChars, kUtf16 };

struct Encoding {
  std::vector<TokenId> ids;
  std::vector<Span> spans;  // parallel to ids; template tokens have [0, 0), as in Hugging Face
  // Parallel to ids, of EncodeWithWords: which piece each id is of. Pieces, and added tokens in the text, are counted together
  // from 0; template tokens have kNoWord.
  std::vector<uint32_t> words;
};
inline constexpr uint32_t kNoWord = UINT32_MAX;

struct PrefixEncoding {
  std::vector<TokenId> ids;  // the first max_ids ids of the whole encoding
  uint64_t n_bytes = 0;      // bytes of the document that those ids cover, cut back to a whole character
  bool complete = false;     // the document ended before max_ids
};

// Ids of many documents, flat: document d is ids[offsets[d] .. offsets[d+1]).
struct RaggedIds {
  IdArray ids;
  std::vector<uint64_t> offsets;  // n_docs + 1 entries

  std::span<const TokenId> Document(size_t d) const {
    return std::span<const TokenId>(ids).subspan(offsets[d], offsets[d + 1] - offsets[d]);
  }
};

// Encodings of many documents, flat, as RaggedIds.
struct RaggedEncodings {
  Encoding flat;
  std::vector<uint64_t> offsets;  // n_docs + 1 entries
};

enum class UnknownIdPolicy : uint8_t { kError, kSkip };

struct DecodeOptions {
  bool skip_special = false;
  UnknownIdPolicy unknown_id = UnknownIdPolicy::kError;
};

class TokenizerImpl;
class StreamDecoder;

class Tokenizer {
 public:
  // A file of any supported format, a Hugging Face model directory, or a bundled name ("o200k_base").
  static absl::StatusOr<Tokenizer> Load(std::string_view path_or_name);
  // Writes the frozen image (.tok): Load maps it instead of parsing. Atomic.
  absl::Status Save(std::string_view path) const;
  // Errors: TOK-E022 for a feature libtok does not do exactly, TOK-E021/E023/E024 for inconsistent data, TOK-E040 if the
  // environment variable TOK_ISA cannot be honoured.
  static absl::StatusOr<Tokenizer> Create(TokenizerSpec spec);

  // The same tokenizer with its pieces segmented by another rule (tok/scheme.h); the vocabulary is shared. Milliseconds.
  // Errors: TOK-E022 if the vocabulary cannot be used so.
  absl::StatusOr<Tokenizer> WithScheme(const Scheme& scheme) const;

  absl::StatusOr<std::vector<TokenId>> Encode(std::string_view text, const EncodeOptions& options = {}) const;
  absl::StatusOr<Encoding> EncodeWithSpans(std::string_view text, const EncodeOptions& options = {},
                                           OffsetUnit unit = OffsetUnit::kBytes) const;
  // The same, and words: what Hugging Face calls word ids.
  absl::StatusOr<Encoding> EncodeWithWords(std::string_view text, const EncodeOptions& options = {},
                                           OffsetUnit unit = OffsetUnit::kBytes) const;
  // Appends to *ids, and allocates only where its capacity does not suffice.
  absl::Status EncodeTo(std::string_view text, const EncodeOptions& options, std::vector<TokenId>* ids) const;
  // Stops as soon as max_ids ids are certain. The whole text is validated and, where there is a normalizer, normalized
  // first.
  absl::StatusOr<PrefixEncoding> EncodePrefix(std::string_view text, uint64_t max_ids,
                                              const EncodeOptions& options = {}) const;
  absl::StatusOr<uint64_t> Count(std::string_view text, const EncodeOptions& options = {}) const;
  // n_threads 0: all that affinity and the cgroup quota allow; a batch of less than 256 KiB of text gets one thread, the
  // caller. Long documents are shared out as by EncodeParallel. The error names the first failing document.
  // Memory: the ids, and per thread the tables of a thread and a few MiB of ids on their way. Example:
  //   std::vector<std::string_view> documents(strings.begin(), strings.end());
  //   auto batch = tokenizer->EncodeBatch(documents);
  //   if (!batch.ok()) return batch.status();
  //   for (size_t d = 0; d < documents.size(); ++d) Use(batch->Document(d));  // std::span<const TokenId>
  absl::StatusOr<RaggedIds> EncodeBatch(std::span<const std::string_view> documents,
                                        const EncodeOptions& options = {}, unsigned n_threads = 0) const;
  // EncodeWithWords of each, as EncodeBatch does it, but that one thread encodes a document, however long.
  absl::StatusOr<RaggedEncodings> EncodeBatchWithWords(std::span<const std::string_view> documents,
                                                       const EncodeOptions& options = {},
                                                       OffsetUnit unit = OffsetUnit::kBytes,
                                                       unsigned n_threads = 0) const;
  // How many ids EncodeBatch would give each document. Memory: the ids of some 64 MB of text at a time.
  absl::StatusOr<std::vector<uint64_t>> CountBatch(std::span<const std::string_view> documents,
                                                   const EncodeOptions& options = {},
                                                   unsigned n_threads = 0) const;
  // One document, cut at exact boundaries and encoded by several threads; the same ids as Encode.
  absl::StatusOr<IdArray> EncodeParallel(std::string_view text, const EncodeOptions& options = {},
                                         unsigned n_threads = 0) const;

  absl::StatusOr<std::string> Decode(std::span<const TokenId> ids, const DecodeOptions& options = {}) const;
  // Whole characters as soon as they are complete; O(1) a token. See tok/stream_decoder.h.
  StreamDecoder MakeStreamDecoder(const DecodeOptions& options = {}) const;

  const Vocabulary& vocabulary() const;
  const TokenizerSpec& spec() const;
  std::string_view name() const;
  // The id of a token by its spelling: added tokens by content, model tokens by bytes; kNoToken if none.
  TokenId FindToken(std::string_view token) const;
  // Whether decoding is the concatenation of per-token bytes: offsets, streaming and byte-level work need it.
  bool DecodesByConcatenation() const;
  // The bytes a token stands for when DecodesByConcatenation().
  std::string_view TokenBytes(TokenId id) const;
  // Hash over everything that decides ids: vocabulary, merges, pipeline, Unicode profile, specials. Hex.
  std::string IdentityHash() const;
  // The algorithm each stage runs on, for `tok inspect`: e.g. "splitter: o200k mask scanner (avx512)".
  std::vector<std::string> Describe() const;
  std::span<const std::string> warnings() const;

 private:
  explicit Tokenizer(std::shared_ptr<const TokenizerImpl> impl) : impl_(std::move(impl)) {}
  friend class TokenizerImpl;
  std::shared_ptr<const TokenizerImpl> impl_;
};

}  // namespace tok

#endif  // TOK_TOKENIZER_H_
