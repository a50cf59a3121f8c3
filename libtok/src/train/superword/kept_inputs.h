// train/superword/kept_inputs.h: inputs that are read more than once, standard input among them.
//
// Model: "-" can be read once: what comes from it is kept as it is, packed or not, in a nameless file (base/nameless_file.h),
// which stands in for it. Other inputs are left alone.
// Errors: TOK-E002, TOK-E003. Memory: a buffer.
#ifndef TOK_SRC_TRAIN_SUPERWORD_KEPT_INPUTS_H_
#define TOK_SRC_TRAIN_SUPERWORD_KEPT_INPUTS_H_

#include <optional>
#include <string>
#include <vector>

#include "src/base/nameless_file.h"
#include "tok/status.h"

namespace tok {

class KeptInputs {
 public:
  static absl::StatusOr<KeptInputs> Create(const std::vector<std::string>& inputs);
  // To be read while this is there.
  const std::vector<std::string>& paths() const { return paths_; }
  // An error of reading them, in which standard input has its own name.
  absl::Status Named(const absl::Status& status) const;

 private:
  KeptInputs() = default;
  std::vector<std::string> paths_;
  std::string stand_in_;  // path of the file
  std::optional<NamelessFile> file_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_SUPERWORD_KEPT_INPUTS_H_
