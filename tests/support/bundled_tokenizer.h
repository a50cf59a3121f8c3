// tests/support/bundled_tokenizer.h: bundled tokenizers, each loaded once a process, as users share them.
#ifndef TOK_TESTS_SUPPORT_BUNDLED_TOKENIZER_H_
#define TOK_TESTS_SUPPORT_BUNDLED_TOKENIZER_H_

#include <map>
#include <mutex>
#include <string>

#include "tok/tokenizer.h"

namespace tok {

// Ends the test program, with the error, if there is no such tokenizer. From any thread.
inline const Tokenizer& BundledTokenizer(const std::string& name) {
  static std::mutex mutex;
  static auto* const loaded = new std::map<std::string, Tokenizer>();
  const std::lock_guard<std::mutex> lock(mutex);
  auto found = loaded->find(name);
  if (found == loaded->end()) found = loaded->emplace(name, Tokenizer::Load(name).value()).first;
  return found->second;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_BUNDLED_TOKENIZER_H_
