// cli/resources.h: the memory that this process takes.
#ifndef TOK_CLI_RESOURCES_H_
#define TOK_CLI_RESOURCES_H_

#include <cstdint>

namespace tok::cli {

// Resident bytes; 0 where the system does not say.
uint64_t CurrentRss();
uint64_t PeakRss();

}  // namespace tok::cli

#endif  // TOK_CLI_RESOURCES_H_
