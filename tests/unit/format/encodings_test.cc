// Base64 and SHA-256 against their published vectors.
#include <string>

#include "gtest/gtest.h"
#include "src/format/base64.h"
#include "src/format/sha256.h"

namespace tok {
namespace {

TEST(Base64Test, PublishedVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    std::string encoded, decoded = "kept ";
    AppendBase64(bytes, &encoded);
    EXPECT_EQ(encoded, text);
    ASSERT_TRUE(DecodeBase64(text, &decoded)) << text;
    EXPECT_EQ(decoded, std::string("kept ") + bytes);
  }
}

TEST(Base64Test, EveryByteGoesThrough) {
  std::string all, encoded, decoded;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  AppendBase64(all, &encoded);
  ASSERT_TRUE(DecodeBase64(encoded, &decoded));
  EXPECT_EQ(decoded, all);
}

TEST(Base64Test, RefusesWhatIsNoBase64) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v=", "Zm 9", "Zm9\n", "Zm-_",
                           "Zh==", "Zm9=", "Zg==Zg==", "\xC3\xA9\xC3\xA9"}) {
    std::string decoded = "kept";
    EXPECT_FALSE(DecodeBase64(text, &decoded)) << text;
    EXPECT_EQ(decoded, "kept") << text;
  }
}

TEST(Sha256Test, PublishedVectors) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace tok
