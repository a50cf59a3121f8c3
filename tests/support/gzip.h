// tests/support/gzip.h: files that are packed.
#ifndef TOK_TESTS_SUPPORT_GZIP_H_
#define TOK_TESTS_SUPPORT_GZIP_H_

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace tok {

// Returns the path.
inline std::string WriteGzip(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  EXPECT_EQ(gzclose(file), Z_OK);
  return path;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_GZIP_H_
