#ifndef TOK_BINDINGS_HUGGING_FACE_BINDING_H_
#define TOK_BINDINGS_HUGGING_FACE_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

// After BindTokenizer.
void BindHuggingFace(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_HUGGING_FACE_BINDING_H_
