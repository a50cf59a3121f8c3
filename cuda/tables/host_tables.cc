#include "cuda/tables/host_tables.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "cuda/tables/merge_tables.h"
#include "src/base/status_macros.h"
#include "src/encode/device_tables.h"

namespace tok::cuda {
namespace {

static_assert(size_t{kMaxMergedBytes} >= kMaxDeviceTokenBytes);

PairTable MakePairs(const MergeTable& merges, size_t n_ids) {
  std::vector<uint32_t> first_use(n_ids, kNothing);  // least rank of the rules that a token is a part of
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left == kNoToken) continue;
    for (const TokenId part : {rule.left, rule.right}) first_use[part] = std::min(first_use[part], rule.rank);
  }
  PairTable pairs(merges.n_rules());
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left == kNoToken) continue;
    const uint32_t flag = first_use[rule.merged] < rule.rank ? kOneAtATime : 0;
    pairs.Insert({rule.left, rule.right, rule.rank, rule.merged | flag});
  }
  return pairs;
}

// Fills the tables of pieces with the vocabulary, and the list of whole tokens with what those may not have.
class Seeding {
 public:
  Seeding(const Tokenizer& tokenizer, const DeviceTables& device, HostTables* tables)
      : vocabulary_(tokenizer.vocabulary()),
        encoder_(*device.model->piece_encoder()),
        scratch_(device.model->MakeScratch()),
        unmerged_(*device.unmerged),
        tables_(*tables) {
    is_unmerged_.resize(vocabulary_.size());
    for (const TokenId id : unmerged_) is_unmerged_[id] = true;
  }

  void Run() {
    for (const TokenId id : tables_.byte_ids)
      Seed(id);  // so that a piece that is missed has two bytes or more
    for (TokenId id = 0; id < vocabulary_.size(); ++id) Seed(id);
    std::vector<TokenId> left;
    for (const TokenId id : unmerged_) {
      if (!IsInTable(vocabulary_.Bytes(id))) left.push_back(id);
    }
    tables_.whole = WholeTokens(left.size());
    for (const TokenId id : left) tables_.whole.Insert(vocabulary_.Bytes(id), id);
  }

 private:
  void Seed(TokenId id) {
    const std::string_view bytes = vocabulary_.Bytes(id);
    if (bytes.empty() || (is_unmerged_[id] && JoinFilter::MayBePart(bytes))) return;
    ids_.clear();
    const PieceEncoder::Piece piece = {bytes, /*is_part=*/false};
    uint32_t end;
    encoder_.EncodeTogether(std::span(&piece, 1), scratch_.get(), &ids_, std::span(&end, 1));
    if (!tables_.pieces.Insert(bytes, ids_)) tables_.longer.Insert(bytes, ids_);
  }
  bool IsInTable(std::string_view bytes) const {
    return tables_.pieces.Find(bytes) != nullptr || tables_.longer.Find(bytes) != nullptr;
  }

  const Vocabulary& vocabulary_;
  const PieceEncoder& encoder_;
  std::unique_ptr<PieceScratch> scratch_;
  const std::vector<TokenId>& unmerged_;
  HostTables& tables_;
  std::vector<bool> is_unmerged_;
  std::vector<TokenId> ids_;
};

void AddAddedTokens(const std::vector<AddedToken>& tokens, HostTables* tables) {
  std::vector<std::string_view> contents;
  for (uint32_t t = 0; t < tokens.size(); ++t) {
    if (tokens[t].content.empty()) continue;
    contents.push_back(tokens[t].content);
    tables->added_tokens.push_back(t);
  }
  const bool look_beside = std::ranges::any_of(
      tokens, [](const AddedToken& token) { return token.lstrip || token.rstrip || token.single_word; });
  const auto is_short = [](std::string_view content) { return content.size() <= size_t{kMaxMergedBytes}; };
  tables->added_are_simple =
      !look_beside && std::ranges::all_of(contents, is_short) && TokenTrie::IsSimple(contents);
  tables->added = TokenTrie(contents);
}

}  // namespace

absl::StatusOr<HostTables> MakeHostTables(const Tokenizer& tokenizer, const TableSizes& sizes) {
  TOK_ASSIGN_OR_RETURN(const DeviceTables device, DeviceTablesOf(tokenizer));
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  HostTables tables{.family = device.family,
                    .chars = CharTable::Make(),
                    .joins = device.joins->words(),
                    .byte_ids = {device.byte_ids.begin(), device.byte_ids.end()},
                    .pairs = MakePairs(*device.merges, vocabulary.size()),
                    .whole = WholeTokens(0),
                    .pieces = PieceTable<16>(sizes.log_pieces),
                    .longer = PieceTable<32>(sizes.log_longer),
                    .added = {},
                    .added_tokens = {},
                    .added_are_simple = true};
  Seeding(tokenizer, device, &tables).Run();
  AddAddedTokens(tokenizer.spec().added_tokens, &tables);
  return tables;
}

}  // namespace tok::cuda
