#include "cli/device_option.h"

#include "cli/exit_codes.h"
#include "cli/options.h"
#if defined(TOK_HAS_CUDA)
#include "tok/cuda/batch_encoder.h"
#endif

namespace tok::cli {

void DeviceOption::AddTo(CLI::App* parser) {
  parser
      ->add_option("--device", name_,
                   "Device: cpu (default) or cuda (the same ids on a GPU, of byte-level BPE)")
      ->type_name("NAME");
}

absl::Status DeviceOption::Check() const { return CheckChoice("--device", name_, {"cpu", "cuda"}); }

absl::StatusOr<std::unique_ptr<BatchEncoder>> DeviceOption::MakeEncoder(const Tokenizer& tokenizer,
                                                                        unsigned n_threads) const {
  if (name_ == "cpu") return nullptr;
#if defined(TOK_HAS_CUDA)
  absl::StatusOr<std::unique_ptr<BatchEncoder>> encoder =
      cuda::MakeBatchEncoder(tokenizer, {.n_threads = n_threads});
  // What the option asks for is not there, or not done.
  if (!encoder.ok() && ErrorCodeOf(encoder.status()) == ErrorCode::kUnsupportedFeature)
    return AsUsage(encoder.status());
  return encoder;
#else
  static_cast<void>(tokenizer), static_cast<void>(n_threads);
  return AsUsage(MakeError(ErrorCode::kUnsupportedFeature, "--device cuda",
                           "this build encodes on the CPU only",
                           "leave the option out, or build with -DTOK_BUILD_CUDA=ON"));
#endif
}

}  // namespace tok::cli
