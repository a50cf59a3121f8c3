// cli/device_option.h: --device, what encodes: cpu, cuda, or cuda:N for GPU number N.
#ifndef TOK_CLI_DEVICE_OPTION_H_
#define TOK_CLI_DEVICE_OPTION_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "tok/batch_encoder.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cli {

class DeviceOption {
 public:
  void AddTo(CLI::App* parser);
  // Whether there is such a GPU, MakeEncoder says.
  absl::Status Check() const;
  bool is_cpu() const { return name_ == "cpu"; }
  // Null for the CPU, which EncodeFiles itself encodes on. Errors: usage where the build, the machine or
  // the tokenizer has no GPU for it; else those of tok::cuda::MakeBatchEncoder.
  absl::StatusOr<std::unique_ptr<BatchEncoder>> MakeEncoder(const Tokenizer& tokenizer,
                                                            unsigned n_threads) const;

 private:
  std::string name_ = "cpu";
};

}  // namespace tok::cli

#endif  // TOK_CLI_DEVICE_OPTION_H_
