// base/error_place.h: the byte that an error is about, read and moved while the error travels outwards.
//
// Model: code that sees a part of a text reports "byte N" of that part as the place of its error (MakeError); whoever
// knows where the part lies in the whole moves it there.
#ifndef TOK_SRC_BASE_ERROR_PLACE_H_
#define TOK_SRC_BASE_ERROR_PLACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

// "byte N", for MakeError.
std::string BytePlace(uint64_t byte);

struct ErrorAtByte {
  uint64_t byte;
  std::string_view rest;  // of the message, behind the place; lives as long as the status
};
// Nothing if the status is OK or its place is no byte.
std::optional<ErrorAtByte> FindBytePlace(const absl::Status& status);

// The same error at another byte; unchanged if its place is no byte.
absl::Status MoveToByte(const absl::Status& status, uint64_t byte);

}  // namespace tok

#endif  // TOK_SRC_BASE_ERROR_PLACE_H_
