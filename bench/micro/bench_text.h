// bench/micro/bench_text.h: the text that micro-benchmarks run on.
#ifndef TOK_BENCH_MICRO_BENCH_TEXT_H_
#define TOK_BENCH_MICRO_BENCH_TEXT_H_

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace tok::bench {

// The file named by TOK_BENCH_TEXT (up to n_bytes of it), or else words of English length drawn with Zipf's law from
// a fixed seed: good for comparing two builds, not for quoting.
inline std::string Text(size_t n_bytes) {
  if (const char* path = std::getenv("TOK_BENCH_TEXT")) {
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (text.size() > n_bytes) text.resize(n_bytes);
    return text;
  }
  std::mt19937 random(1);
  std::string text;
  while (text.size() < n_bytes) {
    const double u = std::generate_canonical<double, 32>(random);
    std::mt19937 word(static_cast<unsigned>(1.0 / (u + 1e-5)));
    for (size_t n = 1 + word() % 4 + word() % 5; n > 0; --n) text += static_cast<char>('a' + word() % 26);
    text += random() % 12 == 0 ? ".\n" : " ";
  }
  text.resize(n_bytes);
  return text;
}

}  // namespace tok::bench

#endif  // TOK_BENCH_MICRO_BENCH_TEXT_H_
