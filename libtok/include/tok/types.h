// tok/types.h: the few plain types every other header speaks in.
//
// Units: a TokenId is a vocabulary index; a Span is a half-open range of BYTES in the original document.
#ifndef TOK_TYPES_H_
#define TOK_TYPES_H_

#include <cstdint>

namespace tok {

using TokenId = uint32_t;

// Never a valid id: libtok refuses vocabularies that use it.
inline constexpr TokenId kNoToken = 0xFFFFFFFFu;

// The largest id a vocabulary may hold. Files with larger ids are refused (TOK-E021): no real vocabulary comes
// near, and 24 bits leave room to pack an id beside other data.
inline constexpr TokenId kMaxTokenId = (1u << 24) - 1;

enum class Utf8Policy : uint8_t {
  kError,    // invalid UTF-8 is an error that names the byte position
  kReplace,  // each maximal invalid part becomes U+FFFD (as Python's errors="replace")
  kBytes,    // byte-level vocabularies only: each invalid byte is a character of no class
};

// Half-open byte range [begin, end).
struct Span {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace tok

#endif  // TOK_TYPES_H_
