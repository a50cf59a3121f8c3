// tok/output.h: where results go: standard output, or a file that appears whole or not at all.
//
// Errors: TOK-E003 when writing fails (a full disk is named as such); TOK-E060 when the reader of standard
// output has gone away, which is no fault of the writer. Threads: one writer per output. Example:
//   auto out = tok::Output::Open("ids.txt");
//   if (absl::Status s = (*out)->Write(bytes); !s.ok()) return s;   // dropping the Output leaves no file
//   return (*out)->Commit();
#ifndef TOK_OUTPUT_H_
#define TOK_OUTPUT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

class Output {
 public:
  // "-" is standard output, which is written as it comes; devices and pipes are too.
  static absl::StatusOr<std::unique_ptr<Output>> Open(const std::string& path);
  virtual ~Output() = default;

  virtual absl::Status Write(std::string_view bytes) = 0;
  // Replaces bytes already written. Only where can_overwrite().
  virtual absl::Status Overwrite(uint64_t position, std::string_view bytes) = 0;
  virtual bool can_overwrite() const = 0;
  // Everything is out, and a file is in its place.
  virtual absl::Status Commit() = 0;
};

// Removes the temporary files of all uncommitted outputs. Async-signal-safe: for a signal handler that then
// ends the process.
void RemoveTemporaryFiles() noexcept;

}  // namespace tok

#endif  // TOK_OUTPUT_H_
