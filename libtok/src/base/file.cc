#include "src/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "src/base/byte_stream.h"
#include "src/base/descriptor.h"
#include "src/base/file_error.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/output.h"

namespace tok {
namespace {

constexpr size_t kWriteBuffer = size_t{1} << 18;
constexpr size_t kReadChunk = size_t{1} << 18;
constexpr int kMaxNameAttempts = 100;

// Temporary files, where a signal handler can find them. A push-only list: entries are reused but never freed, so that
// a handler can walk it at any moment.
struct RegistryNode {
  std::atomic<const char*> path{nullptr};
  std::atomic<bool> taken{true};
  RegistryNode* next = nullptr;
};
std::atomic<RegistryNode*> registry_head{nullptr};

std::atomic<const char*>* RegisterTemporary(const char* path) {
  for (RegistryNode* node = registry_head.load(); node != nullptr; node = node->next) {
    if (!node->taken.exchange(true)) {
      node->path.store(path);
      return &node->path;
    }
  }
  auto* node = new RegistryNode;
  node->path.store(path);
  node->next = registry_head.load();
  while (!registry_head.compare_exchange_weak(node->next, node)) {
  }
  return &node->path;
}

void Unregister(std::atomic<const char*>* registration) {
  if (registration == nullptr) return;
  registration->store(nullptr);
  for (RegistryNode* node = registry_head.load(); node != nullptr; node = node->next) {
    if (&node->path == registration) node->taken.store(false);
  }
}

// Unpredictable enough that two writers of one target do not meet; O_EXCL settles the rest.
std::string TemporaryName(const std::string& target, int attempt) {
  static std::atomic<uint64_t> counter{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return Concat(target, ".tmp-", getpid(), "-", counter.fetch_add(1), "-",
                absl::Hex(static_cast<uint64_t>(now) + static_cast<uint64_t>(attempt)));
}

std::string ResolveLinks(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string result(resolved);
  free(resolved);
  return result;
}

absl::StatusOr<std::string> ReadToEnd(ByteStream* stream, const std::string& path, uint64_t max_bytes,
                                      size_t expected) {
  std::string content(expected, '\0');
  size_t used = 0;
  while (true) {
    if (used == content.size()) content.resize(std::max(used + kReadChunk, content.capacity()));
    TOK_ASSIGN_OR_RETURN(const size_t n, stream->Read(content.data() + used, content.size() - used));
    if (n == 0) break;
    used += n;
    if (used > max_bytes) {
      return MakeError(ErrorCode::kLimit, path, Concat("holds more than ", max_bytes, " bytes"),
                       "split the file or raise the limit");
    }
  }
  content.resize(used);
  return content;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(const std::string& path) {
  const Descriptor descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid()) return ReadError(path, errno);
  struct stat info {};
  if (fstat(descriptor.get(), &info) != 0) return ReadError(path, errno);
  if (S_ISDIR(info.st_mode)) return ReadError(path, EISDIR);

  std::shared_ptr<MappedFile> file(new MappedFile);
  const auto size = static_cast<size_t>(info.st_size);
  if (S_ISREG(info.st_mode) && size > 0) {
    void* memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
    if (memory != MAP_FAILED) {
      file->bytes_ = std::string_view(static_cast<const char*>(memory), size);
      file->is_mapped_ = true;
      return std::shared_ptr<const MappedFile>(std::move(file));
    }
  }
  size_t used = 0;
  while (true) {
    file->owned_.resize(used + kReadChunk);
    const ssize_t n = ReadSome(descriptor.get(), file->owned_.data() + used, kReadChunk);
    if (n < 0) return ReadError(path, errno);
    if (n == 0) break;
    used += static_cast<size_t>(n);
  }
  file->owned_.resize(used);
  file->bytes_ = file->owned_;
  return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile() {
  if (is_mapped_) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

void MappedFile::Release(std::string_view part) const {
  if (!is_mapped_) return;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<uintptr_t>(part.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<uintptr_t>(part.data()) + part.size()) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

absl::StatusOr<std::string> ReadFile(const std::string& path, uint64_t max_bytes) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, ByteStream::Open(path));
  // One byte more than the file, so that a plain file is read into its final place at once.
  const size_t expected = stream->compression() == Compression::kNone ? stream->n_bytes_total() : 0;
  return ReadToEnd(stream.get(), path, max_bytes,
                   static_cast<size_t>(std::min<uint64_t>(expected, max_bytes)) + 1);
}

absl::StatusOr<std::unique_ptr<AtomicFile>> AtomicFile::Create(const std::string& path) {
  std::unique_ptr<AtomicFile> file(new AtomicFile);
  file->path_ = path;
  file->target_ = ResolveLinks(path);
  struct stat info {};
  const bool exists = stat(file->target_.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return WriteError(path, EISDIR);
  if (exists && !S_ISREG(info.st_mode)) {
    file->descriptor_ = open(file->target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file->descriptor_ < 0) return WriteError(path, errno);
    return file;
  }
  TOK_RETURN_IF_ERROR(file->OpenTemporary(info.st_mode & 07777, exists));
  return file;
}

absl::Status AtomicFile::OpenTemporary(unsigned mode, bool target_exists) {
  for (int attempt = 0; attempt < kMaxNameAttempts; ++attempt) {
    temporary_ = TemporaryName(target_, attempt);
    // Registered before it exists: an interrupt in between must find it.
    registration_ = RegisterTemporary(temporary_.c_str());
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) break;
    const int error = errno;
    Unregister(registration_);
    registration_ = nullptr;
    temporary_.clear();
    if (error != EEXIST) return Failure(error);
  }
  if (descriptor_ < 0) return Failure(EEXIST);
  // A file that is replaced keeps its permissions; failing that is no reason to refuse the write.
  if (target_exists && fchmod(descriptor_, mode) != 0) return Failure(errno);
  return absl::OkStatus();
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
  Unregister(registration_);
}

absl::Status AtomicFile::Failure(int error) const { return WriteError(path_, error); }

absl::Status AtomicFile::Write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() < kWriteBuffer) {
    buffer_.append(bytes);
    return absl::OkStatus();
  }
  TOK_RETURN_IF_ERROR(Flush());
  if (bytes.size() < kWriteBuffer) {
    buffer_.assign(bytes);
    return absl::OkStatus();
  }
  if (const int error = WriteAll(descriptor_, bytes); error != 0) return Failure(error);
  return absl::OkStatus();
}

absl::Status AtomicFile::Flush() {
  if (buffer_.empty()) return absl::OkStatus();
  const int error = WriteAll(descriptor_, buffer_);
  buffer_.clear();
  if (error != 0) return Failure(error);
  return absl::OkStatus();
}

absl::Status AtomicFile::Commit() {
  TOK_RETURN_IF_ERROR(Flush());
  const bool straight = temporary_.empty();
  // Some file systems cannot sync (EINVAL); there the rename alone must do.
  if (!straight && fdatasync(descriptor_) != 0 && errno != EINVAL) return Failure(errno);
  const int closed = close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) return Failure(errno);
  if (straight) return absl::OkStatus();
  if (rename(temporary_.c_str(), target_.c_str()) != 0) return Failure(errno);
  temporary_.clear();
  return absl::OkStatus();
}

absl::Status AtomicFile::Overwrite(uint64_t position, std::string_view bytes) {
  TOK_RETURN_IF_ERROR(Flush());
  while (!bytes.empty()) {
    const ssize_t n = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(position));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failure(errno);
    bytes.remove_prefix(static_cast<size_t>(n));
    position += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::Status WriteFileAtomically(const std::string& path, std::string_view bytes) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<AtomicFile> file, AtomicFile::Create(path));
  TOK_RETURN_IF_ERROR(file->Write(bytes));
  return file->Commit();
}

void RemoveTemporaryFiles() noexcept {
  for (RegistryNode* node = registry_head.load(); node != nullptr; node = node->next) {
    if (const char* path = node->path.load(); path != nullptr) unlink(path);
  }
}

}  // namespace tok
