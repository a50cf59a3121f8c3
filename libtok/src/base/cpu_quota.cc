#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "src/base/parallel.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr int kMaxCpus = 1 << 16;

unsigned CpusOfAffinity() {
  // The mask's size is not known beforehand: machines beyond 1024 CPUs refuse a smaller one.
  for (int n_cpus = 1024; n_cpus <= kMaxCpus; n_cpus *= 2) {
    cpu_set_t* set = CPU_ALLOC(n_cpus);
    if (set == nullptr) break;
    const size_t n_bytes = CPU_ALLOC_SIZE(n_cpus);
    const bool ok = sched_getaffinity(0, n_bytes, set) == 0;
    const int count = ok ? CPU_COUNT_S(n_bytes, set) : 0;
    CPU_FREE(set);
    if (ok && count > 0) return static_cast<unsigned>(count);
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

// Small files of /proc and /sys, whose size is not known beforehand.
std::string ReadSmall(const std::string& path) {
  const std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return file ? content.str() : std::string();
}

unsigned Tighter(unsigned a, unsigned b) {
  if (a == 0) return b;
  return b == 0 ? a : std::min(a, b);
}

// The tightest quota of a group and all groups above it: a parent's limit binds its children.
template <typename QuotaOf>
unsigned TightestUpTheTree(const std::string& mount, std::string group, const QuotaOf& quota_of) {
  unsigned cpus = quota_of(mount);
  while (!group.empty() && group != "/") {
    cpus = Tighter(cpus, quota_of(mount + group));
    group.resize(group.find_last_of('/') == std::string::npos ? 0 : group.find_last_of('/'));
  }
  return cpus;
}

unsigned CpusOfCgroup() {
  const std::string groups = ReadSmall("/proc/self/cgroup");
  unsigned cpus = TightestUpTheTree(
      "/sys/fs/cgroup", CgroupPath(groups, ""),
      [](const std::string& directory) { return CpusOfQuotaV2(ReadSmall(directory + "/cpu.max")); });
  for (const char* mount : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}) {
    cpus =
        Tighter(cpus, TightestUpTheTree(mount, CgroupPath(groups, "cpu"), [](const std::string& directory) {
                  return CpusOfQuotaV1(ReadSmall(directory + "/cpu.cfs_quota_us"),
                                       ReadSmall(directory + "/cpu.cfs_period_us"));
                }));
  }
  return cpus;
}

unsigned CpusOf(int64_t quota, int64_t period) {
  if (quota <= 0 || period <= 0) return 0;
  const int64_t cpus = quota / period + (quota % period != 0 ? 1 : 0);
  return static_cast<unsigned>(std::min<int64_t>(cpus, kMaxCpus));
}

std::string_view Trimmed(std::string_view text) {
  return StdView(absl::StripAsciiWhitespace(AbslView(text)));
}

}  // namespace

unsigned CpusOfQuotaV2(std::string_view cpu_max) {
  const std::string_view text = Trimmed(cpu_max);
  const size_t space = text.find(' ');
  int64_t quota = 0, period = 0;
  if (space == std::string_view::npos || !absl::SimpleAtoi(AbslView(text.substr(0, space)), &quota) ||
      !absl::SimpleAtoi(AbslView(text.substr(space + 1)), &period)) {
    return 0;  // "max 100000", or no such file
  }
  return CpusOf(quota, period);
}

unsigned CpusOfQuotaV1(std::string_view quota_us, std::string_view period_us) {
  int64_t quota = 0, period = 0;
  if (!absl::SimpleAtoi(AbslView(Trimmed(quota_us)), &quota) ||
      !absl::SimpleAtoi(AbslView(Trimmed(period_us)), &period)) {
    return 0;
  }
  return CpusOf(quota, period);
}

std::string CgroupPath(std::string_view proc_self_cgroup, std::string_view controller) {
  std::istringstream lines{std::string(proc_self_cgroup)};
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_unified = names == ",,";
    if (controller.empty() ? is_unified : names.find(Concat(",", controller, ",")) != std::string::npos) {
      return line.substr(second + 1);
    }
  }
  return "";
}

unsigned AvailableThreads() {
  // Without the guard of a static value: a child forked while another thread holds it would wait for ever. Threads that come
  // first together all ask the system.
  static std::atomic<unsigned> known{0};
  unsigned n_threads = known.load(std::memory_order_relaxed);
  if (n_threads == 0) {
    n_threads = std::max(1u, Tighter(CpusOfAffinity(), CpusOfCgroup()));
    known.store(n_threads, std::memory_order_relaxed);
  }
  return n_threads;
}

}  // namespace tok
