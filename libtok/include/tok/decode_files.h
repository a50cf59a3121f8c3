// tok/decode_files.h: files of ids back to text.
//
// Model: documents are read (tok/id_files.h), decoded by a pool of threads and written in order. Long documents of
// binary files are decoded in parts where the tokenizer decodes by concatenation.
// Inputs: what EncodeFiles leaves beside them (FILE.idx, PATH.manifest.jsonl) is skipped where FILE or a shard of PATH is
// given too, so that `ids*` means the ids.
// Formats: kText writes the bytes of each document followed by `separator`; kJsonl writes {"doc":0,"text":"..."} a
// line, with every maximal invalid part as U+FFFD.
// Errors: as readers and Tokenizer::Decode report them, with the file and line or document.
// Memory: bounded, plus the largest document. Threads: as tok/encode_files.h.
#ifndef TOK_DECODE_FILES_H_
#define TOK_DECODE_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tok/encode_files.h"
#include "tok/id_files.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

struct DecodeFilesOptions {
  enum class Format : uint8_t { kText, kJsonl };
  IdFormat input_format = IdFormat::kIds;
  Format output_format = Format::kText;
  std::string separator;  // kText: after each document
  DecodeOptions decode;
  unsigned n_threads = 0;
};

absl::Status DecodeFiles(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                         const std::string& output, const DecodeFilesOptions& options);

}  // namespace tok

#endif  // TOK_DECODE_FILES_H_
