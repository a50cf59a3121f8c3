#include "src/encode/decoder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/decoder_sentencepiece.h"
#include "src/encode/decoder_steps.h"
#include "src/encode/decoder_table.h"
#include "src/encode/decoder_utf8.h"
#include "src/normalize/normalizer.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {
namespace {

// A chain after compilation.
struct CompiledChain {
  TokenTable rest;                  // the string of each id after the per-token steps
  std::optional<TokenTable> first;  // the same for the first token of a list, where it differs
  bool has_byte_runs = false;  // ByteFallback, then Fuse or the end: byte tokens are flagged in the tables
  bool is_fused = false;       // the stages see one token
  DecoderSteps stages;         // what is left
};

// Appends what leaves the last stage.
class OutputSink : public TokenSink {
 public:
  void SetTarget(std::string* bytes) { bytes_ = bytes; }
  absl::Status Text(std::string_view fragment) override {
    bytes_->append(fragment);
    return absl::OkStatus();
  }
  absl::Status EndToken() override { return absl::OkStatus(); }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  std::string* bytes_ = nullptr;
};

class Pipeline {
 public:
  explicit Pipeline(const DecoderSteps& steps) {
    TokenSink* next = &output_;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      stages_.push_back((*step)->MakeStage(next));
      next = stages_.back().get();
    }
    front_ = next;
  }
  TokenSink* Into(std::string* bytes) {
    output_.SetTarget(bytes);
    return front_;
  }

 private:
  OutputSink output_;
  std::vector<std::unique_ptr<TokenSink>> stages_;
  TokenSink* front_;
};

class ChainDecoder : public Decoder {
 public:
  explicit ChainDecoder(CompiledChain chain) : chain_(std::move(chain)) {}

  absl::Status Decode(std::span<const TokenId> ids, const DecodeOptions& options,
                      std::string* bytes) const override;
  bool DecodesByConcatenation() const override { return chain_.stages.empty() && !chain_.first.has_value(); }
  std::string_view TokenBytes(TokenId id) const override { return chain_.rest.Bytes(id); }
  std::unique_ptr<Stream> MakeStream(const DecodeOptions& options) const override;

  // The table stage of one list of tokens.
  class Front {
   public:
    Front(const CompiledChain& chain, const DecodeOptions& options) : chain_(chain), options_(options) {}
    // Appends the text that the id brings; *taken says whether the id counts as a token.
    absl::Status Push(TokenId id, uint64_t position, std::string* text, bool* taken);
    // Appends the text of a prefix of `ids` as fast as possible; returns its length.
    size_t PushPlain(std::span<const TokenId> ids, std::string* text);
    void Finish(std::string* text) { run_.Finish(text); }

   private:
    const CompiledChain& chain_;
    const DecodeOptions options_;
    bool is_first_ = true;
    ByteRun run_;
  };

 private:
  absl::Status DecodeFlat(std::span<const TokenId> ids, const DecodeOptions& options,
                          std::string* text) const;

  const CompiledChain chain_;
};

absl::Status ChainDecoder::Front::Push(TokenId id, uint64_t position, std::string* text, bool* taken) {
  *taken = false;
  const TokenTable& table = is_first_ && chain_.first.has_value() ? *chain_.first : chain_.rest;
  const TokenTable::Flags flags = table.FlagsOf(id);
  if (flags & TokenTable::kMissing) return MissingId(id, position, options_);
  if (options_.skip_special && (flags & TokenTable::kSpecial)) return absl::OkStatus();
  *taken = true;
  is_first_ = false;
  const std::string_view bytes = table.Bytes(id);
  if (flags & TokenTable::kByte) {
    run_.Push(static_cast<uint8_t>(bytes[0]), text);
  } else {
    if (!run_.empty()) run_.Finish(text);
    text->append(bytes);
  }
  return absl::OkStatus();
}

size_t ChainDecoder::Front::PushPlain(std::span<const TokenId> ids, std::string* text) {
  if ((is_first_ && chain_.first.has_value()) || !run_.empty()) return 0;
  const TokenTable::Flags stop_flags =
      TokenTable::kMissing | TokenTable::kByte | (options_.skip_special ? TokenTable::kSpecial : 0);
  const size_t n = chain_.rest.AppendPlain(ids, stop_flags, text);
  is_first_ = is_first_ && n == 0;
  return n;
}

absl::Status ChainDecoder::DecodeFlat(std::span<const TokenId> ids, const DecodeOptions& options,
                                      std::string* text) const {
  Front front(chain_, options);
  for (size_t i = 0; i < ids.size();) {
    i += front.PushPlain(ids.subspan(i), text);
    if (i == ids.size()) break;
    bool taken;
    TOK_RETURN_IF_ERROR(front.Push(ids[i], i, text, &taken));
    ++i;
  }
  front.Finish(text);
  return absl::OkStatus();
}

absl::Status ChainDecoder::Decode(std::span<const TokenId> ids, const DecodeOptions& options,
                                  std::string* bytes) const {
  if (chain_.stages.empty()) return DecodeFlat(ids, options, bytes);
  Pipeline pipeline(chain_.stages);
  TokenSink* sink = pipeline.Into(bytes);
  if (chain_.is_fused) {
    std::string text;
    TOK_RETURN_IF_ERROR(DecodeFlat(ids, options, &text));
    TOK_RETURN_IF_ERROR(sink->Text(text));
    TOK_RETURN_IF_ERROR(sink->EndToken());
    return sink->Finish();
  }
  Front front(chain_, options);
  std::string token;
  for (size_t i = 0; i < ids.size(); ++i) {
    bool taken;
    token.clear();
    TOK_RETURN_IF_ERROR(front.Push(ids[i], i, &token, &taken));
    if (!taken) continue;
    TOK_RETURN_IF_ERROR(sink->Text(token));
    TOK_RETURN_IF_ERROR(sink->EndToken());
  }
  return sink->Finish();
}

class ChainStream : public Decoder::Stream {
 public:
  ChainStream(const CompiledChain& chain, const DecodeOptions& options)
      : is_fused_(chain.is_fused), front_(chain, options) {
    if (!chain.stages.empty()) pipeline_.emplace(chain.stages);
  }

  absl::Status Push(TokenId id, std::string* bytes) override {
    bool taken;
    if (!pipeline_.has_value()) {
      TOK_RETURN_IF_ERROR(front_.Push(id, n_pushed_, bytes, &taken));
      ++n_pushed_;
      return absl::OkStatus();
    }
    std::string text;
    TOK_RETURN_IF_ERROR(front_.Push(id, n_pushed_, &text, &taken));
    ++n_pushed_;
    TokenSink* sink = pipeline_->Into(bytes);
    if (!text.empty()) TOK_RETURN_IF_ERROR(sink->Text(text));
    return taken && !is_fused_ ? sink->EndToken() : absl::OkStatus();
  }

  absl::Status Finish(std::string* bytes) override {
    if (!pipeline_.has_value()) {
      front_.Finish(bytes);
      return absl::OkStatus();
    }
    TokenSink* sink = pipeline_->Into(bytes);
    if (is_fused_) {
      std::string text;
      front_.Finish(&text);
      TOK_RETURN_IF_ERROR(sink->Text(text));
      TOK_RETURN_IF_ERROR(sink->EndToken());
    }
    return sink->Finish();
  }

 private:
  const bool is_fused_;
  ChainDecoder::Front front_;
  std::optional<Pipeline> pipeline_;
  uint64_t n_pushed_ = 0;
};

std::unique_ptr<Decoder::Stream> ChainDecoder::MakeStream(const DecodeOptions& options) const {
  return std::make_unique<ChainStream>(chain_, options);
}

// Builds the table of one position (first token of a list, or any other).
class TableBuilder {
 public:
  TableBuilder(const TokenizerSpec& spec, std::span<const std::shared_ptr<const DecoderStep>> steps)
      : spec_(spec), steps_(steps), n_ids_(spec.vocabulary.size()) {
    for (const AddedToken& token : spec.added_tokens) {
      n_ids_ = std::max<size_t>(n_ids_, size_t{token.id} + 1);
      added_[token.id] = {&token, token.content};  // of several contents for an id the last one counts
      if (token.special) special_contents_.insert(token.content);
    }
    // Model tokens in raw bytes: spelled in the byte alphabet for the steps to read, unless the first of
    // these maps them straight back, or the file is of a kind that knows no such spelling.
    const bool is_bytes = spec.alphabet == VocabularyAlphabet::kBytes;
    const bool maps_back = is_bytes && !steps.empty() && steps[0]->shape() == DecoderStep::Shape::kByteMap;
    n_skipped_ = maps_back ? 1 : 0;
    spells_ = is_bytes && !maps_back && (spec.decoder.join_with_spaces || !spec.decoder.steps.empty());
    copies_ = !spells_ && steps.size() == n_skipped_;
  }

  // Hugging Face decodes a token that it finds in normalized text as the text that it found.
  absl::Status NormalizeAddedTokens() {
    TOK_ASSIGN_OR_RETURN(const Normalizer normalizer,
                         Normalizer::Create(spec_.normalizers, spec_.unicode_profile));
    for (auto& [id, added] : added_) {
      if (!added.token->normalized) continue;
      AlignedText text = AlignedText::From(added.spelling, 0, /*tracked=*/false);
      TOK_RETURN_IF_ERROR(normalizer.Apply(&text));
      added.spelling = std::move(text.bytes);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TokenTable> Build(bool is_first, bool has_byte_runs) {
    TOK_ASSIGN_OR_RETURN(const bool borrows, DecodesToVocabulary(is_first, has_byte_runs));
    TokenTable table;
    if (borrows) {
      table = TokenTable::Borrow(spec_.vocabulary);
    } else {
      TokenTableBuilder builder;
      for (TokenId id = 0; id < n_ids_; ++id)
        TOK_RETURN_IF_ERROR(Append(id, is_first, has_byte_runs, &builder));
      table = std::move(builder).Build();
    }
    // The peer asks by spelling too: a special token that the normalizer changed is not skipped.
    for (const auto& [id, added] : added_) {
      if (special_contents_.contains(added.spelling)) table.AddFlags(id, TokenTable::kSpecial);
    }
    return table;
  }

 private:
  // Absent ids count as the model's: they have no bytes.
  static bool IsModelKind(TokenKind kind) { return kind != TokenKind::kLiteral && kind != TokenKind::kAdded; }

  // Whether every id decodes to the vocabulary's bytes: the model's own do, if nothing happens to them.
  absl::StatusOr<bool> DecodesToVocabulary(bool is_first, bool has_byte_runs) {
    if (!copies_ || has_byte_runs || n_ids_ != spec_.vocabulary.size()) return false;
    const auto decodes_to_itself = [&](TokenId id) -> absl::StatusOr<bool> {
      TOK_RETURN_IF_ERROR(MakeToken(id, is_first));
      return token_ == spec_.vocabulary.Bytes(id);
    };
    for (const auto& [id, added] : added_) {
      TOK_ASSIGN_OR_RETURN(const bool same, decodes_to_itself(id));
      if (!same) return false;
    }
    const std::span<const TokenKind> kinds = spec_.vocabulary.kinds();
    for (auto kind = kinds.begin(); (kind = std::find_if_not(kind, kinds.end(), IsModelKind)) != kinds.end();
         ++kind) {
      TOK_ASSIGN_OR_RETURN(const bool same, decodes_to_itself(static_cast<TokenId>(kind - kinds.begin())));
      if (!same) return false;
    }
    return true;
  }

  // token_ becomes the string of the id.
  absl::Status MakeToken(TokenId id, bool is_first) {
    const auto added = added_.find(id);
    const bool is_model_token = added == added_.end() && IsModelKind(spec_.vocabulary.Kind(id));
    const std::string_view bytes =
        added == added_.end() ? spec_.vocabulary.Bytes(id) : std::string_view(added->second.spelling);
    token_.clear();
    if (is_model_token && spells_) {
      AppendByteAlphabet(bytes, &token_);
    } else {
      token_.assign(bytes);
    }
    for (size_t i = is_model_token ? n_skipped_ : 0; i < steps_.size(); ++i) {
      TOK_RETURN_IF_ERROR(steps_[i]->Apply(is_first, &token_));
    }
    return absl::OkStatus();
  }

  absl::Status Append(TokenId id, bool is_first, bool has_byte_runs, TokenTableBuilder* builder) {
    if (!spec_.vocabulary.Contains(id) && !added_.contains(id))
      return builder->Append("", TokenTable::kMissing);
    TOK_RETURN_IF_ERROR(MakeToken(id, is_first));
    if (const int byte = has_byte_runs ? ParseByteToken(token_) : -1; byte >= 0) {
      return builder->Append(std::string(1, static_cast<char>(byte)), TokenTable::kByte);
    }
    return builder->Append(token_, 0);
  }

  struct Added {
    const AddedToken* token;
    std::string spelling;
  };

  const TokenizerSpec& spec_;
  const std::span<const std::shared_ptr<const DecoderStep>> steps_;
  size_t n_ids_;
  absl::flat_hash_map<TokenId, Added> added_;
  absl::flat_hash_set<std::string> special_contents_;
  bool spells_ = false;   // model tokens are spelled in the byte alphabet first
  bool copies_ = false;   // nothing happens to model tokens
  size_t n_skipped_ = 0;  // steps that model tokens need not go through
  std::string token_;
};

bool IsShape(const DecoderSteps& steps, size_t i, DecoderStep::Shape shape) {
  return i < steps.size() && steps[i]->shape() == shape;
}

absl::StatusOr<CompiledChain> Compile(const TokenizerSpec& spec) {
  TOK_ASSIGN_OR_RETURN(const DecoderSteps steps, MakeDecoderSteps(spec.decoder, spec.unicode_profile));
  CompiledChain chain;
  size_t n = 0;
  bool is_positional = false;
  for (; n < steps.size() && steps[n]->IsPerToken(); ++n)
    is_positional = is_positional || steps[n]->IsPositional();
  const auto per_token = std::span(steps).first(n);

  using Shape = DecoderStep::Shape;
  if (IsShape(steps, n, Shape::kByteFallback) &&
      (n + 1 == steps.size() || IsShape(steps, n + 1, Shape::kFuse))) {
    chain.has_byte_runs = true;
    ++n;
  }
  if (IsShape(steps, n, Shape::kFuse)) {
    chain.is_fused = true;
    ++n;
  }
  chain.stages.assign(steps.begin() + static_cast<ptrdiff_t>(n), steps.end());

  TableBuilder builder(spec, per_token);
  TOK_RETURN_IF_ERROR(builder.NormalizeAddedTokens());
  TOK_ASSIGN_OR_RETURN(chain.rest, builder.Build(/*is_first=*/false, chain.has_byte_runs));
  if (is_positional) {
    TOK_ASSIGN_OR_RETURN(chain.first, builder.Build(/*is_first=*/true, chain.has_byte_runs));
  }
  return chain;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Decoder>> Decoder::Create(const TokenizerSpec& spec) {
  if (spec.decoder.steps.size() == 1) {
    if (const auto* options = std::get_if<decoder::SentencePiece>(&spec.decoder.steps[0])) {
      return MakeSentencePieceDecoder(*options, spec);
    }
  }
  TOK_ASSIGN_OR_RETURN(CompiledChain chain, Compile(spec));
  return std::make_unique<ChainDecoder>(std::move(chain));
}

}  // namespace tok
