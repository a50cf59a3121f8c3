// format/directory_config.h: tokenizer_config.json and its companions, read leniently: a model's configuration holds
// much that is no tokenizer's business.
#ifndef TOK_SRC_FORMAT_DIRECTORY_CONFIG_H_
#define TOK_SRC_FORMAT_DIRECTORY_CONFIG_H_

#include <map>
#include <optional>
#include <string>

#include "src/format/tokenizer_json.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct DirectoryConfig {
  std::string tokenizer_class;  // without "Fast"
  std::optional<bool> add_bos_token, add_eos_token, add_prefix_space, clean_up_tokenization_spaces;
  std::optional<bool> do_lower_case, tokenize_chinese_chars, strip_accents;
  std::map<std::string, std::string> special_names;  // "bos_token" -> "<s>"
  TokenizerJsonExtras extras;

  std::string Special(const std::string& role) const;  // empty if not given
};

absl::StatusOr<DirectoryConfig> ReadDirectoryConfig(const std::string& directory);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_DIRECTORY_CONFIG_H_
