// bindings/text_view.h: Python text as bytes, borrowed.
#ifndef TOK_BINDINGS_TEXT_VIEW_H_
#define TOK_BINDINGS_TEXT_VIEW_H_

#include <pybind11/pybind11.h>

#include <optional>
#include <string_view>
#include <vector>

#include "bindings/arrow_data.h"

namespace tok::python {

// The UTF-8 of a str, which Python keeps with it, or what a bytes object holds: valid while `text` lives. Raises TypeError for
// other objects, and UnicodeEncodeError for a str with lone surrogates.
std::string_view ViewOf(pybind11::handle text);

// Many texts. Holds on to them, so that a list may change while they are worked on.
class TextViews {
 public:
  // An Arrow column, whose memory is used as it is, or an iterable of str and bytes, a numpy array of them for one. Raises
  // TypeError for a str itself: its characters were hardly meant.
  explicit TextViews(const pybind11::object& texts);
  const std::vector<std::string_view>& views() const { return views_; }
  size_t n_bytes() const { return n_bytes_; }

 private:
  pybind11::tuple objects_;            // whose memory the views are,
  std::optional<ArrowTexts> columns_;  // or these
  std::vector<std::string_view> views_;
  size_t n_bytes_ = 0;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_TEXT_VIEW_H_
