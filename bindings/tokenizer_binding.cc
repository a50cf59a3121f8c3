// libtok._libtok.Tokenizer: tok::Tokenizer for Python. Immutable; every call that works longer than some ten microseconds
// releases the interpreter.
#include "bindings/tokenizer_binding.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bindings/arrays.h"
#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/numbers.h"
#include "bindings/released.h"
#include "bindings/text_view.h"
#include "tok/formats.h"
#include "tok/stream_decoder.h"
#include "tok/tokenizer.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr size_t kShortBytes = 2048;            // of text, some ten microseconds
constexpr size_t kLongBytes = size_t{4} << 20;  // some tens of milliseconds

// What `work` gives, or its error raised. Other threads run meanwhile, where that is worth its cost.
template <typename Work>
auto ValueOf(size_t n_bytes, const Work& work) {
  return n_bytes > kShortBytes ? Released(work) : ValueOrRaise(work());
}

// The same of work(options), which Ctrl-C ends where it takes long.
template <typename Work>
auto EncodedValueOf(size_t n_bytes, EncodeOptions options, const Work& work) {
  if (n_bytes <= kLongBytes) return ValueOf(n_bytes, [&] { return work(options); });
  return LongCall([&](const GoesOn& goes_on) {
    options.goes_on = goes_on;
    return work(options);
  });
}

py::array_t<TokenId> Encode(const Tokenizer& tokenizer, const py::object& text, const py::object& special,
                            bool add_template, std::string_view utf8) {
  const std::string_view view = ViewOf(text);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  if (view.size() <= kShortBytes) {
    thread_local std::vector<TokenId> ids;
    ids.clear();
    RaiseIfError(tokenizer.EncodeTo(view, options, &ids));
    return ArrayOf(ids);
  }
  return ArrayOver(EncodedValueOf(view.size(), options, [&](const EncodeOptions& asked) {
    return tokenizer.EncodeParallel(view, asked);
  }));
}

py::tuple EncodeWithSpans(const Tokenizer& tokenizer, const py::object& text, const py::object& special,
                          bool add_template, std::string_view utf8, std::string_view unit_name) {
  const std::string_view view = ViewOf(text);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  const OffsetUnit unit = UnitOf(unit_name);
  Encoding found = EncodedValueOf(view.size(), options, [&](const EncodeOptions& asked) {
    return tokenizer.EncodeWithSpans(view, asked, unit);
  });
  static_assert(sizeof(Span) == 2 * sizeof(uint64_t));
  py::array_t<uint64_t> spans({static_cast<py::ssize_t>(found.spans.size()), py::ssize_t{2}});
  std::copy(found.spans.begin(), found.spans.end(), reinterpret_cast<Span*>(spans.mutable_data()));
  return py::make_tuple(ArrayOver(std::move(found.ids)), std::move(spans));
}

py::tuple EncodeBatch(const Tokenizer& tokenizer, const py::object& texts, const py::object& special,
                      bool add_template, std::string_view utf8, unsigned n_threads) {
  const TextViews views(texts);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  RaggedIds found = EncodedValueOf(views.n_bytes(), options, [&](const EncodeOptions& asked) {
    return tokenizer.EncodeBatch(views.views(), asked, n_threads);
  });
  return py::make_tuple(ArrayOver(std::move(found.ids)), ArrayOver(std::move(found.offsets)));
}

py::array_t<uint64_t> CountBatch(const Tokenizer& tokenizer, const py::object& texts,
                                 const py::object& special, bool add_template, std::string_view utf8,
                                 unsigned n_threads) {
  const TextViews views(texts);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  return ArrayOver(EncodedValueOf(views.n_bytes(), options, [&](const EncodeOptions& asked) {
    return tokenizer.CountBatch(views.views(), asked, n_threads);
  }));
}

uint64_t Count(const Tokenizer& tokenizer, const py::object& text, const py::object& special,
               bool add_template, std::string_view utf8) {
  const std::string_view view = ViewOf(text);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  return EncodedValueOf(view.size(), options, [&](const EncodeOptions& asked) -> absl::StatusOr<uint64_t> {
    if (view.size() <= kLongBytes) return tokenizer.Count(view, asked);
    const auto counts = tokenizer.CountBatch(std::span(&view, 1), asked);
    if (!counts.ok()) return counts.status();
    return counts->front();
  });
}

py::tuple EncodePrefix(const Tokenizer& tokenizer, const py::object& text, uint64_t max_ids,
                       const py::object& special, bool add_template, std::string_view utf8) {
  const std::string_view view = ViewOf(text);
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  PrefixEncoding found = ValueOf(view.size(), [&] { return tokenizer.EncodePrefix(view, max_ids, options); });
  return py::make_tuple(ArrayOver(std::move(found.ids)), found.n_bytes, found.complete);
}

DecodeOptions DecodeOptionsOf(bool skip_special, std::string_view unknown) {
  if (unknown != "error" && unknown != "skip") throw py::value_error("unknown is 'error' or 'skip'");
  DecodeOptions options;
  options.skip_special = skip_special;
  options.unknown_id = unknown == "skip" ? UnknownIdPolicy::kSkip : UnknownIdPolicy::kError;
  return options;
}

std::string DecodedBytes(const Tokenizer& tokenizer, const py::object& given, bool skip_special,
                         std::string_view unknown) {
  const DecodeOptions options = DecodeOptionsOf(skip_special, unknown);
  const IdsArgument ids(given);
  return ValueOf(ids.ids().size_bytes(), [&] { return tokenizer.Decode(ids.ids(), options); });
}

// A str for each row.
py::list DecodeRagged(const Tokenizer& tokenizer, const py::object& given_ids,
                      const py::object& given_offsets, bool skip_special, std::string_view unknown,
                      const std::string& errors) {
  const DecodeOptions options = DecodeOptionsOf(skip_special, unknown);
  const RaggedArguments ragged(given_ids, given_offsets);
  const std::vector<uint64_t>& ends = ragged.offsets;
  const IdsArgument ids(ragged.ids);
  const auto texts = ValueOf(ids.ids().size_bytes(), [&]() -> absl::StatusOr<std::vector<std::string>> {
    std::vector<std::string> decoded;
    for (size_t d = 0; d + 1 < ends.size(); ++d) {
      absl::StatusOr<std::string> text =
          tokenizer.Decode(ids.ids().subspan(ends[d], ends[d + 1] - ends[d]), options);
      if (!text.ok()) return AtPlace("row " + std::to_string(d), text.status());
      decoded.push_back(*std::move(text));
    }
    return decoded;
  });
  py::list list(texts.size());
  for (size_t d = 0; d < texts.size(); ++d) {
    PyObject* const text =
        PyUnicode_DecodeUTF8(texts[d].data(), static_cast<Py_ssize_t>(texts[d].size()), errors.c_str());
    if (text == nullptr) throw py::error_already_set();
    list[d] = py::reinterpret_steal<py::str>(text);
  }
  return list;
}

py::dict SpecialTokens(const Tokenizer& tokenizer) {
  py::dict tokens;
  for (const AddedToken& token : tokenizer.spec().added_tokens) {
    if (token.special) tokens[py::str(token.content)] = token.id;
  }
  return tokens;
}

void BindStreamDecoder(py::module_& module) {
  py::class_<StreamDecoder>(module, "StreamDecoder",
                            "Text of tokens as they come: whole characters, as soon as they are complete.")
      .def(
          "push",
          [](StreamDecoder& stream, const py::object& id) { return ValueOrRaise(stream.Push(IdOf(id))); },
          py::arg("id"), "The characters that this id completes, perhaps none.")
      .def(
          "finish", [](StreamDecoder& stream) { return ValueOrRaise(stream.Finish()); },
          "The rest; an incomplete character is U+FFFD. The decoder may then be used again.");
}

}  // namespace

void BindTokenizer(py::module_& module) {
  BindStreamDecoder(module);
  const py::str error("error");
  py::class_<Tokenizer>(module, "Tokenizer", "A tokenizer. Immutable: threads may share it.")
      .def_static(
          "load",
          [](std::string_view path_or_name) {
            return Released([&] { return Tokenizer::Load(path_or_name); });
          },
          py::arg("path_or_name"))
      .def(
          "save",
          [](const Tokenizer& tokenizer, std::string_view path) {
            const Format format = ValueOrRaise(FormatForOutput(path));
            RaiseIfError(OutsideGil([&] {
              return format == Format::kImage ? tokenizer.Save(path)
                                              : WriteTokenizer(tokenizer.spec(), format, path);
            }));
          },
          py::arg("path"))
      .def(
          "with_scheme",
          [](const Tokenizer& tokenizer, std::string_view name, uint64_t seed) {
            Scheme scheme = ValueOrRaise(ParseScheme(name));
            scheme.seed = seed;
            return Released([&] { return tokenizer.WithScheme(scheme); });
          },
          py::arg("name"), py::arg("seed"))
      .def_property_readonly("scheme",
                             [](const Tokenizer& tokenizer) { return SchemeName(tokenizer.spec().scheme); })
      .def("to_json",
           [](const Tokenizer& tokenizer) {
             return Released([&] { return SerializeTokenizerJson(tokenizer.spec()); });
           })
      // Without keywords or defaults, which pybind11 takes its time for.
      .def("encode", &Encode, py::arg("text"), py::arg("special"), py::arg("template"), py::arg("utf8"))
      .def("encode_with_spans", &EncodeWithSpans, py::arg("text"), py::kw_only(), py::arg("special") = error,
           py::arg("template") = false, py::arg("utf8") = "error", py::arg("unit") = "bytes")
      .def("encode_batch", &EncodeBatch, py::arg("texts"), py::kw_only(), py::arg("special") = error,
           py::arg("template") = false, py::arg("utf8") = "error", py::arg("n_threads") = 0)
      .def("count_batch", &CountBatch, py::arg("texts"), py::kw_only(), py::arg("special") = error,
           py::arg("template") = false, py::arg("utf8") = "error", py::arg("n_threads") = 0)
      .def("encode_prefix", &EncodePrefix, py::arg("text"), py::arg("max_ids"), py::kw_only(),
           py::arg("special") = error, py::arg("template") = false, py::arg("utf8") = "error")
      .def("decode_ragged", &DecodeRagged, py::arg("ids"), py::arg("offsets"), py::kw_only(),
           py::arg("skip_special") = false, py::arg("unknown") = "error", py::arg("errors") = "replace")
      .def("count", &Count, py::arg("text"), py::arg("special"), py::arg("template"), py::arg("utf8"))
      .def(
          "decode_bytes",
          [](const Tokenizer& tokenizer, const py::object& ids, bool skip_special, std::string_view unknown) {
            return py::bytes(DecodedBytes(tokenizer, ids, skip_special, unknown));
          },
          py::arg("ids"), py::kw_only(), py::arg("skip_special") = false, py::arg("unknown") = "error")
      .def(
          "stream_decoder",
          [](const Tokenizer& tokenizer, bool skip_special) {
            return tokenizer.MakeStreamDecoder({.skip_special = skip_special});
          },
          py::kw_only(), py::arg("skip_special") = false)
      .def(
          "find_token",
          [](const Tokenizer& tokenizer, const py::object& token) -> std::optional<TokenId> {
            const TokenId id = tokenizer.FindToken(ViewOf(token));
            return id == kNoToken ? std::nullopt : std::optional(id);
          },
          py::arg("token"))
      .def(
          "token_bytes",
          [](const Tokenizer& tokenizer, const py::object& given) {
            const TokenId id = IdOf(given);
            const Vocabulary& vocabulary = tokenizer.vocabulary();
            if (id >= vocabulary.size() || !vocabulary.Contains(id)) RaiseUnknownId(std::to_string(id));
            return py::bytes(std::string(tokenizer.TokenBytes(id)));
          },
          py::arg("id"))
      .def_property_readonly("special_tokens", &SpecialTokens)
      .def_property_readonly("vocab_size",
                             [](const Tokenizer& tokenizer) { return tokenizer.vocabulary().size(); })
      .def_property_readonly("name", [](const Tokenizer& tokenizer) { return std::string(tokenizer.name()); })
      .def("fingerprint", [](const Tokenizer& tokenizer) { return tokenizer.IdentityHash(); });
}

}  // namespace tok::python
