// libtok._libtok.PieceRules: what cuts text into pieces, made of the names that callers give.
#include "bindings/piece_rules_binding.h"

#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/errors.h"
#include "tok/formats.h"
#include "tok/measure_mixture.h"
#include "tok/piece_counts.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"
#include "tok/train_dna.h"

namespace py = pybind11;

namespace tok::python {
namespace {

// The name of the pattern, if it is one that has a name.
std::optional<std::string> PatternName(const PieceRules& rules) {
  PieceRules bare = rules;
  bare.normalizers.clear();
  for (const std::string& name : PatternNames(rules.alphabet)) {
    const absl::StatusOr<PieceRules> named =
        rules.alphabet == VocabularyAlphabet::kText ? TextRules(name) : ByteLevelRules(name);
    if (named.ok() && CheckMergeable({*named, ""}, {bare, ""}).ok()) return name;
  }
  return std::nullopt;
}

// A tokenizer.json that has nothing but these rules.
std::string RulesJson(const PieceRules& rules) {
  TokenizerSpec spec;
  spec.unicode_profile = rules.unicode_profile;
  spec.alphabet = rules.alphabet;
  spec.normalizers = rules.normalizers;
  spec.pre_tokenizers = rules.pre_tokenizers;
  return ValueOrRaise(SerializeTokenizerJson(spec));
}

}  // namespace

void BindPieceRules(py::module_& module) {
  py::class_<PieceRules>(module, "PieceRules")
      .def_static("byte_level",
                  [](std::string_view pattern) { return ValueOrRaise(ByteLevelRules(pattern)); })
      .def_static("text", [](std::string_view pattern) { return ValueOrRaise(TextRules(pattern)); })
      .def_static("of_base", [](const Tokenizer& base) { return ValueOrRaise(RulesOfBase(base.spec())); })
      .def_static("of_merges",
                  [](const Tokenizer& tokenizer) { return ValueOrRaise(MixtureRules(tokenizer.spec())); })
      .def_static(
          "dna",
          [](bool cuts_ambiguous, bool cuts_soft_mask) {
            return ValueOrRaise(DnaRules({cuts_ambiguous ? AmbiguousBases::kCut : AmbiguousBases::kRemove,
                                          cuts_soft_mask ? SoftMask::kCut : SoftMask::kFold}));
          },
          py::kw_only(), py::arg("cuts_ambiguous"), py::arg("cuts_soft_mask"))
      .def("cut_digits",
           [](PieceRules& rules, std::string_view how) { RaiseIfError(CutDigitsFirst(how, &rules)); })
      .def("set_normalizers",
           [](PieceRules& rules, const std::vector<std::string>& names) {
             rules.normalizers.clear();
             for (const std::string& name : names) {
               rules.normalizers.push_back(ValueOrRaise(NormalizerByName(name)));
             }
           })
      .def_property_readonly("pattern", &PatternName)
      .def_property_readonly("json", &RulesJson)
      .def_property_readonly(
          "is_text", [](const PieceRules& rules) { return rules.alphabet == VocabularyAlphabet::kText; });
  module.def("pattern_names", [](bool is_text) {
    return PatternNames(is_text ? VocabularyAlphabet::kText : VocabularyAlphabet::kBytes);
  });
  module.def("normalizer_names", &NormalizerNames);
  module.def("digit_cut_names", &DigitCutNames);
}

}  // namespace tok::python
