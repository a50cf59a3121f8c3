// base/status_macros.h: early return on error (Debian's Abseil ships no such macros).
#ifndef TOK_SRC_BASE_STATUS_MACROS_H_
#define TOK_SRC_BASE_STATUS_MACROS_H_

#include <utility>

#include "tok/status.h"

#define TOK_RETURN_IF_ERROR(expr)                                              \
  do {                                                                         \
    if (absl::Status tok_status = (expr); !tok_status.ok()) return tok_status; \
  } while (false)

#define TOK_MACRO_CONCAT_INNER(a, b) a##b
#define TOK_MACRO_CONCAT(a, b) TOK_MACRO_CONCAT_INNER(a, b)

// TOK_ASSIGN_OR_RETURN(auto value, Compute());
#define TOK_ASSIGN_OR_RETURN(lhs, expr) \
  TOK_ASSIGN_OR_RETURN_IMPL(TOK_MACRO_CONCAT(tok_statusor_, __LINE__), lhs, expr)
#define TOK_ASSIGN_OR_RETURN_IMPL(statusor, lhs, expr) \
  auto statusor = (expr);                              \
  if (!statusor.ok()) return statusor.status();        \
  lhs = std::move(statusor).value()

#endif  // TOK_SRC_BASE_STATUS_MACROS_H_
