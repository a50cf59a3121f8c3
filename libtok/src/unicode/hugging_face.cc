#include "src/unicode/hugging_face.h"

namespace tok::hugging_face {
namespace tables {
#include "src/unicode/generated/hugging_face_classes.inc"
}  // namespace tables

namespace {
#include "src/unicode/generated/hugging_face_scripts.inc"
}  // namespace

uint8_t ScriptClass(char32_t c) {
  if (c > 0x10FFFF) return kAnyScript;
  return kHuggingFaceScriptData[static_cast<uint32_t>(kHuggingFaceScriptIndex[c >> tables::kBlockShift])
                                    << tables::kBlockShift |
                                (c & ((1u << tables::kBlockShift) - 1))];
}

}  // namespace tok::hugging_face
