#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "cli/sizes.h"

namespace tok::cli {
namespace {

constexpr std::chrono::milliseconds kFirstShown(1000);
constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr int kBarWidth = 24;
std::atomic<bool> is_shown{false};

std::chrono::milliseconds Delay() {
  const char* chosen = std::getenv("TOK_PROGRESS_DELAY_MS");
  return chosen == nullptr ? kFirstShown : std::chrono::milliseconds(std::strtoul(chosen, nullptr, 10));
}

}  // namespace

bool IsProgressShown() { return is_shown.load(std::memory_order_relaxed); }

std::string RenderShare(const std::string& verb, double share, const std::string& what) {
  share = std::clamp(share, 0.0, 1.0);
  const int n_filled = static_cast<int>(share * kBarWidth);
  return verb + "  [" + std::string(static_cast<size_t>(n_filled), '#') +
         std::string(static_cast<size_t>(kBarWidth - n_filled), ' ') + "] " +
         std::to_string(static_cast<int>(share * 100)) + "%  " + what;
}

std::string RenderProgress(const std::string& verb, uint64_t n_done, uint64_t n_total, double seconds) {
  std::string line = n_total > 0
                         ? RenderShare(verb, static_cast<double>(n_done) / static_cast<double>(n_total), "")
                         : verb + "  ";
  line += FormatBytes(n_done);
  if (seconds <= 0 || n_done == 0) return line;
  const double speed = static_cast<double>(n_done) / seconds;
  line += "  " + FormatBytes(static_cast<uint64_t>(speed)) + "/s";
  if (n_total > n_done) {
    line += "  " + std::to_string(static_cast<uint64_t>(static_cast<double>(n_total - n_done) / speed) + 1) +
            " s left";
  }
  return line;
}

ProgressBar::ProgressBar(std::string verb, const FileJobProgress* progress)
    : ProgressBar([verb = std::move(verb), progress](double seconds) {
        return RenderProgress(verb, progress->n_bytes_read, progress->n_bytes_total, seconds);
      }) {}

ProgressBar::ProgressBar(Render render) : render_(std::move(render)) {
  if (isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { Run(); });
}

ProgressBar::~ProgressBar() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  ended_.notify_one();
  thread_.join();
  if (is_shown.exchange(false)) std::fputs("\r\033[K", stderr);
}

void ProgressBar::Run() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  std::chrono::milliseconds wait = Delay();
  while (!ended_.wait_for(lock, wait, [this] { return is_over_; })) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    is_shown.store(true);
    std::fprintf(stderr, "\r\033[K%s", render_(elapsed.count()).c_str());
    std::fflush(stderr);
    wait = kInterval;
  }
}

}  // namespace tok::cli
