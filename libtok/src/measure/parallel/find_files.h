// measure/parallel/find_files.h: which files a parallel text consists of, and what each of them is.
//
// Model: one look at the folder decides (see tok/parallel_text.h); the files come sorted, whatever order the disk has them in.
// Symbolic links to folders are not followed beneath a language. Errors: TOK-E001, E002; TOK-E040 for what is none or ambiguous.
#ifndef TOK_SRC_MEASURE_PARALLEL_FIND_FILES_H_
#define TOK_SRC_MEASURE_PARALLEL_FIND_FILES_H_

#include <string>
#include <vector>

#include "tok/parallel_text.h"

namespace tok {

struct ParallelFile {
  enum class Kind : uint8_t { kLines, kJsonLines, kCatalogue, kDocument };
  Kind kind = Kind::kLines;
  std::string path;
  std::string language;  // empty: the records say (kJsonLines)
  // Files of one group belong together: kLines: their lines are aligned; kCatalogue: they hold the same messages; kDocument:
  // they are one item.
  std::string group;
};

absl::StatusOr<std::vector<ParallelFile>> FindParallelFiles(const std::vector<ParallelSource>& sources);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PARALLEL_FIND_FILES_H_
