#include "src/base/descriptor.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace tok {
namespace {

// One system call moves at most this much on Linux anyway.
constexpr size_t kMaxTransfer = size_t{1} << 30;

// A descriptor somebody made non-blocking (a shared terminal, a socket) is waited for instead of failing.
bool ShouldRetry(int descriptor, short events) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd wait{descriptor, events, 0};
  return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

ssize_t ReadSome(int descriptor, char* buffer, size_t n_bytes) {
  while (true) {
    const ssize_t n = read(descriptor, buffer, std::min(n_bytes, kMaxTransfer));
    if (n >= 0 || !ShouldRetry(descriptor, POLLIN)) return n;
  }
}

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(descriptor, bytes.data(), std::min(bytes.size(), kMaxTransfer));
    if (n < 0) {
      if (ShouldRetry(descriptor, POLLOUT)) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

}  // namespace tok
