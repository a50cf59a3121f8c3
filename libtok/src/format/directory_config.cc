#include "src/format/directory_config.h"

#include <absl/strings/numbers.h>

#include <algorithm>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/detect.h"
#include "src/format/json_reading.h"

namespace tok {
namespace {

constexpr std::string_view kRoles[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                       "pad_token", "cls_token", "mask_token"};

// A flag that may be absent or null.
absl::Status ReadFlag(const JsonNode& node, std::string_view name, std::optional<bool>* flag) {
  if (!node.HasMember(name) || node.value().at_key(name).is_null()) return absl::OkStatus();
  bool value = false;
  if (node.value().at_key(name).get(value) != simdjson::SUCCESS) {
    return node.Error(ErrorCode::kBadFormat, Concat("has a ", Quoted(name), " that is no boolean"),
                      "correct the file");
  }
  *flag = value;
  return absl::OkStatus();
}

// "<s>" or {"content": "<s>", flags}; nothing for null and for what is neither.
std::optional<AddedToken> ReadToken(simdjson::dom::element element) {
  AddedToken token;
  std::string_view content;
  if (element.get(content) == simdjson::SUCCESS) {
    token.content = content;
    token.special = true;
    return token;
  }
  if (element.at_key("content").get(content) != simdjson::SUCCESS) return std::nullopt;
  token.content = content;
  const auto flag = [&](std::string_view name, bool otherwise) {
    bool value = otherwise;
    return element.at_key(name).get(value) == simdjson::SUCCESS ? value : otherwise;
  };
  token.single_word = flag("single_word", false);
  token.lstrip = flag("lstrip", false);
  token.rstrip = flag("rstrip", false);
  token.special = flag("special", false);
  token.normalized = flag("normalized", !token.special);
  return token;
}

void AddSpecialName(simdjson::dom::element element, const std::string& role, DirectoryConfig* config) {
  std::optional<AddedToken> token = ReadToken(element);
  if (!token || token->content.empty()) return;
  token->special = true;  // named in a role: special whatever its flags say
  if (!role.empty() && !config->special_names.emplace(role, token->content).second) return;
  config->extras.special_names.push_back(*std::move(token));
}

// Roles and additional_special_tokens, in the order transformers adds them.
void ReadSpecialNames(const JsonNode& node, DirectoryConfig* config) {
  for (const std::string_view role : kRoles) {
    simdjson::dom::element element;
    if (node.value().at_key(role).get(element) == simdjson::SUCCESS)
      AddSpecialName(element, std::string(role), config);
  }
  simdjson::dom::array more;
  if (node.value().at_key("additional_special_tokens").get(more) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element element : more) AddSpecialName(element, {}, config);
}

// {"0": {"content": "<s>", flags}, ...}
absl::Status ReadAddedTokensDecoder(const JsonNode& node, std::vector<AddedToken>* tokens) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, node.Object());
  uint64_t ordinal = 0;
  for (const simdjson::dom::key_value_pair member : members) {
    const JsonNode child = node.Child(member.key, ordinal++, member.value);
    std::optional<AddedToken> token = ReadToken(member.value);
    uint32_t id = 0;
    if (!token || !absl::SimpleAtoi(AbslView(member.key), &id) || id > kMaxTokenId) {
      return child.Error(ErrorCode::kBadFormat, "is no added token under its id", "correct the file");
    }
    token->id = id;
    tokens->push_back(*std::move(token));
  }
  std::sort(tokens->begin(), tokens->end(),
            [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  return absl::OkStatus();
}

// {"<pad>": 32000, ...}: the older form, without flags.
absl::Status ReadAddedTokensMap(const JsonNode& node, std::vector<AddedToken>* tokens) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::object members, node.Object());
  uint64_t ordinal = 0;
  for (const simdjson::dom::key_value_pair member : members) {
    TOK_ASSIGN_OR_RETURN(
        const uint64_t id,
        node.Child(member.key, ordinal++, member.value).Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
    AddedToken token;
    token.id = static_cast<TokenId>(id);
    token.content = member.key;
    token.normalized = true;
    tokens->push_back(std::move(token));
  }
  std::sort(tokens->begin(), tokens->end(),
            [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  return absl::OkStatus();
}

absl::Status ReadConfig(const JsonNode& root, DirectoryConfig* config) {
  TOK_RETURN_IF_ERROR(root.Object().status());
  std::string_view tokenizer_class;
  if (root.value().at_key("tokenizer_class").get(tokenizer_class) == simdjson::SUCCESS) {
    if (tokenizer_class.ends_with("Fast")) tokenizer_class.remove_suffix(4);
    config->tokenizer_class = tokenizer_class;
  }
  TOK_RETURN_IF_ERROR(ReadFlag(root, "add_bos_token", &config->add_bos_token));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "add_eos_token", &config->add_eos_token));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "add_prefix_space", &config->add_prefix_space));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "clean_up_tokenization_spaces", &config->clean_up_tokenization_spaces));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "do_lower_case", &config->do_lower_case));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "tokenize_chinese_chars", &config->tokenize_chinese_chars));
  TOK_RETURN_IF_ERROR(ReadFlag(root, "strip_accents", &config->strip_accents));
  ReadSpecialNames(root, config);
  return absl::OkStatus();
}

// Parses `name` of the directory if it is there and hands its root to `read`.
absl::Status WithCompanion(const std::string& directory, std::string_view name,
                           const std::function<absl::Status(const JsonNode& root)>& read) {
  const std::string path = JoinPath(directory, name);
  if (!FileExists(path)) return absl::OkStatus();
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<JsonDocument> document, JsonDocument::Parse(bytes, path));
  const JsonNode root = document->root();
  return read(root);
}

}  // namespace

std::string DirectoryConfig::Special(const std::string& role) const {
  const auto found = special_names.find(role);
  return found == special_names.end() ? std::string() : found->second;
}

absl::StatusOr<DirectoryConfig> ReadDirectoryConfig(const std::string& directory) {
  DirectoryConfig config;
  bool has_decoder = false;
  const auto read_config = [&](const JsonNode& root) -> absl::Status {
    TOK_RETURN_IF_ERROR(ReadConfig(root, &config));
    simdjson::dom::element decoder;
    if (root.value().at_key("added_tokens_decoder").get(decoder) != simdjson::SUCCESS)
      return absl::OkStatus();
    has_decoder = true;
    return ReadAddedTokensDecoder(root.Child("added_tokens_decoder", 0, decoder),
                                  &config.extras.added_tokens);
  };
  const auto read_special_names = [&](const JsonNode& root) {
    ReadSpecialNames(root, &config);
    return root.Object().status();
  };
  const auto read_added_tokens = [&](const JsonNode& root) {
    return ReadAddedTokensMap(root, &config.extras.added_tokens);
  };
  TOK_RETURN_IF_ERROR(WithCompanion(directory, "tokenizer_config.json", read_config));
  if (has_decoder) return config;
  TOK_RETURN_IF_ERROR(WithCompanion(directory, "special_tokens_map.json", read_special_names));
  TOK_RETURN_IF_ERROR(WithCompanion(directory, "added_tokens.json", read_added_tokens));
  return config;
}

}  // namespace tok
