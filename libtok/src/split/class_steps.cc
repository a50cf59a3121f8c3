// The steps that cut by looking at one character at a time.
#include <utility>

#include "src/base/strings.h"
#include "src/split/pre_tokenizer_steps.h"
#include "src/split/split_behavior.h"
#include "src/unicode/hugging_face.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using pretokenizer::Behavior;

// A step that maps each piece to pieces within it. `Cutter` is called as (text, piece, pieces to append to).
template <typename Cutter>
class CuttingStep final : public PreTokenizerStep {
 public:
  CuttingStep(std::string name, Cutter cutter) : name_(std::move(name)), cutter_(std::move(cutter)) {}

  absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const override {
    std::vector<PieceRange> result;
    result.reserve(pieces->size());
    for (const PieceRange& piece : *pieces) cutter_(text->bytes, piece, &result);
    *pieces = std::move(result);
    return absl::OkStatus();
  }
  std::string Name() const override { return name_; }

 private:
  std::string name_;
  Cutter cutter_;
};

template <typename Cutter>
PreTokenizerStepPtr Cutting(std::string name, Cutter cutter) {
  return std::make_shared<CuttingStep<Cutter>>(std::move(name), std::move(cutter));
}

// Cuts where single characters are delimiters.
template <typename IsDelimiter>
void SplitAtChars(std::string_view text, const PieceRange& piece, Behavior behavior,
                  std::vector<PieceRange>* pieces, IsDelimiter is_delimiter) {
  BehaviorSplitter splitter(behavior, /*invert=*/false, pieces);
  size_t done = piece.begin;
  for (size_t i = piece.begin; i < piece.end;) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (is_delimiter(c.code_point)) {
      if (done < i) splitter.Add(done, i, false);
      splitter.Add(i, i + c.n_bytes, true);
      done = i + c.n_bytes;
    }
    i += c.n_bytes;
  }
  if (done < piece.end) splitter.Add(done, piece.end, false);
  splitter.Finish();
}

// Cuts into runs of one class, `class_of(c)`; runs of `dropped` vanish.
template <typename ClassOf>
void SplitIntoRuns(std::string_view text, const PieceRange& piece, int dropped,
                   std::vector<PieceRange>* pieces, ClassOf class_of) {
  size_t begin = piece.begin;
  int run_class = dropped;
  for (size_t i = piece.begin; i < piece.end;) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (const int next_class = class_of(c.code_point); next_class != run_class) {
      if (run_class != dropped) pieces->push_back({begin, i});
      begin = i;
      run_class = next_class;
    }
    i += c.n_bytes;
  }
  if (run_class != dropped) pieces->push_back({begin, piece.end});
}

// A script run goes on over characters of any script; what comes before the first script is dropped.
void SplitAtScripts(std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
  uint8_t run_script = hugging_face::kAnyScript;
  size_t begin = piece.end;
  for (size_t i = piece.begin; i < piece.end;) {
    const DecodedChar c = DecodeUtf8(text, i);
    const uint8_t script = hugging_face::ScriptClass(c.code_point);
    if (script != hugging_face::kAnyScript && script != run_script) {
      if (begin < i) pieces->push_back({begin, i});
      begin = i;
      run_script = script;
    }
    i += c.n_bytes;
  }
  if (begin < piece.end) pieces->push_back({begin, piece.end});
}

}  // namespace

PreTokenizerStepPtr MakeStep(const pretokenizer::Whitespace&) {
  return Cutting("Whitespace",
                 [](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   enum : int { kSpace, kWord, kOther };
                   SplitIntoRuns(text, piece, kSpace, pieces, [](char32_t c) {
                     return IsWhiteSpace(c) ? kSpace : IsWordCharacter(c) ? kWord : kOther;
                   });
                 });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::WhitespaceSplit&) {
  return Cutting("WhitespaceSplit",
                 [](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   SplitAtChars(text, piece, Behavior::kRemoved, pieces, IsWhiteSpace);
                 });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::Bert&) {
  return Cutting("BertPreTokenizer",
                 [](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   std::vector<PieceRange> words;
                   SplitAtChars(text, piece, Behavior::kRemoved, &words, IsWhiteSpace);
                   for (const PieceRange& word : words) {
                     SplitAtChars(text, word, Behavior::kIsolated, pieces, hugging_face::IsPunctuation);
                   }
                 });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::Punctuation& spec) {
  return Cutting("Punctuation",
                 [spec](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   SplitAtChars(text, piece, spec.behavior, pieces, hugging_face::IsPunctuation);
                 });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::Digits& spec) {
  const Behavior behavior = spec.individual ? Behavior::kIsolated : Behavior::kContiguous;
  return Cutting("Digits",
                 [behavior](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   SplitAtChars(text, piece, behavior, pieces, hugging_face::IsNumeric);
                 });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::CharDelimiter& spec) {
  return Cutting("CharDelimiterSplit", [spec](std::string_view text, const PieceRange& piece,
                                              std::vector<PieceRange>* pieces) {
    SplitAtChars(text, piece, Behavior::kRemoved, pieces, [&](char32_t c) { return c == spec.delimiter; });
  });
}

PreTokenizerStepPtr MakeStep(const pretokenizer::UnicodeScripts&) {
  return Cutting("UnicodeScripts", SplitAtScripts);
}

PreTokenizerStepPtr MakeStep(const pretokenizer::FixedLength& spec) {
  return Cutting("FixedLength",
                 [spec](std::string_view text, const PieceRange& piece, std::vector<PieceRange>* pieces) {
                   uint64_t n_chars = 0;
                   size_t begin = piece.begin;
                   for (size_t i = piece.begin; i < piece.end;) {
                     i += DecodeUtf8(text, i).n_bytes;
                     if (++n_chars < spec.n_chars && i < piece.end) continue;
                     pieces->push_back({begin, i});
                     begin = i;
                     n_chars = 0;
                   }
                 });
}

}  // namespace tok
