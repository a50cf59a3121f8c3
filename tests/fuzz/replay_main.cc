// Runs a fuzz target without libFuzzer: every file of the given folders (or files), then, for each, a fixed set of
// truncations and mutations made by a seeded generator, so that ordinary and sanitizer builds of any compiler meet
// broken input too. Prints what it ran; fails if it found nothing to run.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutationsPerSeed = 64;

std::vector<std::filesystem::path> CollectFiles(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

// One small change: a flipped, removed, repeated or inserted byte or range, or a cut.
std::string Mutate(std::string input, std::mt19937* random) {
  const auto below = [&](size_t n) { return n == 0 ? 0 : (*random)() % n; };
  const size_t n_changes = 1 + below(4);
  for (size_t i = 0; i < n_changes; ++i) {
    const size_t at = below(input.size() + 1);
    const size_t length = std::min<size_t>(1 + below(8), input.size() - at);
    switch (below(5)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>((*random)());
        break;
      case 1: input.erase(at, length); break;
      case 2: input.insert(at, input.substr(at, length)); break;
      case 3: input.insert(at, 1, static_cast<char>((*random)())); break;
      default:
        if (below(4) == 0) input.resize(at);
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  const auto files = CollectFiles(argc, argv);
  if (files.empty()) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER...  (found no files)\n", argv[0]);
    return 2;
  }
  std::mt19937 random(20240229);
  size_t n_runs = 1;
  Run("");
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(stream), {}};
    Run(input);
    for (int i = 0; i < kMutationsPerSeed; ++i) Run(Mutate(input, &random));
    n_runs += 1 + kMutationsPerSeed;
  }
  std::printf("%zu inputs from %zu seeds\n", n_runs, files.size());
  return 0;
}
