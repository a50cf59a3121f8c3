// An output is recognised as an input whatever name it goes by; what is not a regular file never is.
#include "src/base/file_identity.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace tok {
namespace {

TEST(FileIdentityTest, NamesAndLinksDoNotHideAnInput) {
  const TempDir dir;
  const std::string input = dir.Write("in", "text"), other = dir.Write("other", "text");
  ASSERT_EQ(symlink(input.c_str(), dir.File("symbolic").c_str()), 0);
  ASSERT_EQ(link(input.c_str(), dir.File("hard").c_str()), 0);
  for (const std::string& output :
       {input, dir.path() + "/./in", dir.path() + "//in", dir.File("symbolic"), dir.File("hard")}) {
    const absl::Status status = CheckNotReplaced({other, input}, {dir.File("new"), output});
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << output;
    EXPECT_NE(std::string(status.message()).find(output), std::string::npos) << status;
  }
}

TEST(FileIdentityTest, NewFilesAndDevicesAreFine) {
  const TempDir dir;
  const std::string input = dir.Write("in", "text"), copy = dir.Write("copy", "text");
  EXPECT_TRUE(CheckNotReplaced({input, dir.File("absent")}, {copy, dir.File("absent")}).ok());
  EXPECT_TRUE(CheckNotReplaced({"/dev/null"}, {"/dev/null"}).ok());
}

}  // namespace
}  // namespace tok
