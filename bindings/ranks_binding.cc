// What libtok.tiktoken needs beside a Tokenizer: tokenizers of ranks and a pattern, and the pattern of one; the bundled names.
#include "bindings/ranks_binding.h"

#include <pybind11/stl.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "bindings/released.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace py = pybind11;

namespace tok::python {
namespace {

// `ranks`: the content of a .tiktoken file.
Tokenizer TokenizerOfRanks(std::string_view ranks, const std::string& pattern,
                           const std::map<std::string, TokenId>& special_tokens, const std::string& name) {
  ReadOptions options;
  options.pattern = pattern;
  for (const auto& [content, id] : special_tokens) {
    AddedToken token;
    token.id = id;
    token.content = content;
    token.special = true;
    options.special_tokens.push_back(std::move(token));
  }
  return Released([&]() -> absl::StatusOr<Tokenizer> {
    absl::StatusOr<TokenizerSpec> spec = ParseTiktoken(ranks, name, options);
    if (!spec.ok()) return spec.status();
    spec->name = name;
    return Tokenizer::Create(*std::move(spec));
  });
}

// Of the one step that cuts text, if it is a regular expression.
std::optional<std::string> PatternOf(const Tokenizer& tokenizer) {
  for (const pretokenizer::Step& step : tokenizer.spec().pre_tokenizers) {
    const auto* const split = std::get_if<pretokenizer::Split>(&step);
    if (split != nullptr && split->pattern.is_regex) return split->pattern.text;
  }
  return std::nullopt;
}

}  // namespace

void BindRanks(py::module_& module) {
  module.def("bundled_names", &BundledNames);
  module.def("tokenizer_of_ranks", &TokenizerOfRanks, py::arg("ranks"), py::arg("pattern"),
             py::arg("special_tokens"), py::arg("name"));
  module.def("pattern_of", &PatternOf, py::arg("tokenizer"));
}

}  // namespace tok::python
