// measure/parallel/readers.h: the readers of the kinds of parallel text, each into a ParallelBuilder.
//
// Errors: as tok/parallel_text.h. Threads: one.
#ifndef TOK_SRC_MEASURE_PARALLEL_READERS_H_
#define TOK_SRC_MEASURE_PARALLEL_READERS_H_

#include <span>

#include "src/measure/parallel/find_files.h"
#include "src/measure/parallel/parallel_builder.h"

namespace tok {

// Files of lines, all of one group: files of one number of lines.
absl::Status ReadLineFiles(std::span<const ParallelFile> files, ParallelBuilder* builder);

// `fields` nothing: told by the first record.
absl::Status ReadJsonLines(const ParallelFile& file, const std::optional<ParallelFields>& fields,
                           Utf8Policy utf8, ParallelBuilder* builder);

// All catalogues of a text.
absl::Status ReadCatalogues(std::span<const ParallelFile> files, const std::string& source_language,
                            ParallelBuilder* builder);

absl::Status ReadDocumentFile(const ParallelFile& file, ParallelBuilder* builder);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PARALLEL_READERS_H_
