// Files of ids of any bytes, with or without an index beside them: an error with a code for input, or ids that are the
// same however long the parts are in which they are read. First byte: format, and whether there is an index (bit 7);
// then the size of the index and the index; the rest is the file.
#include <vector>

#include "tests/fuzz/fuzz_util.h"
#include "tests/support/temp_dir.h"
#include "tok/id_files.h"

namespace {

using tok::ErrorCode;
using tok::IdFormat;
using tok::TokenId;

constexpr IdFormat kFormats[] = {IdFormat::kIds, IdFormat::kJsonl, IdFormat::kU16, IdFormat::kU32,
                                 IdFormat::kNpy};

struct Outcome {
  std::vector<TokenId> ids;
  std::vector<size_t> ends;
  ErrorCode error = ErrorCode::kNone;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome ReadAll(const std::string& path, IdFormat format, uint64_t max_ids) {
  Outcome outcome;
  const auto reader = tok::IdReader::Open(path, format);
  if (!reader.ok()) return {{}, {}, tok::ErrorCodeOf(reader.status())};
  std::vector<TokenId> part;
  for (bool document_ends = true;;) {
    const auto found = (*reader)->Next(max_ids, &part, &document_ends);
    // How much of a document comes before its error is up to the reader.
    if (!found.ok()) {
      outcome.error = tok::ErrorCodeOf(found.status());
      outcome.ids.resize(outcome.ends.empty() ? 0 : outcome.ends.back());
      return outcome;
    }
    if (!*found) {
      TOK_FUZZ_CHECK(document_ends);
      return outcome;
    }
    TOK_FUZZ_CHECK(!(*reader)->place().empty());
    for (const TokenId id : part) TOK_FUZZ_CHECK(id < tok::kNoToken);
    outcome.ids.insert(outcome.ids.end(), part.begin(), part.end());
    if (document_ends) outcome.ends.push_back(outcome.ids.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tok::TempDir folder;
  tok::FuzzInput input(data, size);
  const uint8_t choice = input.TakeByte();
  const IdFormat format = kFormats[choice % 16 % std::size(kFormats)];
  folder.Remove("ids.idx");
  if (choice >= 128) folder.Write("ids.idx", input.Take(input.TakeByte()));
  const std::string path = folder.Write("ids", input.rest());

  const Outcome whole = ReadAll(path, format, 0);
  TOK_FUZZ_CHECK(whole.error == ErrorCode::kNone || whole.error == ErrorCode::kBadInput ||
                 whole.error == ErrorCode::kInvalidUtf8);
  for (const uint64_t max_ids : {1, 3}) TOK_FUZZ_CHECK(ReadAll(path, format, max_ids) == whole);
  return 0;
}
