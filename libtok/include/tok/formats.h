// tok/formats.h: tokenizer files in and out.
//
// Model: a reader turns a file into a TokenizerSpec or refuses it with the place, the fact and a remedy; a writer
// turns a TokenizerSpec into a file or refuses a lossy conversion (TOK-E026) by naming what would be lost.
// Files are untrusted: every length is bounded, nothing recurses on input.
// Errors: TOK-E001/E002 for the file itself, TOK-E020..E025 for its content.
// Threads: pure functions.
#ifndef TOK_FORMATS_H_
#define TOK_FORMATS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

enum class Format : uint8_t {
  kTokenizerJson,   // Hugging Face tokenizer.json
  kTiktoken,        // base64 token, space, rank per line
  kVocabMerges,     // vocab.json beside merges.txt (either path names the pair)
  kWordPieceVocab,  // vocab.txt
  kSentencePiece,   // .model
  kTekken,          // Mistral tekken.json
  kModelDirectory,  // Hugging Face model directory
  kImage,           // .tok
};
std::string_view FormatName(Format format);

// What a file is, by its content first and its name second. Errors: TOK-E001, E002, E025.
absl::StatusOr<Format> DetectFormat(std::string_view path);
// What a path to be written is, by its suffix (.json, .tiktoken, .model, .tok, or a directory for vocab + merges).
absl::StatusOr<Format> FormatForOutput(std::string_view path);

struct ReadOptions {
  // For .tiktoken files, which carry neither: a pattern name ("gpt2", "cl100k", "o200k", ...) or regular
  // expression, and special tokens. Empty: known from the file's content hash, else an error that says so.
  std::string pattern;
  std::vector<AddedToken> special_tokens;
  // tokenizer.json: accept a file whose model asks for BPE dropout (kept in the spec, not applied by Encode).
  bool allow_dropout = false;
};
absl::StatusOr<TokenizerSpec> ReadTokenizer(std::string_view path, const ReadOptions& options = {});

// The same readers over bytes in memory (fuzzing, bundled data); `place` is for messages.
absl::StatusOr<TokenizerSpec> ParseTokenizerJson(std::string_view bytes, std::string_view place,
                                                 const ReadOptions& options = {});
absl::StatusOr<TokenizerSpec> ParseTiktoken(std::string_view bytes, std::string_view place,
                                            const ReadOptions& options);
absl::StatusOr<TokenizerSpec> ParseVocabMerges(std::string_view vocab_json, std::string_view merges_txt,
                                               std::string_view place);
absl::StatusOr<TokenizerSpec> ParseWordPieceVocab(std::string_view bytes, std::string_view place);
absl::StatusOr<TokenizerSpec> ParseSentencePiece(std::string_view bytes, std::string_view place);
absl::StatusOr<TokenizerSpec> ParseTekken(std::string_view bytes, std::string_view place);

// What SerializeTokenizerJson writes for `spec`, in Hugging Face's terms: another tokenizer only if `spec` has
// SentencePiece's rules. Where Hugging Face's reading of them differs on some texts, its warnings say so, a sentence
// each. Errors: TOK-E026, TOK-E030.
absl::StatusOr<TokenizerSpec> AsTokenizerJson(const TokenizerSpec& spec);

// What SerializeSentencePiece writes for `spec`, in SentencePiece's terms: another tokenizer only if `spec` has none of
// SentencePiece's rules. Warnings and errors as above.
absl::StatusOr<TokenizerSpec> AsSentencePiece(const TokenizerSpec& spec);

// Serialized file content. Errors: TOK-E026 names the features the format cannot express.
absl::StatusOr<std::string> SerializeTokenizerJson(const TokenizerSpec& spec);
absl::StatusOr<std::string> SerializeTiktoken(const TokenizerSpec& spec);
struct VocabMergesFiles {
  std::string vocab_json, merges_txt;
};
absl::StatusOr<VocabMergesFiles> SerializeVocabMerges(const TokenizerSpec& spec);
absl::StatusOr<std::string> SerializeSentencePiece(const TokenizerSpec& spec);

// Writes `spec` to `path` atomically in the given format.
absl::Status WriteTokenizer(const TokenizerSpec& spec, Format format, std::string_view path);

// Hash over everything that decides ids and decoded bytes: vocabulary, merges, pipeline, Unicode profile, specials.
// 32 hexadecimal digits; the same for equal tokenizers read from different formats only if their specs are equal.
std::string SpecIdentityHash(const TokenizerSpec& spec);

// SHA-256 of a file as it lies on the disk: 64 hexadecimal digits, as sha256sum prints them. Errors: TOK-E001, E002.
absl::StatusOr<std::string> FileSha256(const std::string& path);

// Encodings found by name without a file ("gpt2", "cl100k_base", ...).
std::vector<std::string> BundledNames();
absl::StatusOr<TokenizerSpec> ReadBundled(std::string_view name);

}  // namespace tok

#endif  // TOK_FORMATS_H_
