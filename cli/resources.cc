#include "cli/resources.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace tok::cli {

uint64_t CurrentRss() {
  std::ifstream pages("/proc/self/statm");
  uint64_t n_mapped = 0, n_resident = 0;
  pages >> n_mapped >> n_resident;
  return pages ? n_resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

uint64_t PeakRss() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace tok::cli
