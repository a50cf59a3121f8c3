// bindings/measure_binding.h: libtok._libtok.measure_*: tok/measure_*.h for Python, which gets their JSON.
#ifndef TOK_BINDINGS_MEASURE_BINDING_H_
#define TOK_BINDINGS_MEASURE_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

void BindMeasure(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_MEASURE_BINDING_H_
