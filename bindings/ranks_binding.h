#ifndef TOK_BINDINGS_RANKS_BINDING_H_
#define TOK_BINDINGS_RANKS_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

void BindRanks(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_RANKS_BINDING_H_
