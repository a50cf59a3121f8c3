// Error messages keep their stable code in front, whatever place is added later.
#include "tok/status.h"

#include <gtest/gtest.h>

namespace tok {
namespace {

TEST(StatusTest, MessageCarriesCodePlaceFactAndRemedy) {
  const absl::Status status =
      MakeError(ErrorCode::kBadVocabulary, "x.json:3", "duplicate id 5", "remove one");
  EXPECT_EQ(status.message(), "TOK-E021 x.json:3: duplicate id 5; remove one");
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadVocabulary);
}

TEST(StatusTest, AtPlacePrefixesThePlaceAndKeepsTheCode) {
  const absl::Status status = AtPlace("f.txt", MakeError(ErrorCode::kInvalidUtf8, "byte 7", "invalid UTF-8"));
  EXPECT_EQ(status.message(), "TOK-E010 f.txt: byte 7: invalid UTF-8");
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInvalidUtf8);
}

TEST(StatusTest, ForeignStatusIsInternal) {
  EXPECT_EQ(ErrorCodeOf(absl::InternalError("boom")), ErrorCode::kInternal);
  EXPECT_EQ(ErrorCodeOf(absl::OkStatus()), ErrorCode::kNone);
}

}  // namespace
}  // namespace tok
