// encode_runner: the libtok side of bench/encode_peers.py: loads a tokenizer and encodes documents when told to.
//
// Usage: tok_encode_runner TOKENIZER DOCUMENTS
// DOCUMENTS holds u64 count, u64 ends[count], then the bytes of all documents. One thread, one output vector that keeps
// its capacity, special tokens as text. The protocol on stdin and stdout is one line each:
//   (start)     -> {"load_s","rss_before_bytes"}
//   pass        -> {"seconds","first_call_s","ids","peak_rss_bytes"}   first_call_s: the first document alone
//   ids PATH    -> {"ids"}                                             ids of the last pass as u32, to verify them
// The driver alternates passes of all contestants, so that a noisy machine is noisy for all of them.
// Errors: message on stderr, exit code 1.
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tok/tokenizer.h"

namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

uint64_t PeakResidentBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

int Fail(const absl::Status& status) {
  std::cerr << "error: " << status << "\n";
  return 1;
}

bool ReadDocuments(const char* path, std::string* bytes, std::vector<std::string_view>* documents) {
  std::ifstream file(path, std::ios::binary);
  bytes->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  uint64_t count = 0;
  if (bytes->size() < sizeof(count)) return false;
  std::memcpy(&count, bytes->data(), sizeof(count));
  if (count >= bytes->size() / sizeof(uint64_t)) return false;
  const std::string_view text = std::string_view(*bytes).substr(sizeof(count) * (1 + count));
  uint64_t begin = 0;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t end = 0;
    std::memcpy(&end, bytes->data() + sizeof(end) * (1 + i), sizeof(end));
    if (end < begin || end > text.size()) return false;
    documents->push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return true;
}

absl::Status Pass(const tok::Tokenizer& tokenizer, const std::vector<std::string_view>& documents,
                  std::vector<tok::TokenId>* ids) {
  tok::EncodeOptions options;
  options.special = tok::SpecialPolicy::Text();
  ids->clear();
  double first_call = 0;
  const Clock::time_point begin = Clock::now();
  for (size_t i = 0; i < documents.size(); ++i) {
    if (absl::Status status = tokenizer.EncodeTo(documents[i], options, ids); !status.ok()) return status;
    if (i == 0) first_call = SecondsSince(begin);
  }
  const double seconds = SecondsSince(begin);
  std::printf("{\"seconds\":%.9f,\"first_call_s\":%.9f,\"ids\":%zu,\"peak_rss_bytes\":%llu}\n", seconds,
              first_call, ids->size(), static_cast<unsigned long long>(PeakResidentBytes()));
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return Fail(absl::InvalidArgumentError("usage: tok_encode_runner TOKENIZER DOCUMENTS"));
  std::string bytes;
  std::vector<std::string_view> documents;
  if (!ReadDocuments(argv[2], &bytes, &documents))
    return Fail(absl::DataLossError("malformed documents file"));
  const uint64_t rss_before = PeakResidentBytes();

  const Clock::time_point load_begin = Clock::now();
  const absl::StatusOr<tok::Tokenizer> tokenizer = tok::Tokenizer::Load(argv[1]);
  if (!tokenizer.ok()) return Fail(tokenizer.status());
  std::printf("{\"load_s\":%.9f,\"rss_before_bytes\":%llu}\n", SecondsSince(load_begin),
              static_cast<unsigned long long>(rss_before));
  std::fflush(stdout);

  std::vector<tok::TokenId> ids;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "pass") {
      if (absl::Status status = Pass(*tokenizer, documents, &ids); !status.ok()) return Fail(status);
    } else if (line.starts_with("ids ")) {
      std::ofstream out(line.substr(4), std::ios::binary);
      out.write(reinterpret_cast<const char*>(ids.data()),
                static_cast<std::streamsize>(ids.size() * sizeof(ids[0])));
      if (!out.flush()) return Fail(absl::DataLossError("the ids could not be written"));
      std::printf("{\"ids\":%zu}\n", ids.size());
    } else {
      return Fail(absl::InvalidArgumentError("unknown command"));
    }
    std::fflush(stdout);
  }
  return 0;
}
