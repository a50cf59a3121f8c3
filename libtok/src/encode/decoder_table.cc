#include "src/encode/decoder_table.h"

#include <algorithm>
#include <cstring>

#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {

TokenTable::TokenTable(size_t n_ids) : entries_(n_ids) {}

absl::Status TokenTable::CheckSize(uint64_t n_bytes) const {
  if (n_bytes <= kSizeMask) return absl::OkStatus();
  return MakeError(ErrorCode::kLimit, "decoder", Concat("decoded tokens need ", n_bytes, " bytes"),
                   "the limit is 256 MiB");
}

absl::Status TokenTable::AssignAll(const Vocabulary& vocabulary) {
  TOK_RETURN_IF_ERROR(CheckSize(vocabulary.blob().size()));
  blob_.reserve(vocabulary.blob().size() + kCopy);
  blob_.assign(vocabulary.blob());
  blob_.append(kCopy, '\0');
  const std::span<const uint32_t> offsets = vocabulary.offsets();
  const std::span<const TokenKind> kinds = vocabulary.kinds();
  for (size_t id = 0; id < vocabulary.size(); ++id) {
    if (kinds[id] != TokenKind::kAbsent) entries_[id] = {offsets[id], offsets[id + 1] - offsets[id]};
  }
  return absl::OkStatus();
}

absl::Status TokenTable::Set(TokenId id, std::string_view bytes, uint32_t flags) {
  const size_t begin = blob_.size() - kCopy;
  TOK_RETURN_IF_ERROR(CheckSize(begin + bytes.size()));
  blob_.resize(begin);
  blob_.append(bytes).append(kCopy, '\0');
  entries_[id] = {static_cast<uint32_t>(begin), static_cast<uint32_t>(bytes.size()) | flags};
  return absl::OkStatus();
}

size_t TokenTable::AppendPlain(std::span<const TokenId> ids, uint32_t stop_flags, std::string* out) const {
  // Two passes over a few thousand ids at a time: the sizes first, so that the copies need no checks.
  constexpr size_t kChunk = 4096;
  size_t done = 0;
  for (bool stopped = false; !stopped && done < ids.size();) {
    const size_t limit = std::min(ids.size(), done + kChunk);
    size_t n_bytes = 0, end = done;
    for (; end < limit; ++end) {
      if (ids[end] >= entries_.size() || (entries_[ids[end]].size_and_flags & stop_flags) != 0) {
        stopped = true;
        break;
      }
      n_bytes += entries_[ids[end]].size_and_flags & kSizeMask;
    }
    const size_t old_size = out->size();
    out->resize(old_size + n_bytes + kCopy);
    char* to = out->data() + old_size;
    for (; done < end; ++done) {
      const Entry entry = entries_[ids[done]];
      const size_t n = entry.size_and_flags & kSizeMask;
      const char* from = blob_.data() + entry.begin;
      if (n <= kCopy) {
        std::memcpy(to, from, kCopy);
      } else {
        std::memcpy(to, from, n);
      }
      to += n;
    }
    out->resize(old_size + n_bytes);
  }
  return done;
}

absl::Status MissingId(TokenId id, uint64_t position, const DecodeOptions& options) {
  if (options.unknown_id == UnknownIdPolicy::kSkip) return absl::OkStatus();
  return MakeError(ErrorCode::kInvalidId, Concat("position ", position), Concat("no token has the id ", id),
                   "decode with the tokenizer that made the ids, or skip unknown ids");
}

}  // namespace tok
