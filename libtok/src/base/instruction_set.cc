#include "src/base/instruction_set.h"

#include <cstdlib>

#include "src/base/strings.h"

namespace tok {

std::string_view InstructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::kScalar: return "scalar";
    case InstructionSet::kAvx2: return "avx2";
    case InstructionSet::kAvx512: return "avx512";
  }
  return "";
}

bool RunsHere(InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::kScalar: return true;
    case InstructionSet::kAvx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    case InstructionSet::kAvx512:
      return RunsHere(InstructionSet::kAvx2) && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
  }
  return false;
#else
  return set == InstructionSet::kScalar;
#endif
}

absl::StatusOr<InstructionSet> ChosenInstructionSet() {
  const char* variable = std::getenv("TOK_ISA");
  const std::string_view wanted = variable == nullptr ? "" : variable;
  InstructionSet fastest = InstructionSet::kScalar;
  for (const InstructionSet set : kInstructionSets) {
    if (wanted == InstructionSetName(set)) {
      if (RunsHere(set)) return set;
      return MakeError(ErrorCode::kUsage, Concat("TOK_ISA=", wanted), "this machine does not run it",
                       Concat("it runs ", InstructionSetName(fastest)));
    }
    if (RunsHere(set)) fastest = set;
  }
  if (wanted.empty()) return fastest;
  return MakeError(ErrorCode::kUsage, Concat("TOK_ISA=", wanted), "no such instruction set",
                   "scalar, avx2 and avx512 are known");
}

}  // namespace tok
