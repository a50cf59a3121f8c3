#ifndef TOK_BINDINGS_PIECE_RULES_BINDING_H_
#define TOK_BINDINGS_PIECE_RULES_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

void BindPieceRules(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_PIECE_RULES_BINDING_H_
