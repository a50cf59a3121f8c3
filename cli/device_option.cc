#include "cli/device_option.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/exit_codes.h"
#include "cli/options.h"
#if defined(TOK_HAS_CUDA)
#include "tok/cuda/batch_encoder.h"
#endif

namespace tok::cli {
namespace {

constexpr std::string_view kNumbered = "cuda:";

// Of "cuda:N" the N; nothing for a name without a number, or one that is none.
std::optional<int> NumberOf(std::string_view name) {
  if (!name.starts_with(kNumbered)) return std::nullopt;
  const std::string_view digits = name.substr(kNumbered.size());
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

void DeviceOption::AddTo(CLI::App* parser) {
  parser
      ->add_option(
          "--device", name_,
          "Device: cpu (default) or cuda (the same ids on a GPU, of byte-level BPE; cuda:N: on GPU N)")
      ->type_name("NAME");
}

absl::Status DeviceOption::Check() const {
  if (NumberOf(name_)) return absl::OkStatus();
  if (name_.starts_with(kNumbered)) {
    return MakeError(ErrorCode::kUsage, "--device " + name_, "names no GPU", "give its number: cuda:0");
  }
  return CheckChoice("--device", name_, {"cpu", "cuda"});
}

absl::StatusOr<std::unique_ptr<BatchEncoder>> DeviceOption::MakeEncoder(const Tokenizer& tokenizer,
                                                                        unsigned n_threads) const {
  if (name_ == "cpu") return nullptr;
#if defined(TOK_HAS_CUDA)
  std::vector<int> devices;  // none: the current one
  if (const std::optional<int> number = NumberOf(name_)) devices.push_back(*number);
  absl::StatusOr<std::unique_ptr<BatchEncoder>> encoder =
      cuda::MakeBatchEncoder(tokenizer, {.devices = devices, .n_threads = n_threads});
  // What the option asks for is not there, or not done.
  if (!encoder.ok() && ErrorCodeOf(encoder.status()) == ErrorCode::kUnsupportedFeature)
    return AsUsage(encoder.status());
  return encoder;
#else
  static_cast<void>(tokenizer), static_cast<void>(n_threads);
  return AsUsage(MakeError(ErrorCode::kUnsupportedFeature, "--device " + name_,
                           "this build encodes on the CPU only",
                           "leave the option out, or build with -DTOK_BUILD_CUDA=ON"));
#endif
}

}  // namespace tok::cli
