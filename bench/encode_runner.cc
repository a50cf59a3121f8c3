// encode_runner: the libtok side of bench/encode_peers.py: loads a tokenizer and encodes documents when told to.
//
// Usage: tok_encode_runner TOKENIZER DOCUMENTS batch|each THREADS
// DOCUMENTS holds u64 count, u64 ends[count], then the bytes of all documents; it is mapped. Special tokens are text.
// With one thread, and for `each`, one EncodeTo a document into one vector that keeps its capacity (the first pass
// reserves address space for an id a byte). With more threads, EncodeBatch, or EncodeParallel for a single document.
// The protocol on stdin and stdout is one line each:
//   (start)     -> {"load_s","rss_before_bytes"}
//   pass        -> {"seconds","cpu_s","first_call_s","ids","peak_rss_bytes"}   first_call_s: the first document alone,
//                                                                              null where documents go together
//   ids PATH    -> {}                                                          ids of the last pass as u32
// peak_rss_bytes is counted from the start line on, documents included as far as they are resident.
// The driver alternates passes of all contestants, so that a noisy machine is noisy for all of them.
// Errors: message on stderr, exit code 1.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/tokenizer.h"

namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// A field of /proc/self/status in bytes: VmRSS (resident now) or VmHWM (its peak).
unsigned long long ResidentBytes(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return 1024 * std::strtoull(line.c_str() + field.size() + 1, nullptr, 10);
  }
  return 0;
}

// Makes VmHWM start again from what is resident now.
void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

int Fail(const absl::Status& status) {
  std::cerr << "error: " << status << "\n";
  return 1;
}

// The documents, mapped and touched, so that no pass pays for reading them.
class Documents {
 public:
  bool Map(const char* path) {
    const int file = open(path, O_RDONLY);
    struct stat about {};
    if (file < 0 || fstat(file, &about) != 0) return false;
    const auto size = static_cast<size_t>(about.st_size);
    void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    close(file);
    return bytes != MAP_FAILED && Cut(std::string_view(static_cast<const char*>(bytes), size));
  }

  const std::vector<std::string_view>& views() const { return views_; }
  size_t n_bytes() const { return n_bytes_; }

 private:
  bool Cut(std::string_view bytes) {
    uint64_t count = 0;
    if (bytes.size() < sizeof(count)) return false;
    std::memcpy(&count, bytes.data(), sizeof(count));
    if (count >= bytes.size() / sizeof(uint64_t)) return false;
    const std::string_view text = bytes.substr(sizeof(count) * (1 + count));
    uint64_t begin = 0;
    for (uint64_t i = 0; i < count; ++i) {
      uint64_t end = 0;
      std::memcpy(&end, bytes.data() + sizeof(end) * (1 + i), sizeof(end));
      if (end < begin || end > text.size()) return false;
      views_.push_back(text.substr(begin, end - begin));
      begin = end;
    }
    n_bytes_ = begin;
    return true;
  }

  std::vector<std::string_view> views_;
  size_t n_bytes_ = 0;
};

class Contestant {
 public:
  Contestant(const tok::Tokenizer& tokenizer, const Documents& documents, bool each, unsigned n_threads)
      : tokenizer_(tokenizer), documents_(documents), each_(each), n_threads_(n_threads) {
    options_.special = tok::SpecialPolicy::Text();
  }

  absl::Status Pass() {
    ids_.clear();
    array_ = tok::IdArray();  // before the next one is made
    first_call_.reset();
    const double processor_begin = ProcessorSeconds();
    const Clock::time_point begin = Clock::now();
    const absl::Status status = Encode(begin);
    const double seconds = SecondsSince(begin);
    const double processor = ProcessorSeconds() - processor_begin;
    if (!status.ok()) return status;
    const std::string first_call = first_call_ ? std::to_string(*first_call_ * 1e9) + "e-9" : "null";
    std::printf("{\"seconds\":%.9f,\"cpu_s\":%.9f,\"first_call_s\":%s,\"ids\":%zu,\"peak_rss_bytes\":%llu}\n",
                seconds, processor, first_call.c_str(), Ids().size(), ResidentBytes("VmHWM"));
    return absl::OkStatus();
  }

  bool WriteIds(const std::string& path) const {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(Ids().data()), static_cast<std::streamsize>(Ids().size_bytes()));
    return static_cast<bool>(out.flush());
  }

 private:
  absl::Status Encode(Clock::time_point begin) {
    const std::vector<std::string_view>& views = documents_.views();
    if (n_threads_ > 1 && !each_) {
      if (views.size() == 1) return Keep(tokenizer_.EncodeParallel(views[0], options_, n_threads_));
      absl::StatusOr<tok::RaggedIds> ragged = tokenizer_.EncodeBatch(views, options_, n_threads_);
      if (!ragged.ok()) return ragged.status();
      return Keep(std::move(ragged->ids));
    }
    ids_.reserve(documents_.n_bytes());
    for (size_t i = 0; i < views.size(); ++i) {
      if (absl::Status status = tokenizer_.EncodeTo(views[i], options_, &ids_); !status.ok()) return status;
      if (i == 0) first_call_ = SecondsSince(begin);
    }
    return absl::OkStatus();
  }

  absl::Status Keep(absl::StatusOr<tok::IdArray> ids) {
    if (ids.ok()) array_ = std::move(*ids);
    return ids.status();
  }
  std::span<const tok::TokenId> Ids() const {
    return ids_.empty() ? std::span<const tok::TokenId>(array_) : std::span(ids_);
  }

  const tok::Tokenizer& tokenizer_;
  const Documents& documents_;
  const bool each_;
  const unsigned n_threads_;
  tok::EncodeOptions options_;
  // Of the last pass: in one of them.
  std::vector<tok::TokenId> ids_;
  tok::IdArray array_;
  std::optional<double> first_call_;
};

int Serve(Contestant* contestant) {
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "pass") {
      if (absl::Status status = contestant->Pass(); !status.ok()) return Fail(status);
    } else if (line.starts_with("ids ")) {
      if (!contestant->WriteIds(line.substr(4)))
        return Fail(absl::DataLossError("the ids could not be written"));
      std::puts("{}");
    } else {
      return Fail(absl::InvalidArgumentError("unknown command"));
    }
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view calls = argc == 5 ? argv[3] : "";
  const std::string_view threads = argc == 5 ? argv[4] : "";
  unsigned n_threads = 0;
  const auto [_, error] = std::from_chars(threads.data(), threads.data() + threads.size(), n_threads);
  if ((calls != "batch" && calls != "each") || error != std::errc() || n_threads == 0)
    return Fail(
        absl::InvalidArgumentError("usage: tok_encode_runner TOKENIZER DOCUMENTS batch|each THREADS"));
  Documents documents;
  if (!documents.Map(argv[2])) return Fail(absl::DataLossError("malformed documents file"));
  ForgetPeak();
  const unsigned long long rss_before = ResidentBytes("VmRSS");

  const Clock::time_point load_begin = Clock::now();
  const absl::StatusOr<tok::Tokenizer> tokenizer = tok::Tokenizer::Load(argv[1]);
  if (!tokenizer.ok()) return Fail(tokenizer.status());
  std::printf("{\"load_s\":%.9f,\"rss_before_bytes\":%llu}\n", SecondsSince(load_begin), rss_before);
  std::fflush(stdout);

  Contestant contestant(*tokenizer, documents, calls == "each", n_threads);
  return Serve(&contestant);
}
