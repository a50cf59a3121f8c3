#include "src/encode/decoder_table.h"

#include <algorithm>
#include <cstring>

#include "src/base/strings.h"

namespace tok {

TokenTable TokenTable::Borrow(const Vocabulary& vocabulary) {
  TokenTable table;
  const std::span<const TokenKind> kinds = vocabulary.kinds();
  table.flags_.resize(kinds.size());
  std::transform(kinds.begin(), kinds.end(), table.flags_.begin(),
                 [](TokenKind kind) { return kind == TokenKind::kAbsent ? Flags{kMissing} : Flags{0}; });
  table.offsets_ = vocabulary.offsets();
  table.blob_ = vocabulary.blob();
  table.owner_ = std::make_shared<const Vocabulary>(vocabulary);
  return table;
}

TokenTableBuilder::TokenTableBuilder() : storage_(std::make_shared<Storage>()) {}

absl::Status TokenTableBuilder::Append(std::string_view bytes, TokenTable::Flags flags) {
  if (bytes.size() > UINT32_MAX - storage_->blob.size()) {
    return MakeError(ErrorCode::kLimit, Concat("decoder, token ", flags_.size()),
                     "decoded tokens need more than 4 GiB");
  }
  storage_->blob += bytes;
  storage_->offsets.push_back(static_cast<uint32_t>(storage_->blob.size()));
  flags_.push_back(flags);
  return absl::OkStatus();
}

TokenTable TokenTableBuilder::Build() && {
  TokenTable table;
  table.flags_ = std::move(flags_);
  table.offsets_ = storage_->offsets;
  table.blob_ = storage_->blob;
  table.owner_ = std::move(storage_);
  return table;
}

size_t TokenTable::AppendPlain(std::span<const TokenId> ids, Flags stop_flags, std::string* out) const {
  // Strings are put together in a buffer that stays in the first cache: growing the output for each of them would take
  // longer than copying it. A copy of kWide bytes may read beyond its string, but not beyond the block.
  constexpr size_t kBuffer = 4096, kWide = 16;
  char buffer[kBuffer + kWide];
  const char* block = blob_.data();
  const Flags* flags = flags_.data();
  const uint32_t* offsets = offsets_.data();
  const size_t n_ids = flags_.size();
  const size_t n_wide =
      blob_.size() < kWide ? 0 : blob_.size() - kWide + 1;  // begins that kWide bytes follow
  size_t n_buffered = 0, done = 0;
  for (; done < ids.size(); ++done) {
    const TokenId id = ids[done];
    if (id >= n_ids || (flags[id] & stop_flags) != 0) break;
    const size_t begin = offsets[id], n = offsets[id + 1] - begin;
    if (n <= kWide && begin < n_wide) [[likely]] {
      std::memcpy(buffer + n_buffered, block + begin, kWide);
      n_buffered += n;
      if (n_buffered < kBuffer) continue;
      out->append(buffer, n_buffered);
    } else {
      out->append(buffer, n_buffered);
      out->append(block + begin, n);
    }
    n_buffered = 0;
  }
  out->append(buffer, n_buffered);
  return done;
}

absl::Status MissingId(TokenId id, uint64_t position, const DecodeOptions& options) {
  if (options.unknown_id == UnknownIdPolicy::kSkip) return absl::OkStatus();
  return MakeError(ErrorCode::kInvalidId, Concat("position ", position), Concat("no token has the id ", id),
                   "decode with the tokenizer that made the ids");
}

}  // namespace tok
