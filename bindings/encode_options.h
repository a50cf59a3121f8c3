// bindings/encode_options.h: what callers say as keywords, as the library's options.
#ifndef TOK_BINDINGS_ENCODE_OPTIONS_H_
#define TOK_BINDINGS_ENCODE_OPTIONS_H_

#include <pybind11/pybind11.h>

#include <string_view>

#include "tok/tokenizer.h"

namespace tok::python {

// Raise ValueError for what is none of their values. special: a name, or a set of special tokens of `tokenizer`.
EncodeOptions OptionsOf(const Tokenizer& tokenizer, const pybind11::object& special, bool add_template,
                        std::string_view utf8);
OffsetUnit UnitOf(std::string_view name);
Utf8Policy Utf8PolicyOf(std::string_view name);

}  // namespace tok::python

#endif  // TOK_BINDINGS_ENCODE_OPTIONS_H_
