#include "cli/version.h"

namespace tok::cli {

const char* Version() { return "tok " TOK_VERSION; }

}  // namespace tok::cli
