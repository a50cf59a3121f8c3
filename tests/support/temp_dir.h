// tests/support/temp_dir.h: a directory for one test or fuzz target, removed with everything in it; needs no test
// framework. A test that cannot write its files has nothing to say, so every failure ends the program.
#ifndef TOK_TESTS_SUPPORT_TEMP_DIR_H_
#define TOK_TESTS_SUPPORT_TEMP_DIR_H_

#include <stdlib.h>  // mkdtemp

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace tok {

class TempDir {
 public:
  TempDir() : path_((std::filesystem::temp_directory_path() / "tok-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) Fail(path_);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const { return (path_ + "/").append(name); }
  std::string Write(std::string_view name, std::string_view content) const {
    std::string path = File(name);
    std::ofstream file(path, std::ios::binary);
    file << content;
    file.close();
    if (!file) Fail(path);
    return path;
  }
  void Remove(std::string_view name) const {
    std::error_code ignored;
    std::filesystem::remove(File(name), ignored);
  }
  size_t CountFiles() const {
    const std::filesystem::directory_iterator begin(path_);
    return static_cast<size_t>(std::distance(begin, std::filesystem::directory_iterator()));
  }

 private:
  [[noreturn]] static void Fail(const std::string& path) {
    std::perror(path.c_str());
    std::abort();
  }

  std::string path_;
};

inline std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_TEMP_DIR_H_
