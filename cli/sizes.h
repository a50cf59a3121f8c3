// cli/sizes.h: amounts of memory as people write them.
#ifndef TOK_CLI_SIZES_H_
#define TOK_CLI_SIZES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok::cli {

// "2G", "512MiB", "100000": binary multiples (K, M, G, T, with or without B or iB). Errors: TOK-E040.
absl::StatusOr<uint64_t> ParseSize(std::string_view option, std::string_view text);

// "1.2 GB": decimal multiples, as in transfer rates.
std::string FormatBytes(uint64_t n_bytes);

}  // namespace tok::cli

#endif  // TOK_CLI_SIZES_H_
