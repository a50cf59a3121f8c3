// corpus/text_block.h: a run of whole documents of one file, and its cutting into documents.
//
// Model: the reader cuts files into blocks at document boundaries and does nothing else, so that the work per
// document (parsing JSON, counting lines) runs wherever the block is worked on.
// Threads: blocks are values; SplitBlock is a pure function of its arguments.
#ifndef TOK_SRC_CORPUS_TEXT_BLOCK_H_
#define TOK_SRC_CORPUS_TEXT_BLOCK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tok/corpus.h"

namespace tok {

struct TextBlock {
  std::string_view bytes;             // whole documents with what ends them
  std::shared_ptr<const void> owner;  // keeps `bytes` alive
  size_t file = 0;                    // index of the input
  uint64_t byte_begin = 0;            // of `bytes` in the (decompressed) file
  uint32_t shard = 0;
  // kFile: `bytes` are not read yet (see LoadBlock); the size on disk says what to expect.
  bool is_deferred = false;
  bool is_compressed = false;
  uint64_t n_bytes_on_disk = 0;
};

// What becomes of a text that is longer than max_bytes: TOK-E030; or a plain file is mapped all the same, and what has to be
// unpacked or read from a pipe goes on in a nameless file (base/nameless_file.h; TOK-E003).
enum class LongText : uint8_t { kError, kInFile };

// Reads what a deferred block stands for; others are left alone. `max_bytes` 0: no limit.
absl::Status LoadBlock(const std::string& path, uint64_t max_bytes, TextBlock* block,
                       LongText long_text = LongText::kError);

// Documents of one block. `index` and `line` count from 0 and 1 within the block.
struct BlockDocuments {
  std::vector<Document> documents;
  uint64_t n_lines = 0;   // LFs in the block
  std::string unescaped;  // texts of JSON lines and FASTA records
  // What is wrong with the document after these; its place is "byte N" of the file.
  absl::Status error;
  uint64_t error_line = 0;  // counts like Document::line
};

// `utf8` says what becomes of JSON lines that are not UTF-8; texts of the others are the file's bytes.
void SplitBlock(const TextBlock& block, const DocumentSplit& split, Utf8Policy utf8, BlockDocuments* result);

// How an input is called in messages.
std::string InputName(const std::string& path);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_TEXT_BLOCK_H_
