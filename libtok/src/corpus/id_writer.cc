#include "src/corpus/id_writer.h"

#include <bit>
#include <cstring>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_companions.h"
#include "src/corpus/id_text.h"
#include "src/corpus/npy.h"

namespace tok {
namespace {

static_assert(std::endian::native == std::endian::little,
              "binary id files are written as they lie in memory");

template <typename T>
std::string_view AsBytes(std::span<const T> items) {
  return std::string_view(reinterpret_cast<const char*>(items.data()), items.size_bytes());
}

}  // namespace

void BeginDocument(IdFormat format, uint64_t document, std::string* out) {
  if (format != IdFormat::kJsonl) return;
  out->append("{\"doc\":");
  AppendDecimal(document, out);
  out->append(",\"ids\":[");
}

void AppendIdsPart(std::span<const TokenId> ids, IdFormat format, bool is_first, std::string* out) {
  switch (format) {
    case IdFormat::kIds:
    case IdFormat::kJsonl: {
      const char separator = format == IdFormat::kIds ? ' ' : ',';
      if (!is_first && !ids.empty()) *out += separator;
      return AppendIds(ids, separator, out);
    }
    case IdFormat::kU32:
    case IdFormat::kNpy: out->append(AsBytes(ids)); return;
    case IdFormat::kU16: {
      const std::vector<uint16_t> narrow(ids.begin(), ids.end());
      out->append(AsBytes(std::span<const uint16_t>(narrow)));
      return;
    }
  }
}

void EndDocument(IdFormat format, std::string* out) {
  if (format == IdFormat::kJsonl) out->append("]}\n");
  if (format == IdFormat::kIds) *out += '\n';
}

void FormatDocuments(const IdDocuments& documents, IdFormat format, uint64_t first_document,
                     std::string* out) {
  if (IsBinary(format)) return AppendIdsPart(documents.ids, format, true, out);
  uint64_t begin = 0;
  for (size_t d = 0; d < documents.ends.size(); begin = documents.ends[d++]) {
    const uint64_t n_ids = documents.ends[d] - begin;
    BeginDocument(format, first_document + d, out);
    AppendIdsPart(std::span(documents.ids).subspan(begin, n_ids), format, true, out);
    if (documents.has_offsets) {
      out->append("],\"offsets\":[");
      AppendPairs(std::span(documents.offsets).subspan(begin, n_ids), out);
    }
    EndDocument(format, out);
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
    TOK_ASSIGN_OR_RETURN(writer->index_, Output::Open(IndexPath(path)));
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

absl::Status IdWriter::WritePart(std::string_view bytes) {
  n_bytes_ += bytes.size();
  return spool_ != nullptr ? spool_->Write(bytes) : output_->Write(bytes);
}

absl::Status IdWriter::Write(std::string_view bytes, std::span<const uint64_t> ends) {
  TOK_RETURN_IF_ERROR(WritePart(bytes));
  if (index_ != nullptr) {
    std::vector<uint64_t> absolute(ends.begin(), ends.end());
    for (uint64_t& end : absolute) end += n_ids_;
    TOK_RETURN_IF_ERROR(index_->Write(AsBytes(std::span<const uint64_t>(absolute))));
  }
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
