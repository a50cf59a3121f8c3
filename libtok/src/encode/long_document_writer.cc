#include "src/encode/long_document_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/corpus/id_writer.h"

namespace tok {

LongDocumentWriter::LongDocumentWriter(ShardWriter* writer, uint32_t shard, IdFormat format,
                                       uint64_t document, unsigned n_threads)
    : writer_(writer), shard_(shard), format_(format), n_threads_(n_threads) {
  BeginDocument(format_, document, &text_);
}

absl::Status LongDocumentWriter::Write(std::span<const std::span<const TokenId>> parts) {
  std::vector<std::string> formatted(parts.size());
  std::vector<bool> is_first(parts.size(), false);
  for (size_t i = 0; i < parts.size(); ++i) {
    is_first[i] = n_ids_ == 0;
    n_ids_ += parts[i].size();
  }
  ParallelFor(parts.size(), n_threads_,
              [&](size_t i) { AppendIdsPart(parts[i], format_, is_first[i], &formatted[i]); });
  for (const std::string& part : formatted) {
    text_ += part;
    status_ = writer_->WritePart(shard_, text_);
    text_.clear();
    if (!status_.ok()) break;
  }
  return status_;
}

absl::Status LongDocumentWriter::Write(std::span<const TokenId> ids) {
  constexpr size_t kPartIds = size_t{1} << 18;
  std::vector<std::span<const TokenId>> parts;
  for (size_t begin = 0; begin < ids.size(); begin += kPartIds)
    parts.push_back(ids.subspan(begin, std::min(kPartIds, ids.size() - begin)));
  return Write(parts);
}

absl::Status LongDocumentWriter::End() {
  EndDocument(format_, &text_);
  status_ = writer_->Write(shard_, text_, std::span(&n_ids_, 1));
  return status_;
}

}  // namespace tok
