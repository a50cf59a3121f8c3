#include "src/base/instruction_set.h"

#include <cstdlib>

#include "src/base/strings.h"

namespace tok {

std::string_view InstructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::kScalar: return "scalar";
    case InstructionSet::kAvx2: return "avx2";
    case InstructionSet::kAvx512: return "avx512";
    case InstructionSet::kNeon: return "neon";
  }
  return "";
}

bool RunsHere(InstructionSet set) {
  switch (set) {
    case InstructionSet::kScalar: return true;
#if defined(__x86_64__)
    case InstructionSet::kAvx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    case InstructionSet::kAvx512:
      return RunsHere(InstructionSet::kAvx2) && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
#elif defined(__aarch64__)
    case InstructionSet::kNeon: return true;
#endif
    default: return false;
  }
}

absl::StatusOr<InstructionSet> ChosenInstructionSet() {
  const char* variable = std::getenv("TOK_ISA");
  const std::string_view wanted = variable == nullptr ? "" : variable;
  InstructionSet fastest = InstructionSet::kScalar;
  for (const InstructionSet set : kInstructionSets) {
    if (RunsHere(set)) fastest = set;
  }
  if (wanted.empty()) return fastest;
  for (const InstructionSet set : kInstructionSets) {
    if (wanted != InstructionSetName(set)) continue;
    if (RunsHere(set)) return set;
    return MakeError(ErrorCode::kUsage, Concat("TOK_ISA=", wanted), "this machine does not run it",
                     Concat("the fastest that it runs is ", InstructionSetName(fastest)));
  }
  return MakeError(ErrorCode::kUsage, Concat("TOK_ISA=", wanted), "no such instruction set",
                   "scalar, avx2, avx512 and neon are known");
}

}  // namespace tok
