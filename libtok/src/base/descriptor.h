// base/descriptor.h: POSIX reads and writes that finish, and a descriptor that closes itself.
#ifndef TOK_SRC_BASE_DESCRIPTOR_H_
#define TOK_SRC_BASE_DESCRIPTOR_H_

#include <unistd.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace tok {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      Close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }

 private:
  void Close() {
    if (number_ > 2) close(number_);  // standard streams stay open
    number_ = -1;
  }
  int number_;
};

// Reads up to n_bytes, retrying interrupted calls; 0 at the end, -1 with errno.
ssize_t ReadSome(int descriptor, char* buffer, size_t n_bytes);
// Writes everything; 0 or errno.
int WriteAll(int descriptor, std::string_view bytes);

}  // namespace tok

#endif  // TOK_SRC_BASE_DESCRIPTOR_H_
