// cli/signals.h: interrupts leave nothing half-written.
//
// SIGINT, SIGTERM and SIGHUP remove temporary files and end the process (130, 143, 129); SIGBUS, which a mapped file
// raises when it is truncated under the reader, becomes an error message; SIGPIPE is ignored, so that writing to a
// closed pipe is an ordinary (and quiet) end.
#ifndef TOK_CLI_SIGNALS_H_
#define TOK_CLI_SIGNALS_H_

namespace tok::cli {

void InstallSignalHandlers();

}  // namespace tok::cli

#endif  // TOK_CLI_SIGNALS_H_
