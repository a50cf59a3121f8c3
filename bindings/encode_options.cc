#include "bindings/encode_options.h"

#include <string>
#include <utility>
#include <vector>

#include "bindings/text_view.h"

namespace py = pybind11;

namespace tok::python {
namespace {

SpecialPolicy PolicyOf(const Tokenizer& tokenizer, const py::object& special) {
  if (PyUnicode_Check(special.ptr())) {
    const std::string_view name = ViewOf(special);
    if (name == "error") return SpecialPolicy::Error();
    if (name == "text") return SpecialPolicy::Text();
    if (name == "all") return SpecialPolicy::All();
    throw py::value_error("special is 'error', 'text', 'all' or a set of special tokens, not '" +
                          std::string(name) + "'");
  }
  if (!py::isinstance<py::iterable>(special)) {
    throw py::type_error(std::string("special is 'error', 'text', 'all' or a set of special tokens, not ") +
                         Py_TYPE(special.ptr())->tp_name);
  }
  std::vector<TokenId> ids;
  for (const py::handle item : special) {
    const std::string_view content = ViewOf(item);
    const AddedToken* found = nullptr;
    for (const AddedToken& token : tokenizer.spec().added_tokens) {
      if (token.special && token.content == content) found = &token;
    }
    if (found == nullptr)
      throw py::value_error("'" + std::string(content) + "' is no special token of " +
                            std::string(tokenizer.name()));
    ids.push_back(found->id);
  }
  return SpecialPolicy::Listed(std::move(ids));
}

}  // namespace

Utf8Policy Utf8PolicyOf(std::string_view name) {
  if (name == "error") return Utf8Policy::kError;
  if (name == "replace") return Utf8Policy::kReplace;
  if (name == "bytes") return Utf8Policy::kBytes;
  throw py::value_error("utf8 is 'error', 'replace' or 'bytes', not '" + std::string(name) + "'");
}

OffsetUnit UnitOf(std::string_view name) {
  if (name == "bytes") return OffsetUnit::kBytes;
  if (name == "chars") return OffsetUnit::kChars;
  if (name == "utf16") return OffsetUnit::kUtf16;
  throw py::value_error("unit is 'bytes', 'chars' or 'utf16', not '" + std::string(name) + "'");
}

EncodeOptions OptionsOf(const Tokenizer& tokenizer, const py::object& special, bool add_template,
                        std::string_view utf8) {
  EncodeOptions options;
  options.special = PolicyOf(tokenizer, special);
  options.add_template = add_template;
  options.utf8 = Utf8PolicyOf(utf8);
  return options;
}

}  // namespace tok::python
