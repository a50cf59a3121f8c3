#include "src/corpus/block_reader.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <new>
#include <span>

#include "src/base/nameless_file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/document_cutter.h"

namespace tok {
namespace {

constexpr size_t kReadStep = size_t{1} << 16;
constexpr size_t kMagicBytes = 4;

// 0 for pipes and whatever cannot be looked at (opening it will say why).
uint64_t SizeOnDisk(const std::string& path) {
  struct stat info {};
  if (path == "-" || stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  return static_cast<uint64_t>(info.st_size);
}

bool IsMappable(const std::string& path) {
  struct stat info {};
  return path != "-" && stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

// Lends `part` of a mapping; when the block is done its pages stop counting as ours.
std::shared_ptr<const void> Lend(std::shared_ptr<const MappedFile> file, std::string_view part) {
  const MappedFile* raw = file.get();
  return std::shared_ptr<const void>(raw,
                                     [file = std::move(file), part](const void*) { file->Release(part); });
}

// Memory that grows by moving pages, not bytes, and goes back to the system at once: a document of unknown size takes
// what it is long, where a growing string would take up to three times that.
class PageBuffer {
 public:
  PageBuffer() = default;
  ~PageBuffer() {
    if (memory_ != nullptr) munmap(memory_, capacity_);
  }
  PageBuffer(const PageBuffer&) = delete;
  PageBuffer& operator=(const PageBuffer&) = delete;

  std::string_view bytes() const { return std::string_view(memory_, used_); }
  // What may be filled next; never empty.
  std::span<char> Room() {
    if (used_ == capacity_) Grow(std::max(kFirstRoom, 2 * capacity_));
    return std::span(memory_ + used_, capacity_ - used_);
  }
  void Fill(size_t n_bytes) { used_ += n_bytes; }

 private:
  static constexpr size_t kFirstRoom = size_t{1} << 18;

  void Grow(size_t capacity) {
    void* moved = memory_ == nullptr
                      ? mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                      : mremap(memory_, capacity_, capacity, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) throw std::bad_alloc();
    memory_ = static_cast<char*>(moved);
    capacity_ = capacity;
  }

  char* memory_ = nullptr;
  size_t used_ = 0, capacity_ = 0;
};

absl::Status TooLongError(const std::string& place, uint64_t limit) {
  return MakeError(ErrorCode::kLimit, place,
                   Concat("a document is longer than the memory budget of ", limit, " bytes"),
                   "raise --memory or split the input into smaller documents");
}

}  // namespace

namespace {

// `begin` and the rest of the stream.
absl::Status LoadInFile(std::string_view begin, ByteStream* stream, TextBlock* block) {
  TOK_ASSIGN_OR_RETURN(NamelessFile file, NamelessFile::Create());
  TOK_RETURN_IF_ERROR(file.Write(begin));
  std::string buffer(kReadStep, '\0');
  while (true) {
    TOK_ASSIGN_OR_RETURN(const size_t n, stream->Read(buffer.data(), buffer.size()));
    if (n == 0) break;
    TOK_RETURN_IF_ERROR(file.Write(std::string_view(buffer).substr(0, n)));
  }
  TOK_ASSIGN_OR_RETURN(block->bytes, file.Map(&block->owner));
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadBlock(const std::string& path, uint64_t max_bytes, TextBlock* block, LongText long_text) {
  if (!block->is_deferred) return absl::OkStatus();
  block->is_deferred = false;
  const uint64_t limit = max_bytes == 0 ? std::numeric_limits<uint64_t>::max() : max_bytes;
  if (IsMappable(path)) {
    TOK_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
    if (DetectCompression(file->bytes().substr(0, kMagicBytes)) == Compression::kNone) {
      if (file->bytes().size() > limit && long_text == LongText::kError) return TooLongError(path, max_bytes);
      block->bytes = file->bytes();
      block->owner = std::move(file);
      return absl::OkStatus();
    }
  }
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, ByteStream::Open(path));
  auto content = std::make_shared<PageBuffer>();
  while (true) {
    const std::span<char> room = content->Room();
    TOK_ASSIGN_OR_RETURN(const size_t n, stream->Read(room.data(), room.size()));
    if (n == 0) break;
    content->Fill(n);
    if (content->bytes().size() <= limit) continue;
    if (long_text == LongText::kError) return TooLongError(InputName(path), max_bytes);
    return LoadInFile(content->bytes(), stream.get(), block);
  }
  block->bytes = content->bytes();
  block->owner = std::move(content);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint64_t>> MeasureInputs(const std::vector<std::string>& paths) {
  std::vector<uint64_t> sizes;
  std::string scratch(size_t{1} << 20, '\0');
  for (const std::string& path : paths) {
    TOK_ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, ByteStream::Open(path));
    if (stream->compression() == Compression::kNone && IsMappable(path)) {
      sizes.push_back(stream->n_bytes_total());
      continue;
    }
    uint64_t n_bytes = 0;
    while (true) {
      TOK_ASSIGN_OR_RETURN(const size_t n, stream->Read(scratch.data(), scratch.size()));
      if (n == 0) break;
      n_bytes += n;
    }
    sizes.push_back(n_bytes);
  }
  return sizes;
}

BlockReader::BlockReader(std::vector<std::string> paths, DocumentSplit split, BlockReaderOptions options)
    : paths_(std::move(paths)), split_(std::move(split)), options_(std::move(options)) {
  for (const uint64_t size : options_.file_sizes) n_inputs_bytes_ += size;
  bool all_known = true;
  for (const std::string& path : paths_) {
    n_bytes_total_ += SizeOnDisk(path);
    all_known = all_known && IsMappable(path);
  }
  if (!all_known) n_bytes_total_ = 0;
}

absl::StatusOr<bool> BlockReader::Next(TextBlock* block) {
  while (true) {
    if (!is_open_) {
      if (next_file_ == paths_.size()) return false;
      TOK_RETURN_IF_ERROR(OpenNext());
      if (split_.kind == DocumentSplit::Kind::kFile) {
        *block = TextBlock{};
        block->file = next_file_ - 1;
        block->shard = ShardOf(0);
        block->is_deferred = true;
        block->is_compressed = mapped_ == nullptr;
        block->n_bytes_on_disk = SizeOnDisk(paths_[block->file]);
        Account(block->n_bytes_on_disk);
        is_open_ = false;
        return true;
      }
    }
    TOK_ASSIGN_OR_RETURN(const bool found, mapped_ != nullptr ? NextMapped(block) : NextStreamed(block));
    if (found) return true;
    is_open_ = false;
    n_finished_bytes_ += SizeOnDisk(paths_[next_file_ - 1]);
  }
}

absl::Status BlockReader::OpenNext() {
  if (next_file_ > 0 && !options_.file_sizes.empty()) file_base_ += options_.file_sizes[next_file_ - 1];
  const std::string& path = paths_[next_file_++];
  position_ = 0;
  stream_ended_ = false;
  mapped_.reset();
  stream_.reset();
  pending_.clear();
  if (IsMappable(path)) {
    TOK_ASSIGN_OR_RETURN(mapped_, MappedFile::Open(path));
    if (DetectCompression(mapped_->bytes().substr(0, kMagicBytes)) != Compression::kNone) mapped_.reset();
  }
  // A whole file is opened by whoever loads it; standard input must not be opened, and read ahead, twice.
  if (mapped_ == nullptr && split_.kind != DocumentSplit::Kind::kFile) {
    TOK_ASSIGN_OR_RETURN(stream_, ByteStream::Open(path));
  }
  is_open_ = true;
  return absl::OkStatus();
}

absl::StatusOr<bool> BlockReader::NextMapped(TextBlock* block) {
  const std::string_view rest = mapped_->bytes().substr(position_);
  if (rest.empty()) return false;
  DocumentCutter cutter(split_);
  size_t end = cutter.EndAtOrAfter(rest, options_.n_block_bytes);
  if (end == std::string_view::npos) end = rest.size();
  end = CutAtShard(rest.substr(0, end));
  *block = TextBlock{};
  block->bytes = rest.substr(0, end);
  block->owner = Lend(mapped_, block->bytes);
  block->file = next_file_ - 1;
  block->byte_begin = position_;
  block->shard = ShardOf(position_);
  position_ += end;
  Account(position_);
  return true;
}

absl::StatusOr<bool> BlockReader::NextStreamed(TextBlock* block) {
  DocumentCutter cutter(split_);
  auto buffer = std::make_shared<std::string>(std::move(pending_));
  pending_.clear();
  size_t end = std::string_view::npos;
  while (true) {
    if (buffer->size() >= options_.n_block_bytes) end = cutter.EndAtOrAfter(*buffer, options_.n_block_bytes);
    if (end != std::string_view::npos || stream_ended_) break;
    const uint64_t limit = options_.n_max_document_bytes;
    if (limit != 0 && buffer->size() > limit + options_.n_block_bytes) return TooLong(position_);
    const size_t used = buffer->size();
    buffer->resize(used + kReadStep);
    absl::StatusOr<size_t> n = stream_->Read(buffer->data() + used, kReadStep);
    if (!n.ok()) return n.status();
    buffer->resize(used + *n);
    stream_ended_ = *n == 0;
  }
  if (buffer->empty()) return false;
  end = CutAtShard(std::string_view(*buffer).substr(0, end));
  pending_.assign(*buffer, end);
  *block = TextBlock{};
  block->bytes = std::string_view(*buffer).substr(0, end);
  block->owner = std::move(buffer);
  block->file = next_file_ - 1;
  block->byte_begin = position_;
  block->shard = ShardOf(position_);
  position_ += end;
  Account(stream_->n_bytes_read());
  return true;
}

absl::Status BlockReader::TooLong(uint64_t byte_begin) const {
  return TooLongError(Concat(InputName(paths_[next_file_ - 1]), ": byte ", byte_begin),
                      options_.n_max_document_bytes);
}

uint32_t BlockReader::ShardOf(uint64_t byte_begin) const {
  if (options_.n_shards <= 1 || n_inputs_bytes_ == 0) return 0;
  const auto scaled = static_cast<unsigned __int128>(file_base_ + byte_begin) * options_.n_shards;
  return std::min(static_cast<uint32_t>(scaled / n_inputs_bytes_), options_.n_shards - 1);
}

// The part of `bytes`, which begin at position_, whose documents all belong to the shard of the first.
size_t BlockReader::CutAtShard(std::string_view bytes) const {
  const uint32_t shard = ShardOf(position_);
  if (ShardOf(position_ + bytes.size()) == shard) return bytes.size();
  // The smallest offset that belongs to a later shard: ceil((shard + 1) * total / n_shards).
  const auto product = static_cast<unsigned __int128>(shard + 1) * n_inputs_bytes_;
  const auto begin = static_cast<uint64_t>((product + options_.n_shards - 1) / options_.n_shards);
  DocumentCutter cutter(split_);
  const size_t end = cutter.EndAtOrAfter(bytes, begin - file_base_ - position_);
  return end == std::string_view::npos ? bytes.size() : end;
}

void BlockReader::Account(uint64_t n_file_bytes) {
  if (split_.kind == DocumentSplit::Kind::kFile) {
    n_bytes_read_.fetch_add(n_file_bytes, std::memory_order_relaxed);
  } else {
    n_bytes_read_.store(n_finished_bytes_ + n_file_bytes, std::memory_order_relaxed);
  }
}

}  // namespace tok
