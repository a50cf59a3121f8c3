// cli/version.h: the version that the build was given.
#ifndef TOK_CLI_VERSION_H_
#define TOK_CLI_VERSION_H_

namespace tok::cli {

const char* Version();  // "tok 0.1.0"

}  // namespace tok::cli

#endif  // TOK_CLI_VERSION_H_
