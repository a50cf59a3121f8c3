// Runs parts of libtok that follow SentencePiece on texts from a test, without the Tokenizer around them.
//
//   tok_sentencepiece_probe encode FILE.model     texts -> ids and spans
//   tok_sentencepiece_probe unigram FILE.json     the same by Hugging Face's rules; the file holds "vocab", "unk_id"
//                                                 and "byte_fallback"
//   tok_sentencepiece_probe precompiled CHARSMAP  texts -> normalized bytes and the span of each byte
//   tok_sentencepiece_probe resave IN.model OUT.model
//
// stdin: records of u32 length and bytes; stdout: per text u32 n, then n times u32 id (or byte), u32 begin, u32 end.
// All little endian. Errors go to stderr with exit code 1.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/model/piece_model.h"
#include "src/normalize/sentencepiece_normalizer.h"
#include "tok/formats.h"

namespace tok {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return 1;
}

void WriteU32(uint64_t value) {
  const auto narrow = static_cast<uint32_t>(value);
  std::fwrite(&narrow, sizeof(narrow), 1, stdout);
}

void WriteEntry(uint64_t value, Span span) {
  WriteU32(value);
  WriteU32(span.begin);
  WriteU32(span.end);
}

bool ReadText(std::string* text) {
  uint32_t n_bytes = 0;
  if (std::fread(&n_bytes, sizeof(n_bytes), 1, stdin) != 1) return false;
  text->resize(n_bytes);
  return std::fread(text->data(), 1, n_bytes, stdin) == n_bytes;
}

using PieceModelPtr = std::unique_ptr<const PieceModel>;

absl::StatusOr<PieceModelPtr> MakeModel(const TokenizerSpec& spec) {
  if (const auto* bpe = std::get_if<BpeModelSpec>(&spec.model)) {
    return MakeSentencePieceBpeModel(*bpe, spec.vocabulary);
  }
  if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec.model)) {
    return MakeUnigramModel(*unigram, spec.vocabulary, spec.alphabet);
  }
  return MakeSentencePieceLookupModel(std::get<SentencePieceLookupModelSpec>(spec.model), spec.vocabulary);
}

// `step` may be null.
int EncodeTexts(const NormalizerStep* step, const PieceModel& model) {
  const auto scratch = model.MakeScratch();
  std::vector<PieceToken> tokens;
  for (std::string text; ReadText(&text);) {
    for (const bool tracked : {false, true}) {  // the same ids either way
      AlignedText aligned = AlignedText::From(text, 0, tracked);
      if (step != nullptr) {
        if (absl::Status status = step->Apply(&aligned); !status.ok()) return Fail(status);
      }
      const std::vector<PieceToken> untracked = tokens;
      tokens.clear();
      if (absl::Status status = model.Encode(aligned.bytes, scratch.get(), &tokens); !status.ok())
        return Fail(status);
      if (!tracked) continue;
      if (untracked != tokens) return Fail(absl::InternalError("ids depend on tracking"));
      WriteU32(tokens.size());
      for (const PieceToken& token : tokens) WriteEntry(token.id, aligned.OriginOf(token.begin, token.end));
    }
    tokens.clear();
  }
  return 0;
}

int EncodeWithModelFile(const char* path) {
  const auto spec = ParseSentencePiece(ReadAll(path), path);
  if (!spec.ok()) return Fail(spec.status());
  std::vector<std::string> user_defined;
  for (TokenId id = 0; id < spec->vocabulary.size(); ++id) {
    if (spec->vocabulary.Kind(id) == TokenKind::kUserDefined)
      user_defined.emplace_back(spec->vocabulary.Bytes(id));
  }
  const auto step =
      MakeSentencePieceStep(std::get<normalizer::SentencePiece>(spec->normalizers.at(0)), user_defined);
  if (!step.ok()) return Fail(step.status());
  const auto model = MakeModel(*spec);
  if (!model.ok()) return Fail(model.status());
  return EncodeTexts(step->get(), **model);
}

int EncodeWithUnigramJson(const char* path) {
  const nlohmann::json json = nlohmann::json::parse(ReadAll(path));
  VocabularyBuilder builder;
  TokenId next = 0;
  for (const auto& entry : json["vocab"]) {
    const absl::Status status =
        builder.Add(next++, entry[0].get<std::string>(), TokenKind::kNormal, entry[1].get<double>());
    if (!status.ok()) return Fail(status);
  }
  const auto vocabulary = std::move(builder).Build();
  if (!vocabulary.ok()) return Fail(vocabulary.status());
  UnigramModelSpec spec{.byte_fallback = json["byte_fallback"].get<bool>()};
  if (!json["unk_id"].is_null()) spec.unk_id = json["unk_id"].get<TokenId>();
  const auto model = MakeUnigramModel(spec, *vocabulary, VocabularyAlphabet::kText);
  if (!model.ok()) return Fail(model.status());
  return EncodeTexts(nullptr, **model);
}

int Normalize(const char* path) {
  const auto step = MakePrecompiledStep(ReadAll(path));
  if (!step.ok()) return Fail(step.status());
  for (std::string text; ReadText(&text);) {
    AlignedText aligned = AlignedText::From(text, 0, true);
    if (absl::Status status = (*step)->Apply(&aligned); !status.ok()) return Fail(status);
    WriteU32(aligned.bytes.size());
    for (size_t i = 0; i < aligned.bytes.size(); ++i) {
      WriteEntry(static_cast<unsigned char>(aligned.bytes[i]), aligned.origin[i]);
    }
  }
  return 0;
}

int Resave(const char* from, const char* to) {
  const auto spec = ParseSentencePiece(ReadAll(from), from);
  if (!spec.ok()) return Fail(spec.status());
  const auto bytes = SerializeSentencePiece(*spec);
  if (!bytes.ok()) return Fail(bytes.status());
  std::ofstream(to, std::ios::binary) << *bytes;
  return 0;
}

int Main(int argc, char** argv) {
  const std::string_view mode = argc > 2 ? argv[1] : "";
  if (mode == "encode") return EncodeWithModelFile(argv[2]);
  if (mode == "unigram") return EncodeWithUnigramJson(argv[2]);
  if (mode == "precompiled") return Normalize(argv[2]);
  if (mode == "resave" && argc > 3) return Resave(argv[2], argv[3]);
  std::fprintf(stderr, "usage: %s encode|unigram|precompiled|resave FILE [OUT]\n", argv[0]);
  return 2;
}

}  // namespace
}  // namespace tok

int main(int argc, char** argv) { return tok::Main(argc, argv); }
