// tests/support/temporary_directory_is.h: TMPDIR for the length of a test.
#ifndef TOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_IS_H_
#define TOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_IS_H_

#include <cstdlib>
#include <optional>
#include <string>

namespace tok {

class TemporaryDirectoryIs {
 public:
  explicit TemporaryDirectoryIs(const std::string& path) {
    if (const char* named = getenv("TMPDIR")) before_ = named;
    setenv("TMPDIR", path.c_str(), 1);
  }
  ~TemporaryDirectoryIs() {
    if (before_) {
      setenv("TMPDIR", before_->c_str(), 1);
    } else {
      unsetenv("TMPDIR");
    }
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_IS_H_
