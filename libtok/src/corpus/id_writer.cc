#include "src/corpus/id_writer.h"

#include <bit>
#include <cstring>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_text.h"
#include "src/corpus/npy.h"

namespace tok {
namespace {

static_assert(std::endian::native == std::endian::little,
              "binary id files are written as they lie in memory");

void FormatText(const IdDocuments& documents, uint64_t first_document, bool as_json, std::string* out) {
  uint64_t begin = 0;
  for (size_t d = 0; d < documents.ends.size(); begin = documents.ends[d++]) {
    const uint64_t n_ids = documents.ends[d] - begin;
    if (as_json) {
      out->append("{\"doc\":");
      AppendDecimal(first_document + d, out);
      out->append(",\"ids\":[");
    }
    AppendIds(std::span(documents.ids).subspan(begin, n_ids), as_json ? ',' : ' ', out);
    if (as_json && documents.has_offsets) {
      out->append("],\"offsets\":[");
      AppendPairs(std::span(documents.offsets).subspan(begin, n_ids), out);
    }
    out->append(as_json ? "]}\n" : "\n");
  }
}

template <typename T>
std::string_view AsBytes(std::span<const T> items) {
  return std::string_view(reinterpret_cast<const char*>(items.data()), items.size_bytes());
}

}  // namespace

void FormatDocuments(const IdDocuments& documents, IdFormat format, uint64_t first_document,
                     std::string* out) {
  switch (format) {
    case IdFormat::kIds: return FormatText(documents, first_document, false, out);
    case IdFormat::kJsonl: return FormatText(documents, first_document, true, out);
    case IdFormat::kU32:
    case IdFormat::kNpy: out->append(AsBytes(std::span<const TokenId>(documents.ids))); return;
    case IdFormat::kU16: {
      const std::vector<uint16_t> narrow(documents.ids.begin(), documents.ids.end());
      out->append(AsBytes(std::span<const uint16_t>(narrow)));
      return;
    }
  }
}

absl::Status WriteIdMap(const std::string& path, std::span<const TokenId> new_ids) {
  static_assert(static_cast<int32_t>(kNoToken) == -1);
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  TOK_RETURN_IF_ERROR(output->Write(NpyHeader("<i4", new_ids.size())));
  TOK_RETURN_IF_ERROR(output->Write(AsBytes(new_ids)));
  return output->Commit();
}

absl::StatusOr<std::unique_ptr<IdWriter>> IdWriter::Open(const std::string& path, IdFormat format) {
  std::unique_ptr<IdWriter> writer(new IdWriter);
  writer->format_ = format;
  TOK_ASSIGN_OR_RETURN(writer->output_, Output::Open(path));
  const bool is_file = writer->output_->can_overwrite();
  if (IsBinary(format) && is_file) {
    TOK_ASSIGN_OR_RETURN(writer->index_, Output::Open(path + ".idx"));
  }
  if (format == IdFormat::kNpy) {
    if (is_file) {
      TOK_RETURN_IF_ERROR(writer->output_->Write(NpyHeader("<u4", 0)));
      writer->n_bytes_ = kNpyHeaderBytes;
    } else {
      TOK_ASSIGN_OR_RETURN(writer->spool_, Spool::Create());
    }
  }
  return writer;
}

absl::Status IdWriter::Write(std::string_view bytes, std::span<const uint64_t> ends) {
  TOK_RETURN_IF_ERROR(spool_ != nullptr ? spool_->Write(bytes) : output_->Write(bytes));
  if (index_ != nullptr) {
    std::vector<uint64_t> absolute(ends.begin(), ends.end());
    for (uint64_t& end : absolute) end += n_ids_;
    TOK_RETURN_IF_ERROR(index_->Write(AsBytes(std::span<const uint64_t>(absolute))));
  }
  n_bytes_ += bytes.size();
  n_documents_ += ends.size();
  n_ids_ += ends.empty() ? 0 : ends.back();
  return absl::OkStatus();
}

absl::Status IdWriter::Commit() {
  if (spool_ != nullptr) {
    TOK_RETURN_IF_ERROR(output_->Write(NpyHeader("<u4", n_ids_)));
    TOK_RETURN_IF_ERROR(spool_->CopyTo(output_.get()));
  } else if (format_ == IdFormat::kNpy) {
    TOK_RETURN_IF_ERROR(output_->Overwrite(0, NpyHeader("<u4", n_ids_)));
  }
  if (index_ != nullptr) TOK_RETURN_IF_ERROR(index_->Commit());
  return output_->Commit();
}

}  // namespace tok
