// format/detect.h: what a tokenizer file is, from its first bytes and its name.
#ifndef TOK_SRC_FORMAT_DETECT_H_
#define TOK_SRC_FORMAT_DETECT_H_

#include <optional>
#include <string>
#include <string_view>

#include "tok/formats.h"
#include "tok/status.h"

namespace tok {

// By content (`head`: the first few KiB, decompressed) and, where that leaves a choice, by the file's name.
// Errors: TOK-E025.
absl::StatusOr<Format> DetectContent(std::string_view head, std::string_view path);

bool FileExists(const std::string& path);
std::string JoinPath(std::string_view directory, std::string_view name);
std::string_view BaseName(std::string_view path);

struct VocabMergesPaths {
  std::string vocab, merges;
};
// The pair that one of "vocab.json", "merges.txt", "gpt2-vocab.json", "gpt2-merges.txt" belongs to.
VocabMergesPaths PairOf(std::string_view path);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_DETECT_H_
