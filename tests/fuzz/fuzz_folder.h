// tests/fuzz/fuzz_folder.h: a folder for targets whose subject reads files by name; removed at the end.
#ifndef TOK_TESTS_FUZZ_FUZZ_FOLDER_H_
#define TOK_TESTS_FUZZ_FUZZ_FOLDER_H_

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/fuzz/fuzz_util.h"

namespace tok {

class FuzzFolder {
 public:
  FuzzFolder() : path_((std::filesystem::temp_directory_path() / "tok-fuzz-XXXXXX").string()) {
    TOK_FUZZ_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~FuzzFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FuzzFolder(const FuzzFolder&) = delete;
  FuzzFolder& operator=(const FuzzFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  std::string Write(const std::string& name, std::string_view content) const {
    std::FILE* file = std::fopen(File(name).c_str(), "wb");
    TOK_FUZZ_CHECK(file != nullptr);
    TOK_FUZZ_CHECK(std::fwrite(content.data(), 1, content.size(), file) == content.size());
    TOK_FUZZ_CHECK(std::fclose(file) == 0);
    return File(name);
  }
  void Remove(const std::string& name) const { unlink(File(name).c_str()); }

 private:
  std::string path_;
};

}  // namespace tok

#endif  // TOK_TESTS_FUZZ_FUZZ_FOLDER_H_
