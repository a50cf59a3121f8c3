// Piece counts as text (tok/piece_counts.h).
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/escapes.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/block_reader.h"
#include "src/train/memory_budget.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/piece_list.h"
#include "src/train/pieces/sorted_runs.h"
#include "src/train/pieces/spilling_table.h"
#include "src/unicode/utf8.h"
#include "tok/output.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// In front of 't', 'n', 'r', '\\' stands a backslash for these; 0 for all others.
char ShortEscape(char c) {
  switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\\': return '\\';
    default: return 0;
  }
}

void AppendHex(unsigned char byte, std::string* out) {
  *out += "\\x";
  *out += kHexDigits[byte >> 4];
  *out += kHexDigits[byte & 15];
}

constexpr size_t kBlockBytes = size_t{1} << 16;  // read at once
constexpr std::string_view kRemedy = "a line is COUNT<TAB>PIECE";

// What is wrong with the line; nothing if *bytes and *count are those of its piece.
std::string ParseLine(std::string_view line, std::string* bytes, uint64_t* count) {
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return "no tab behind the count";
  const char* const end = line.data() + tab;
  const auto [parsed, error] = std::from_chars(line.data(), end, *count);
  if (error != std::errc() || parsed != end || *count == 0)
    return "the count is no number from 1 to 2^64 - 1";
  std::string_view rest = line.substr(tab + 1);
  if (rest.empty()) return "the piece is empty";
  bytes->clear();
  while (!rest.empty()) {
    const size_t plain = std::min(rest.find_first_of("\\\t\r"), rest.size());
    *bytes += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    if (rest.front() != '\\') return "a tab or CR within the piece is to be written \\t or \\r";
    rest.remove_prefix(1);
    if (!TakeEscape(&rest, bytes)) return Concat("an escape is none of ", kEscapes);
  }
  return {};
}

// Counts the lines of files by add(CountedPiece), which gives a status.
template <typename Add>
class TsvReader {
 public:
  // max_line_bytes 0: no limit.
  TsvReader(const std::vector<std::string>& paths, uint64_t max_line_bytes, const Add& add)
      : paths_(paths),
        max_line_bytes_(max_line_bytes),
        add_(add),
        blocks_(paths, {DocumentSplit::Kind::kLines, ""},
                {.n_block_bytes = kBlockBytes, .n_max_document_bytes = max_line_bytes}) {}

  absl::Status Read() {
    TextBlock block;
    while (true) {
      TOK_ASSIGN_OR_RETURN(const bool found, blocks_.Next(&block));
      if (!found) return absl::OkStatus();
      if (block.byte_begin == 0) line_number_ = 0;
      path_ = InputName(paths_[block.file]);
      for (std::string_view rest = block.bytes; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        ++line_number_;
        TOK_RETURN_IF_ERROR(AddLine(line));
      }
    }
  }

 private:
  std::string Place() const { return Concat(path_, ":", line_number_); }

  absl::Status AddLine(std::string_view line) {
    if (max_line_bytes_ > 0 && line.size() > max_line_bytes_) {
      return MakeError(ErrorCode::kLimit, Place(),
                       Concat("a line is longer than the ", max_line_bytes_,
                              " bytes that the memory budget leaves for one"),
                       "raise --memory, or count pieces by a pattern that cuts text into words");
    }
    uint64_t count = 0;
    if (const std::string fault = ParseLine(line, &bytes_, &count); !fault.empty()) {
      return MakeError(ErrorCode::kBadInput, Place(), fault, kRemedy);
    }
    const CountedPiece piece = {bytes_, count};
    // Sums of the table do not overflow where those of its text do not.
    if (absl::Status status = text_size_.Check(piece); !status.ok()) return AtPlace(Place(), status);
    return add_(piece);
  }

  const std::vector<std::string>& paths_;
  const uint64_t max_line_bytes_;
  const Add& add_;
  BlockReader blocks_;
  std::string path_;
  uint64_t line_number_ = 0;
  std::string bytes_;  // of the piece of a line
  TextSize text_size_;
};

absl::StatusOr<PieceCounts> ReadWithin(const MemoryBudget& budget, const std::vector<std::string>& paths,
                                       PieceCounts::Origin origin) {
  SortedRuns runs(budget.MakeScratch(budget.ForCounts()));
  SpillingTable table(budget.ForTables(/*n_threads=*/1), &runs);
  const auto add = [&](const CountedPiece& piece) {
    table.Add(piece);
    return table.status();
  };
  TOK_RETURN_IF_ERROR(TsvReader(paths, budget.ForText(), add).Read());
  TOK_RETURN_IF_ERROR(table.Finish());
  return runs.Merge(std::move(origin));
}

}  // namespace

std::string EscapePiece(std::string_view piece) {
  std::string text;
  while (!piece.empty()) {
    const std::string_view valid = piece.substr(0, FindInvalidUtf8(piece));
    for (const char c : valid) {
      const auto byte = static_cast<unsigned char>(c);
      if (const char escape = ShortEscape(c)) {
        text += {'\\', escape};
      } else if (byte < 0x20 || byte == 0x7F) {
        AppendHex(byte, &text);
      } else {
        text += c;
      }
    }
    piece.remove_prefix(valid.size());
    if (piece.empty()) break;
    AppendHex(static_cast<unsigned char>(piece.front()), &text);
    piece.remove_prefix(1);
  }
  return text;
}

absl::Status WritePieceCountsTsv(const PieceCounts& counts, const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const PieceCounts sorted, Sorted(counts));
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  for (size_t i = 0; i < sorted.n_unique(); ++i) {
    const CountedPiece piece = sorted[i];
    TOK_RETURN_IF_ERROR(output->Write(Concat(piece.count, "\t", EscapePiece(piece.bytes), "\n")));
  }
  return output->Commit();
}

absl::StatusOr<PieceCounts> ReadPieceCountsTsv(const std::vector<std::string>& paths,
                                               PieceCounts::Origin origin, uint64_t n_memory_bytes) {
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget,
                       MemoryBudget::Create(n_memory_bytes, /*n_threads=*/1, /*n_tokens=*/0));
  if (budget.is_limited()) return ReadWithin(budget, paths, std::move(origin));
  CountingTable table;
  const auto add = [&](const CountedPiece& piece) {
    table.Add(piece.bytes, piece.count);
    return absl::OkStatus();
  };
  TOK_RETURN_IF_ERROR(TsvReader(paths, /*max_line_bytes=*/0, add).Read());
  PieceList list;
  list.Reserve(table.n_unique(), table.n_unique_bytes());
  absl::Status status;
  table.Drain([&](const CountedPiece& piece) { status.Update(list.Append(piece)); });
  TOK_RETURN_IF_ERROR(status);
  return std::move(list).Finish(std::move(origin));
}

}  // namespace tok
