// measure/parallel/parallel_builder.h: what readers of parallel text put items into.
//
// Model: an item has a number, by which languages are aligned: that of a name (ItemNamed), or of a row of numbers taken at once
// for lines (NewItems). Cost: amortised constant a text, and a sort at the end. Threads: one.
#ifndef TOK_SRC_MEASURE_PARALLEL_PARALLEL_BUILDER_H_
#define TOK_SRC_MEASURE_PARALLEL_PARALLEL_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tok/parallel_text.h"

namespace tok {

class ParallelBuilder {
 public:
  explicit ParallelBuilder(Utf8Policy utf8) : utf8_(utf8) {}

  // The number that stands for a file in what is added.
  uint32_t AddFile(const std::string& path);
  // A language is there even if nothing is added to it: then Finish names the file.
  size_t Language(std::string_view code, uint32_t file);
  uint64_t ItemNamed(std::string_view name);
  // The first of n new numbers.
  uint64_t NewItems(uint64_t n);

  // A blank text is none. Errors: TOK-E010.
  absl::Status Add(size_t language, uint64_t item, std::string_view text, uint32_t file, uint64_t line);

  // Errors: TOK-E014 for an item that a language has twice, and a language without text.
  absl::StatusOr<ParallelText> Finish() &&;

 private:
  absl::Status CheckLanguage(const ParallelLanguage& language, uint32_t first_file) const;

  Utf8Policy utf8_;
  ParallelText text_;
  std::vector<uint32_t> first_files_;  // parallel to text_.languages
  absl::flat_hash_map<std::string, size_t> languages_;
  absl::flat_hash_map<std::string, uint64_t> items_;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PARALLEL_PARALLEL_BUILDER_H_
