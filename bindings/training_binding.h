#ifndef TOK_BINDINGS_TRAINING_BINDING_H_
#define TOK_BINDINGS_TRAINING_BINDING_H_

#include <pybind11/pybind11.h>

namespace tok::python {

// libtok._libtok.BpeOptions and train_*: each gives (Tokenizer, report), a report being a dict, with "stages" as a list of dicts.
void BindTraining(pybind11::module_& module);
// Of the kinds that merge nothing: train_unigram, train_lib.
void BindOtherTraining(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_TRAINING_BINDING_H_
