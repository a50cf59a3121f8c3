// cli/signals.h: interrupts leave nothing half-written.
//
// SIGINT, SIGTERM and SIGHUP remove temporary files and end the process (130, 143, 129); SIGBUS, which a mapped file
// raises when it is truncated under the reader, becomes an error message; SIGPIPE is ignored, so that writing to a
// closed pipe is an ordinary (and quiet) end.
#ifndef TOK_CLI_SIGNALS_H_
#define TOK_CLI_SIGNALS_H_

namespace tok::cli {

void InstallSignalHandlers();

// While one lives, the first SIGINT or SIGTERM is only noted, for work that can stop with something to show; the next one
// ends the process as ever. One at a time.
class DeferredInterrupts {
 public:
  DeferredInterrupts();
  ~DeferredInterrupts();
  DeferredInterrupts(const DeferredInterrupts&) = delete;
  DeferredInterrupts& operator=(const DeferredInterrupts&) = delete;
};

// As if one lived until the process is gone, static objects and all: what it was to do is done.
void DeferInterruptsUntilExit();

// What a noted signal makes the exit code; 0: none was noted. Any thread.
int NotedInterrupt();

}  // namespace tok::cli

#endif  // TOK_CLI_SIGNALS_H_
