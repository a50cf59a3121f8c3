// base/spool.h: bytes set aside in a nameless temporary file until something that must stand before them is
// known.
//
// Model: append, then copy everything to an output. Errors: TOK-E003.
#ifndef TOK_SRC_BASE_SPOOL_H_
#define TOK_SRC_BASE_SPOOL_H_

#include <memory>
#include <string>
#include <string_view>

#include "src/base/descriptor.h"
#include "tok/output.h"
#include "tok/status.h"

namespace tok {

class Spool {
 public:
  static absl::StatusOr<std::unique_ptr<Spool>> Create();
  absl::Status Write(std::string_view bytes);
  absl::Status CopyTo(Output* output);

 private:
  Spool() = default;
  absl::Status Flush();
  std::string buffer_;
  Descriptor descriptor_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_SPOOL_H_
