// What libtok.hf asks of a tokenizer beyond libtok.Tokenizer: word ids, and the parts of its specification that transformers
// shows its callers.
#include "bindings/hugging_face_binding.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bindings/arrays.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/released.h"
#include "bindings/text_view.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr size_t kLongBytes = size_t{1} << 20;  // of text, some tens of milliseconds

// No template, so no kNoWord.
py::tuple EncodeBatchWithWords(const Tokenizer& tokenizer, const py::object& texts, bool split_special) {
  const TextViews views(texts);
  EncodeOptions options;
  options.special = split_special ? SpecialPolicy::Text() : SpecialPolicy::All();
  const auto encode = [&](const GoesOn& goes_on) {
    options.goes_on = goes_on;
    return tokenizer.EncodeBatchWithWords(views.views(), options, OffsetUnit::kChars);
  };
  RaggedEncodings found =
      views.n_bytes() > kLongBytes ? LongCall(encode) : Released([&] { return encode({}); });
  static_assert(sizeof(Span) == 2 * sizeof(uint64_t));
  py::array_t<uint64_t> spans(static_cast<py::ssize_t>(2 * found.flat.spans.size()));
  std::copy(found.flat.spans.begin(), found.flat.spans.end(), reinterpret_cast<Span*>(spans.mutable_data()));
  py::array_t<int64_t> words(static_cast<py::ssize_t>(found.flat.words.size()));
  std::copy(found.flat.words.begin(), found.flat.words.end(), words.mutable_data());
  return py::make_tuple(ArrayOver(std::move(found.flat.ids)), std::move(spans), std::move(words),
                        ArrayOver(std::move(found.offsets)));
}

py::list AddedTokens(const Tokenizer& tokenizer) {
  py::list tokens;
  for (const AddedToken& token : tokenizer.spec().added_tokens) {
    tokens.append(py::make_tuple(token.id, token.content, token.single_word, token.lstrip, token.rstrip,
                                 token.normalized, token.special));
  }
  return tokens;
}

py::tuple VocabularyOf(const Tokenizer& tokenizer) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  py::list tokens;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const TokenKind kind = vocabulary.Kind(id);
    if (kind == TokenKind::kAbsent || kind == TokenKind::kAdded) {
      tokens.append(py::none());
      continue;
    }
    const py::bytes bytes(std::string(vocabulary.Bytes(id)));
    // Spelled with other characters than those of the byte alphabet, so as it stands.
    if (kind == TokenKind::kLiteral) {
      tokens.append(bytes.attr("decode")("utf-8", "replace"));
    } else {
      tokens.append(bytes);
    }
  }
  return py::make_tuple(tokens, tokenizer.spec().alphabet == VocabularyAlphabet::kBytes);
}

py::list ItemsOf(const std::vector<TemplateItem>& items) {
  py::list result;
  for (const TemplateItem& item : items) {
    py::object content = py::none();
    if (item.kind == TemplateItem::Kind::kTokens) {
      content = py::cast(item.ids);
    } else {
      content = py::cast(item.kind == TemplateItem::Kind::kSequenceA ? 0 : 1);
    }
    result.append(py::make_tuple(content, item.type_id));
  }
  return result;
}

py::tuple PostProcessor(const Tokenizer& tokenizer) {
  const TemplateSpec& spec = tokenizer.spec().post_processor;
  py::object trimming = py::none();
  if (spec.offset_trimming.has_value() && spec.offset_trimming->trim_offsets) {
    trimming = py::cast(spec.offset_trimming->add_prefix_space);
  }
  return py::make_tuple(ItemsOf(spec.single), ItemsOf(spec.pair), trimming, spec.offset_trimming.has_value());
}

py::tuple ModelOf(const Tokenizer& tokenizer) {
  struct Describer {
    using Result = std::pair<const char*, py::object>;
    Result operator()(const BpeModelSpec&) const { return {"BPE", py::none()}; }
    Result operator()(const UnigramModelSpec& model) const { return {"Unigram", py::cast(model.unk_id)}; }
    Result operator()(const WordPieceModelSpec&) const { return {"WordPiece", py::none()}; }
    Result operator()(const WordLevelModelSpec&) const { return {"WordLevel", py::none()}; }
    Result operator()(const SentencePieceLookupModelSpec&) const { return {"SentencePiece", py::none()}; }
    Result operator()(const PickyBpeModelSpec&) const { return {"PickyBPE", py::none()}; }
  };
  const auto [name, unk_id] = std::visit(Describer(), tokenizer.spec().model);
  return py::make_tuple(name, unk_id);
}

Tokenizer FromJson(std::string_view json, std::string_view name) {
  return Released([&]() -> absl::StatusOr<Tokenizer> {
    absl::StatusOr<TokenizerSpec> spec = ParseTokenizerJson(json, name);
    if (!spec.ok()) return spec.status();
    return Tokenizer::Create(*std::move(spec));
  });
}

}  // namespace

void BindHuggingFace(py::module_& module) {
  module.def("encode_batch_with_words", &EncodeBatchWithWords, py::arg("tokenizer"), py::arg("texts"),
             py::kw_only(), py::arg("split_special"),
             "Of many texts, end to end: ids; begins and ends in code points, two an id; the word of each "
             "id; and where "
             "each text begins.");
  module.def("added_tokens", &AddedTokens, py::arg("tokenizer"),
             "(id, content, single_word, lstrip, rstrip, normalized, special) of each.");
  module.def("model_vocabulary", &VocabularyOf, py::arg("tokenizer"),
             "What the model knows each id as, None for ids that it does not know: bytes, or a str that is "
             "no bytes; and "
             "whether these are raw bytes, which a file spells in the byte alphabet.");
  module.def(
      "post_processor", &PostProcessor, py::arg("tokenizer"),
      "Items of the template for one text and for two, each (0 or 1 for a text, or a list of ids; type id); "
      "whether offsets are trimmed: None, or whether a prefix space is kept; and whether a ByteLevel "
      "or Roberta step stands there.");
  module.def("model_kind", &ModelOf, py::arg("tokenizer"),
             "The model's type, and the id that Unigram gives to what it does not know.");
  module.def("tokenizer_from_json", &FromJson, py::arg("json"), py::arg("name"),
             "A tokenizer out of the text of a tokenizer.json; `name` is for messages.");
}

}  // namespace tok::python
