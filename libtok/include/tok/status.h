// tok/status.h: how libtok reports errors: absl::Status with a stable code in front of the message.
//
// Model: a message reads `TOK-E012 <place>: <fact>; <remedy>`. The code is part of the API, the text is not.
// Errors: libtok never throws (except std::bad_alloc) and never aborts on input.
// Threads: all functions are pure.
// Example:
//   absl::StatusOr<tok::Tokenizer> t = tok::Tokenizer::Load("x.json");
//   if (!t.ok() && tok::ErrorCodeOf(t.status()) == tok::ErrorCode::kBadFormat) ...
#ifndef TOK_STATUS_H_
#define TOK_STATUS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tok {

// Stable: numbers are never reused. docs/errors.md lists each with its meaning and remedy.
enum class ErrorCode : int {
  kNone = 0,
  kNotFound = 1,             // a file or bundled name does not exist
  kUnreadable = 2,           // exists but cannot be read (permission, a directory, I/O error)
  kWriteFailed = 3,          // output could not be written (disk full, permission)
  kInvalidUtf8 = 10,         // text is not UTF-8 and the policy is `error`
  kSpecialInText = 11,       // a special token occurs in text and the policy is `error`
  kInvalidId = 12,           // an id to decode is not in the vocabulary
  kUnknownToken = 13,        // the model has no token for a piece and no unknown token
  kBadInput = 14,            // input record malformed (JSON line, ids text, .npy header)
  kBadFormat = 20,           // a tokenizer file is malformed (place = file:line or JSON path)
  kBadVocabulary = 21,       // duplicate ids, ids out of range, bad scores
  kUnsupportedFeature = 22,  // well-formed, but asks for something libtok does not do exactly
  kBadMerges = 23,           // merges missing, malformed or naming absent tokens
  kBadPattern = 24,          // a regular expression that cannot be compiled
  kUnknownFormat = 25,       // the file is of no supported kind
  kLossyConversion = 26,     // the target format cannot express the tokenizer
  kLimit = 30,               // a stated limit was exceeded (sizes, depth)
  kPatternLimit = 31,        // a regular expression ran into its stack or time limit
  kUsage = 40,               // an option's value makes no sense (or not with this tokenizer)
  kMismatch = 50,            // a verification found a difference
  kCancelled = 60,           // whoever reads standard output has gone away
  kInterrupted = 61,         // the caller's own progress callback asked to stop
  kInternal = 90,            // a broken invariant of libtok: please report
};

// Builds a Status whose absl code follows from `code`. `place` is a file, `file:line`, JSON path or byte position.
absl::Status MakeError(ErrorCode code, std::string_view place, std::string_view fact,
                       std::string_view remedy = {});

// The code in front of the message; kNone for OK, kInternal for a foreign status.
ErrorCode ErrorCodeOf(const absl::Status& status);

// The same error with `place` put in front of its own place (as when a reader learns the file's name later).
absl::Status AtPlace(std::string_view place, const absl::Status& status);

}  // namespace tok

#endif  // TOK_STATUS_H_
