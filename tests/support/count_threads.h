// tests/support/count_threads.h: how many threads this process has.
#ifndef TOK_TESTS_SUPPORT_COUNT_THREADS_H_
#define TOK_TESTS_SUPPORT_COUNT_THREADS_H_

#include <fstream>
#include <string>

namespace tok {

inline int CountThreads() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "Threads:") {
  }
  int n_threads = 0;
  status >> n_threads;
  return n_threads;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_COUNT_THREADS_H_
