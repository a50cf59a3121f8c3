// tok_freeze_bundled RANKS IMAGES: writes the image NAME.tok of every bundled encoding into the folder IMAGES, from the
// rank files of the folder RANKS.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace {

absl::Status Freeze(const std::string& name, const std::string& path) {
  const absl::StatusOr<tok::Tokenizer> tokenizer = tok::Tokenizer::Load(name);
  return tokenizer.ok() ? tokenizer->Save(path) : tokenizer.status();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: tok_freeze_bundled RANKS IMAGES\n", stderr);
    return 2;
  }
  // Images from an earlier build must not be what the new ones are made of.
  setenv("TOK_VOCAB_DIR", argv[1], 1);
  for (const std::string& name : tok::BundledNames()) {
    const absl::Status status = Freeze(name, std::string(argv[2]) + "/" + name + ".tok");
    if (status.ok()) continue;
    std::fprintf(stderr, "tok_freeze_bundled: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
