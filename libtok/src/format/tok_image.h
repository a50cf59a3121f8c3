// format/tok_image.h: the frozen image of a tokenizer: everything ready to use, mapped instead of parsed.
//
// Sections: spec (spec_archive.h), vocabulary arrays with their hash table, and for BPE the finished merge table, the
// rules of byte pairs, the filter of joins and the tokens that merging does not reach. All but the first two are derived: an
// image without them still loads.
// Errors: as base/image.h.
#ifndef TOK_SRC_FORMAT_TOK_IMAGE_H_
#define TOK_SRC_FORMAT_TOK_IMAGE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/image.h"
#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct FrozenTokenizer {
  TokenizerSpec spec;
  ReadyBpeTables bpe;
};

// For those who add sections of their own.
ImageWriter ImageOf(const TokenizerSpec& spec, const ModelTables& tables = {});
std::string SerializeImage(const TokenizerSpec& spec, const ModelTables& tables = {});
// `owner` keeps `bytes` alive for as long as anything made of them is.
absl::StatusOr<FrozenTokenizer> ParseImage(std::string_view bytes, std::shared_ptr<const void> owner);
absl::StatusOr<FrozenTokenizer> ReadImage(const std::string& path);

// A bundled encoding: its image where the build made one, else its ranks, without merges.
absl::StatusOr<FrozenTokenizer> ReadFrozenBundled(std::string_view name);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_TOK_IMAGE_H_
