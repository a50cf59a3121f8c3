// tests/unit/base/chosen_instruction_set.h: what tokenizers made meanwhile use: TOK_ISA, for as long as this lives.
#ifndef TOK_TESTS_UNIT_BASE_CHOSEN_INSTRUCTION_SET_H_
#define TOK_TESTS_UNIT_BASE_CHOSEN_INSTRUCTION_SET_H_

#include <stdlib.h>  // setenv

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/instruction_set.h"

namespace tok {

class ChosenForNow {
 public:
  explicit ChosenForNow(std::string_view name) {
    if (const char* before = std::getenv(kName)) before_ = before;
    setenv(kName, std::string(name).c_str(), /*overwrite=*/1);
  }
  explicit ChosenForNow(InstructionSet set) : ChosenForNow(InstructionSetName(set)) {}
  ~ChosenForNow() {
    if (before_.has_value()) {
      setenv(kName, before_->c_str(), /*overwrite=*/1);
    } else {
      unsetenv(kName);
    }
  }
  ChosenForNow(const ChosenForNow&) = delete;
  ChosenForNow& operator=(const ChosenForNow&) = delete;

 private:
  static constexpr const char* kName = "TOK_ISA";
  std::optional<std::string> before_;
};

// Those that this machine runs.
inline std::vector<InstructionSet> InstructionSetsHere() {
  std::vector<InstructionSet> sets;
  for (const InstructionSet set : kInstructionSets) {
    if (RunsHere(set)) sets.push_back(set);
  }
  return sets;
}

// Those among them that are held equal to the definition, which is the scalar one.
inline std::vector<InstructionSet> VectorSetsHere() {
  std::vector<InstructionSet> sets = InstructionSetsHere();
  std::erase(sets, InstructionSet::kScalar);
  return sets;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_BASE_CHOSEN_INSTRUCTION_SET_H_
