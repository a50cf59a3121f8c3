#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_companions.h"
#include "src/corpus/npy.h"
#include "src/corpus/text_block.h"
#include "tok/corpus.h"
#include "tok/id_files.h"

namespace tok {
namespace {

absl::Status BadId(const std::string& place, std::string_view fact) {
  return MakeError(ErrorCode::kBadInput, place, fact,
                   "check that --in names the format the file was written in");
}

// Text formats: one document a line.
class TextIdReader : public IdReader {
 public:
  TextIdReader(std::string path, std::unique_ptr<DocumentSource> lines)
      : path_(std::move(path)), lines_(std::move(lines)) {}

  absl::StatusOr<bool> Next(uint64_t, std::vector<TokenId>* ids, bool* document_ends) override {
    ids->clear();
    *document_ends = true;
    while (true) {
      TOK_ASSIGN_OR_RETURN(const bool found, lines_->Next(&line_));
      if (!found) return false;
      if (IsDocument(line_.text)) break;
    }
    TOK_RETURN_IF_ERROR(Parse(line_.text, ids));
    return true;
  }
  std::string place() const override { return Concat(InputName(path_), ":", line_.line); }

 protected:
  virtual bool IsDocument(std::string_view) const { return true; }
  virtual absl::Status Parse(std::string_view line, std::vector<TokenId>* ids) = 0;
  std::string PlaceOf(const char* at) const {
    return Concat(place(), ": byte ", line_.byte_begin + static_cast<uint64_t>(at - line_.text.data()));
  }

 private:
  std::string path_;
  std::unique_ptr<DocumentSource> lines_;
  Document line_;
};

class DecimalIdReader final : public TextIdReader {
 public:
  using TextIdReader::TextIdReader;

 private:
  absl::Status Parse(std::string_view line, std::vector<TokenId>* ids) override {
    const char* at = line.data();
    const char* const end = at + line.size();
    while (true) {
      while (at != end && (*at == ' ' || *at == '\t' || *at == '\r')) ++at;
      if (at == end) return absl::OkStatus();
      const char* const begin = at;
      uint64_t value = 0;
      while (at != end && *at >= '0' && *at <= '9' && value <= kNoToken) {
        value = value * 10 + static_cast<uint64_t>(*at++ - '0');
      }
      const bool ends = at == end || *at == ' ' || *at == '\t' || *at == '\r';
      if (at == begin || !ends || value >= kNoToken) return BadId(PlaceOf(begin), "expected a token id");
      ids->push_back(static_cast<TokenId>(value));
    }
  }
};

class JsonIdReader final : public TextIdReader {
 public:
  using TextIdReader::TextIdReader;

 private:
  bool IsDocument(std::string_view line) const override {
    return line.find_first_not_of(" \t\r") != std::string_view::npos;
  }
  absl::Status Parse(std::string_view line, std::vector<TokenId>* ids) override {
    padded_.assign(line);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    simdjson::dom::element root;
    if (const auto error = parser_.parse(padded_.data(), line.size(), false).get(root); error) {
      return BadId(PlaceOf(line.data()), Concat("malformed JSON (", simdjson::error_message(error), ")"));
    }
    simdjson::dom::array array;
    if (root["ids"].get(array) != simdjson::SUCCESS) {
      return BadId(PlaceOf(line.data()), "no array \"ids\" in the line");
    }
    for (const simdjson::dom::element element : array) {
      uint64_t value = 0;
      if (element.get(value) != simdjson::SUCCESS || value >= kNoToken) {
        return BadId(PlaceOf(line.data()), Concat("item ", ids->size(), " of \"ids\" is no token id"));
      }
      ids->push_back(static_cast<TokenId>(value));
    }
    return absl::OkStatus();
  }

  simdjson::dom::parser parser_;
  std::string padded_;
};

// Binary formats: ids end to end, document ends beside them.
class BinaryIdReader final : public IdReader {
 public:
  BinaryIdReader(std::string path, TextBlock content, NpyArray array, std::vector<uint64_t> ends)
      : path_(std::move(path)), content_(std::move(content)), array_(array), ends_(std::move(ends)) {}

  absl::StatusOr<bool> Next(uint64_t max_ids, std::vector<TokenId>* ids, bool* document_ends) override {
    ids->clear();
    if (document_ == ends_.size()) return false;
    const uint64_t left = ends_[document_] - position_;
    const uint64_t n = max_ids == 0 ? left : std::min(left, max_ids);
    ids->reserve(n);
    for (uint64_t i = 0; i < n; ++i) {
      const uint64_t value = ItemAt(position_ + i);
      if (value >= kNoToken) return BadId(place(), Concat("item ", position_ + i, " is no token id"));
      ids->push_back(static_cast<TokenId>(value));
    }
    position_ += n;
    *document_ends = n == left;
    last_document_ = document_;
    if (*document_ends) ++document_;
    return true;
  }
  std::string place() const override { return Concat(InputName(path_), ": document ", last_document_); }

 private:
  // Negative numbers come out above kNoToken.
  uint64_t ItemAt(uint64_t i) const {
    uint64_t value = 0;
    std::memcpy(&value, array_.data.data() + i * array_.n_item_bytes, array_.n_item_bytes);
    if (array_.kind == 'u') return value;
    const unsigned n_unused_bits = 64 - 8 * array_.n_item_bytes;
    return static_cast<uint64_t>(static_cast<int64_t>(value << n_unused_bits) >> n_unused_bits);
  }

  std::string path_;
  TextBlock content_;  // owns array_.data
  NpyArray array_;
  std::vector<uint64_t> ends_;
  uint64_t position_ = 0;
  size_t document_ = 0, last_document_ = 0;
};

absl::StatusOr<std::vector<uint64_t>> ReadEnds(const std::string& path, uint64_t n_ids) {
  const std::string index_path = IndexPath(path);
  absl::StatusOr<std::string> index =
      path == "-" ? MakeError(ErrorCode::kNotFound, "", "") : ReadFile(index_path);
  if (ErrorCodeOf(index.status()) == ErrorCode::kNotFound) return std::vector<uint64_t>{n_ids};
  if (!index.ok()) return index.status();
  if (index->size() % sizeof(uint64_t) != 0) return BadId(index_path, "is not a list of u64 document ends");
  std::vector<uint64_t> ends(index->size() / sizeof(uint64_t));
  if (!ends.empty()) std::memcpy(ends.data(), index->data(), index->size());
  if (!std::is_sorted(ends.begin(), ends.end()) || (ends.empty() ? 0 : ends.back()) != n_ids) {
    return BadId(index_path, Concat("does not fit the ", n_ids, " ids beside it"));
  }
  return ends;
}

absl::StatusOr<std::unique_ptr<IdReader>> OpenBinary(const std::string& path, IdFormat format) {
  TOK_RETURN_IF_ERROR(CheckIsNoIndex(path));
  TextBlock content;
  content.is_deferred = true;
  TOK_RETURN_IF_ERROR(LoadBlock(path, 0, &content));
  NpyArray array;
  if (format == IdFormat::kNpy) {
    TOK_ASSIGN_OR_RETURN(array, ParseNpy(content.bytes, InputName(path)));
  } else {
    array.n_item_bytes = format == IdFormat::kU16 ? 2 : 4;
    if (content.bytes.size() % array.n_item_bytes != 0) {
      return BadId(InputName(path), Concat("its ", content.bytes.size(), " bytes are not whole ids"));
    }
    array.data = content.bytes;
    array.n_items = content.bytes.size() / array.n_item_bytes;
  }
  TOK_ASSIGN_OR_RETURN(std::vector<uint64_t> ends, ReadEnds(path, array.n_items));
  return std::make_unique<BinaryIdReader>(path, std::move(content), array, std::move(ends));
}

}  // namespace

absl::StatusOr<std::unique_ptr<IdReader>> IdReader::Open(const std::string& path, IdFormat format) {
  if (IsBinary(format)) return OpenBinary(path, format);
  const DocumentSplit lines{DocumentSplit::Kind::kLines, ""};
  TOK_ASSIGN_OR_RETURN(std::unique_ptr<DocumentSource> source, OpenDocuments(path, lines));
  if (format == IdFormat::kJsonl) return std::make_unique<JsonIdReader>(path, std::move(source));
  return std::make_unique<DecimalIdReader>(path, std::move(source));
}

}  // namespace tok
