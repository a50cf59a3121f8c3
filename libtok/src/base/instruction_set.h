// base/instruction_set.h: which vector instructions hand-written code uses.
//
// Model: the fastest that the machine runs, unless the environment variable TOK_ISA names one: "scalar", "avx2", "avx512"
// or "neon". It is there for tests, which hold every one equal to the definition, and to find out whether a fault lies in
// vector code. It is read whenever a tokenizer is made; one that is made keeps what was chosen.
// Not forced: what the compiler (MergeLanes) or a library (simdjson's UTF-8 check) chooses for itself.
// Threads: as safe as getenv: nobody may set variables meanwhile.
#ifndef TOK_SRC_BASE_INSTRUCTION_SET_H_
#define TOK_SRC_BASE_INSTRUCTION_SET_H_

#include <cstdint>
#include <string_view>

#include "tok/status.h"

namespace tok {

// Of those that a machine runs the last is the fastest.
enum class InstructionSet : uint8_t {
  kScalar,
  kAvx2,    // with BMI2
  kAvx512,  // BW, VL and VBMI2 (Ice Lake, Zen 4)
  kNeon,    // Advanced SIMD, of every 64-bit ARM
};

inline constexpr InstructionSet kInstructionSets[] = {InstructionSet::kScalar, InstructionSet::kAvx2,
                                                      InstructionSet::kAvx512, InstructionSet::kNeon};

// As TOK_ISA spells it.
std::string_view InstructionSetName(InstructionSet set);

bool RunsHere(InstructionSet set);

// Errors: TOK-E040 if TOK_ISA names none of them, or one that this machine does not run.
absl::StatusOr<InstructionSet> ChosenInstructionSet();

}  // namespace tok

#endif  // TOK_SRC_BASE_INSTRUCTION_SET_H_
